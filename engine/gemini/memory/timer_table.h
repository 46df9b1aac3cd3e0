// Timers of (key, namespace) at a time, as far as they are in memory: registered once each, popped
// in the order of time.
//
// Timers of a stretch of time are a *bucket*, which is a partition of the table in runs. Far
// buckets are bare lists, from which records may leave for runs; the near one, the earliest, is
// made a heap when it is asked for, and read back before (`cold`). A bucket whose last timer has
// gone is dropped, and its sections in runs are not looked at any more: timers that have fired
// leave nothing behind. Dropping takes constant time: the deletions in the bucket are freed a slice
// at a time, and count for nothing but the cut on its way when it was dropped. Registering never
// reads.
//
// Not thread-safe: the owner's thread alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gemini/memory/record.h"
#include "gemini/memory/record_index.h"
#include "gemini/memory/record_owner.h"
#include "gemini/memory/views.h"
#include "gemini/run/run_format.h"

namespace castor::gemini {

class MemoryTier;

struct TimerTableOptions {
  uint32_t table = 0;          // of its sections in runs
  int64_t bucket_ms = 60'000;  // of one bucket; the same at restore
  std::string name;            // told in errors
};

class TimerTable final : public RecordOwner {
 public:
  static constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

  // By MemoryTier::AddTimerTable.
  TimerTable(MemoryTier* tier, uint16_t number, TimerTableOptions options);

  void Register(const TimerView& timer);
  // False: memory says nothing of the timer, but runs may hold it.
  bool Delete(const TimerView& timer);
  // Deletes what runs hold of a timer of which memory says nothing.
  void DeleteStored(const TimerView& timer);

  // No timer is earlier; kNever if there is none. It is that of a timer unless the earliest bucket
  // is cold.
  int64_t NextTime();
  // Appends to `*page` until it has `most` timers those of up to `until`, the earliest first, and
  // removes them. A bucket that has to be loaded before any more are popped is given in
  // `*cold_bucket`, and false returned.
  bool PopDue(int64_t until, size_t most, TimerPage* page, int64_t* cold_bucket);

  // Runs hold timers of this bucket.
  void AddColdBucket(int64_t bucket);
  // Puts what runs say into memory, unless that knows better; then the bucket is not cold.
  void Load(const TimerView& timer);
  void Loaded(int64_t bucket);

  // Buckets of which runs may hold sections, which have been dropped since the last call.
  std::vector<int64_t> TakeDropped() { return std::exchange(dropped_, {}); }

  int64_t BucketOf(int64_t time) const;
  // The user key of a timer in runs: the time, so that its bytes are in order, and the namespace.
  static std::string UserKey(const TimerView& timer);
  // False: it is none.
  static bool ParseUserKey(std::string_view user_key, TimerView* timer);

  const TimerTableOptions& options() const { return options_; }
  size_t size() const { return live_; }  // in memory
  // Certain that there are none, in memory or in runs. Else it may be that all have been removed.
  bool empty() const { return buckets_.empty(); }
  int64_t index_bytes() const override {
    return index_.byte_size() + static_cast<int64_t>(live_ * sizeof(Item));
  }
  void SetDense(bool dense) override { index_.SetDense(dense); }

 private:
  // Where a record is: among the items of its bucket, or among the deletions. kForgotten: among
  // either of a dropped bucket, and not in the index.
  enum class Where : uint32_t { kQueued, kGone, kForgotten };
  // The payload of a record; its key is user key and key.
  struct Info {
    uint32_t key_hash;
    uint32_t user_key_bytes;
    uint32_t place;  // in one of the two, but in a heap
    Where where : 2;
    uint32_t bucket : 30;  // its number
  };
  static_assert(sizeof(Info) == 16);
  static constexpr size_t kKeyOffset = sizeof(RecordHeader) + sizeof(Info);

  struct Item {
    int64_t time;
    std::byte* record;
  };
  struct Bucket {
    std::vector<Item> items;       // in no order, or a heap with records that were deleted
    std::vector<std::byte*> gone;  // deletions that runs may have to hear of
    size_t live = 0;
    uint32_t number = 0;  // in the order of making them; of its time there may be several in turn
    uint32_t cut = 0;     // on its way when it was dropped, if any
    bool heaped = false;
    bool cold = false;    // runs hold timers of it that memory does not
    bool stored = false;  // runs may hold anything of it
  };
  using Buckets = std::map<int64_t, Bucket>;

  static Info* InfoOf(std::byte* record) {
    return reinterpret_cast<Info*>(record + sizeof(RecordHeader));
  }
  static TimerView ViewOf(std::byte* record);
  static int64_t TimeOf(std::byte* record) { return ViewOf(record).time; }
  Buckets::iterator BucketAt(int64_t time);
  Bucket* MakeBucket(int64_t bucket);
  // nullptr: it has been dropped.
  Bucket* BucketOfRecord(std::byte* record);
  // It has been dropped, and the cut on its way, if any, need not know of its records.
  bool Outdated(std::byte* record) const;
  // Puts bytes of the record into scratch_; its hash.
  uint32_t Compose(const TimerView& timer);
  uint64_t Locate(const TimerView& timer, uint32_t hash);
  std::byte* Add(const TimerView& timer, uint64_t position, uint32_t hash, uint8_t flags);
  void Forget(std::byte* record);
  void Enqueue(Bucket* bucket, std::byte* record, int64_t time);
  // From the list that it is in.
  void TakeOut(Bucket* bucket, std::byte* record);
  static std::byte* PopFirst(Bucket* bucket);
  void MarkDeleted(std::byte* record);
  // What becomes of a deleted record that is in no list.
  void BeGone(Bucket* bucket, std::byte* record);
  void MakeHeap(Bucket* bucket);
  void Purge(Bucket* bucket);
  void DropIfEmpty(Buckets::iterator bucket);
  void Free(std::byte* record);

  // For the tier.
  void Save(std::byte* record, EntryBuffer* buffer) override;
  std::byte* SavedBefore(std::byte*) override { return nullptr; }
  void Evict(std::byte* record) override;
  bool Move(std::byte* record) override;
  void Tidy(std::byte* record, int64_t now, bool in_flight) override;
  bool FreeSome(size_t records) override;

  MemoryTier* const tier_;
  const uint16_t number_;
  const TimerTableOptions options_;
  RecordIndex index_;
  Buckets buckets_;
  Buckets::iterator recent_;  // that was registered in last
  uint32_t next_number_ = 0;
  std::map<uint32_t, Bucket> freeing_;  // dropped buckets with records, by number
  std::vector<int64_t> dropped_;
  size_t live_ = 0;
  std::string scratch_;
};

}  // namespace castor::gemini
