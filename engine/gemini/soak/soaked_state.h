// One instance under load that knows what it should hold.
//
// What a record holds follows from its number and how often it has been written; the latter is the
// model, four bytes a record, taken before the load begins. A batch that is pending is repeated by
// the next Step. Not thread-safe: one owner.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "gemini/memory/test_keys.h"
#include "gemini/soak/kept_checkpoint.h"
#include "gemini/store/store.h"

namespace castor::gemini {

class SoakedState {
 public:
  // Records by their key, as entries of maps, or as records of windows.
  enum class Kind : uint8_t { kKeys, kMaps, kWindows };
  static constexpr uint32_t kRecords = 16'000;

  // `kept`, which outlives the state, is where it goes on from, and gets its checkpoints.
  SoakedState(Kind kind, uint32_t seed, StoreOptions options, KeptCheckpoint* kept);

  // Begins a batch if none is at hand, and goes on with it. False: it is pending, or nothing may be
  // added now.
  bool Step();
  // The same for the next part of all records, which are only read. False: all have been.
  bool CheckNext();
  bool idle() const { return batch_.empty(); }
  Store::Work Maintain();
  // Starts a checkpoint, unless one is on its way.
  void Checkpoint();

  // Empty: all was as it should be so far.
  const std::string& failure() const { return failure_; }
  uint64_t records_done() const { return done_; }
  uint64_t checkpoints() const { return checkpoints_; }
  StoreStats stats() const { return store_ != nullptr ? store_->stats() : StoreStats{}; }

 private:
  enum class Act : uint8_t { kWrite, kRead, kErase, kWalk };
  static constexpr uint32_t kOfGroup = 200;  // records of a map or window
  static constexpr uint32_t kBatch = 200;

  Status Open(StoreOptions options);
  void TakeCheckpoint();
  void Begin();
  void Take(Act act, std::vector<uint32_t> records);
  Result<Readiness> Go();
  Result<Readiness> Access();
  Result<Readiness> Walk();
  void Erase();
  void Written(uint32_t record, std::byte* payload);
  void Check(uint32_t record, const std::byte* payload);
  void CheckWalked(const std::vector<EntryView>& page);
  void EndWalk();
  std::string TextOf(uint32_t record) const;
  EntryKeys Entries(const Keys& maps) const { return {maps, rows_, user_keys_}; }
  void Fail(std::string what);

  const Kind kind_;
  const uint32_t seed_;
  KeptCheckpoint* const kept_;
  std::mt19937 random_;
  std::unique_ptr<Store> store_;
  RecordTable* records_ = nullptr;
  EntryTable* entries_ = nullptr;
  std::vector<uint32_t> versions_;  // the model; 0: there is no such record
  std::vector<uint32_t> versions_at_cut_;

  // The batch at hand.
  Act act_ = Act::kRead;
  std::vector<uint32_t> batch_;  // numbers of records; of a walk the first of its group
  NumberKeys keys_;              // of records, or of their maps
  std::vector<int32_t> rows_;
  std::vector<std::string_view> user_keys_;
  std::vector<int64_t> windows_;
  uint64_t cursor_ = 0;
  uint32_t walked_ = 0;

  uint32_t next_in_order_ = 0, next_checked_ = 0;
  bool checkpointing_ = false;
  std::optional<LiveCheckpoint> last_;  // complete one
  uint64_t done_ = 0, checkpoints_ = 0;
  std::string failure_;
};

}  // namespace castor::gemini
