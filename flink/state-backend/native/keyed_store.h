// The keyed state of one operator instance of Flink: an instance of Gemini with a table for each
// state, whose keys are Flink's composite keys without the key group in front.
//
// All calls that take a Key are of one thread, the task's, which has the exchange to itself: the
// key's bytes stand at its begin, what belongs to it behind them. A lookup that is pending is
// waited for. An instance of Gemini has one owner; here that is whoever holds the lock, so that a
// snapshot goes on in its own thread while the task has nothing to do. So cuts and queries are
// thread-safe, and so is closing, after which every call fails. Memory goes with the last who holds
// the store, one of its cuts, or a scan of these.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/memory_charge.h"
#include "base/status.h"
#include "flink/state-backend/native/exchange.h"
#include "flink/state-backend/native/group_hash.h"
#include "flink/state-backend/native/process_pool.h"
#include "flink/state-backend/native/request_batch.h"
#include "flink/state-backend/native/slot_memory.h"
#include "flink/state-backend/native/wake_signal.h"
#include "gemini/store/store.h"

namespace castor::flink {

// State as it was at a moment: complete, when all that had changed is in runs.
class StateCut {
 private:
  friend class KeyedStore;
  std::optional<Result<gemini::LiveCheckpoint>> result_;  // under the store's lock
  bool given_up_ = false;
};

class KeyedStore {
 public:
  struct Options {
    std::string directory;  // which is there, and for this instance alone
    uint32_t key_groups = 0;
    uint32_t first_group = 0;
    uint32_t last_group = 0;
    std::shared_ptr<SlotMemory> memory;
    std::vector<gemini::Checkpoint> restored = {};  // of all instances before, files where they are
  };
  static Result<std::shared_ptr<KeyedStore>> Open(const Options& options);
  ~KeyedStore();

  // Of one state: a value, entries by user key, or elements in their order; or timers.
  enum class Kind : uint8_t { kValue = 0, kMap = 1, kList = 2, kTimers = 3 };
  // The table's number in calls. kIncompatible: there is one of that name and another kind.
  Result<uint32_t> AddTable(const std::string& name, Kind kind);

  // What is written from now on expires so long after the time that stands in front of a value, in
  // Flink's order of bytes, or is given with elements; 0: never. What has expired goes in the
  // background, by the latest time that has been told, and is given out until then.
  Status SetTtl(uint32_t table, int64_t ttl_ms);
  // In milliseconds; an earlier one than before is left.
  void TellTime(int64_t now);

  Exchange& exchange() { return exchange_; }

  struct Key {
    uint32_t table;
    uint32_t group;
    uint32_t bytes;  // at the exchange's begin
  };
  static constexpr int64_t kAbsent = -1;

  // The value's size, the value being in the exchange.
  Result<int64_t> Get(Key key);
  // The value stands behind the key.
  Status Put(Key key, uint32_t value_bytes);
  Status Remove(Key key);

  // Of maps: the user key stands behind the key, then the value.
  Result<int64_t> GetEntry(Key key, uint32_t user_key_bytes);
  Status PutEntry(Key key, uint32_t user_key_bytes, uint32_t value_bytes);
  Status RemoveEntry(Key key, uint32_t user_key_bytes);
  // All entries, each as size of user key and value (u32, as the machine has it) and their bytes.
  // The size of all.
  Result<int64_t> Entries(Key key);

  // Of lists: what stands behind the key is appended. `time`: of the latest element.
  Status Append(Key key, uint32_t bytes, int64_t time);
  // What has been appended, in its order, with commas between, or kAbsent.
  Result<int64_t> Elements(Key key);

  // Of maps and lists.
  Result<bool> HasEntries(Key key);
  Status Clear(Key key);

  // Timers, which are bytes that begin with their time, as Flink's serializer writes it:
  // big-endian, the sign flipped. Shorter ones go as if zeros followed. Numbers here are
  // big-endian, too. Of several changes in the exchange each is key group (u32), size (i32,
  // negative: it is removed, and its size is the complement) and the timer. kInternal, with the
  // changes in front done, for one that is cut short.
  Status ChangeTimers(uint32_t table, uint32_t bytes);
  // Takes the earliest, at most so many. In the exchange: a time (i64), before which there are no
  // others; whether there may be others (i32, 0: certainly not); then the size (i32) and bytes of
  // each in their order.
  Result<int64_t> PopTimers(uint32_t table, size_t most);

  // All requests of the batch's message, which are in its first bytes: those of a table in their
  // order. The size of the answers. Of any thread, but a batch of one at a time; while another one
  // is at it, this waits. After an error it is not known which have been done.
  Result<int64_t> Run(RequestBatch* batch, size_t message_bytes);

  // What a key has, as Get, Entries or Elements put it, or nothing. The exchange is left alone: of
  // any thread.
  Result<std::optional<std::string>> Query(uint32_t table, uint32_t group, std::string_view key);

  // All that has been done until now. If there is a cut on its way that is completed first.
  Result<std::shared_ptr<StateCut>> StartCut();
  // Blocks until it is complete. `by_owner`: in the task's thread, which has nothing else to do.
  Status AwaitCut(StateCut* cut, bool by_owner);
  void GiveUp(StateCut* cut);
  // Of a complete cut.
  Result<gemini::LiveCheckpoint> CheckpointOf(const StateCut& cut) const;

  // Does not wait for calls of the task, nor these for it.
  void Close() {
    closed_.store(true, std::memory_order_relaxed);
    signal_->Wake();
  }

 private:
  struct Table {
    std::string name;
    Kind kind;
    gemini::RecordTable* records = nullptr;
    gemini::EntryTable* entries = nullptr;
    gemini::TimerTable* timers = nullptr;
    int64_t ttl_ms = 0;
  };

  explicit KeyedStore(const Options& options);

  // kCancelled if the store is closed; kInternal for a table of another kind.
  Result<const Table*> Find(Key key, Kind kind) const;
  // Points keys_ at the key in the exchange.
  const gemini::Keys& Address(Key key);
  // A lookup that may be pending, until it is not. What it has to read is read by this thread,
  // which would only wait.
  template <typename Lookup>
  Status Await(const Lookup& lookup);
  // What a pending lookup has asked for. Whether there was anything.
  bool RunReads();
  // When what is written has been made, as it says behind so many bytes, if the table has a TTL.
  int64_t TimeOf(const Table& table, std::string_view value, size_t offset);
  static void SetBlob(const Table& table, std::byte* payload, std::string_view value);

  // Requests of one kind and table, as Gemini takes them.
  struct Together {
    std::string key_bytes;
    std::vector<uint32_t> offsets;
    std::vector<int32_t> hashes;
    std::vector<int32_t> rows;
    std::vector<std::string_view> user_keys;
    std::vector<std::byte*> payloads;
    gemini::Keys keys;
    // The bytes of all.
    size_t Gather(const std::vector<Request>& requests, std::span<const uint32_t> numbers,
                  const GroupHash& hash);
  };
  Result<const Table*> TableOf(const Request& request) const;
  int64_t TimeOf(const Table& table, const Request& request);
  Status RunTogether(const Table& table, RequestKind kind, int64_t time,
                     std::span<const uint32_t> numbers, RequestBatch* batch);
  void AnswerWalks(const Table& table, RequestKind kind, std::span<const uint32_t> numbers,
                   RequestBatch* batch);
  // Ends an access that has written so many bytes.
  void Done(size_t written);
  void Upkeep();
  gemini::Store::Work Turn();
  Result<int64_t> Reply(std::string_view bytes);
  template <typename Visit>
  void WalkLocated(const Table& table, uint64_t handle, const Visit& visit);
  template <typename Visit>
  Status Walk(const Table& table, const gemini::Keys& keys, const Visit& visit);
  // All until the store is released. `extend` gives room for so many bytes more of the answer.
  template <typename Extend>
  Status ReadEntries(const Table& table, const gemini::Keys& keys, const Extend& extend);
  template <typename Extend>
  Status ReadElements(const Table& table, const gemini::Keys& keys, const Extend& extend);
  // nullptr: there is no value.
  Status ReadValue(const Table& table, const gemini::Keys& keys, std::byte** payload);

  const std::shared_ptr<WakeSignal> signal_;
  const std::shared_ptr<IoPool> pool_;
  const std::shared_ptr<SlotMemory> memory_;
  const GroupHash hash_;
  std::atomic<bool> closed_{false};

  mutable std::mutex mutex_;                  // of all below but the exchange and scratch
  std::vector<std::function<void()>> reads_;  // that a lookup has asked for
  std::unique_ptr<gemini::Store> store_;
  MemoryCharge charge_;
  std::vector<Table> tables_;
  std::shared_ptr<StateCut> cut_;      // on its way
  size_t accesses_ = 0, written_ = 0;  // since the last upkeep
  int64_t now_ = 0;                    // as far as it has been told

  Exchange exchange_;
  gemini::Keys keys_;
  uint32_t offsets_[2] = {0, 0};
  int32_t hash_of_key_ = 0;
  std::vector<uint64_t> handles_;
  std::vector<gemini::EntryView> page_;
  gemini::TimerPage due_;
  Together together_;
};

template <typename Lookup>
Status KeyedStore::Await(const Lookup& lookup) {
  CASTOR_ASSIGN_OR_RETURN(gemini::Readiness found, lookup());
  while (found == gemini::Readiness::kPending) {
    if (RunReads()) {
      CASTOR_ASSIGN_OR_RETURN(found, lookup());
      continue;
    }
    const uint64_t seen = signal_->Seen();
    CASTOR_ASSIGN_OR_RETURN(found, lookup());
    if (found == gemini::Readiness::kPending && reads_.empty()) signal_->WaitBeyond(seen);
  }
  return Status::OK();
}

// The number of a state's table in runs.
uint32_t TableNumberOf(std::string_view name);

}  // namespace castor::flink
