// How a RecordTable grows: bit by bit, so that no batch waits for millions of records, nor for the
// memory of a large directory, whose pages the system fills with zeros when they are first touched.
// Where there is no memory for a directory twice as large, the one that is there fills up instead.
#include <algorithm>
#include <array>

#include "state/record_table.h"

namespace castor::state {
namespace {

constexpr uint64_t kMinSlots = 64;
// A directory of this size is made anew at once, in some 50 microseconds.
constexpr uint64_t kGrowAtOnce = 4096;
// Moved per record that is looked up while a table grows: just enough to be done before it grows
// again, even if every lookup makes a record. More would only make rows wait meanwhile.
constexpr int64_t kMovesPerLookup = 2;
// A directory of so many bytes is made ready beforehand.
constexpr uint64_t kPreparedBytes = 4 * SegmentPool::kHugeBlock;

}  // namespace

void RecordTable::Reserve(int64_t more) {
  const auto wanted = static_cast<uint64_t>(size_ + more);
  const uint64_t slots = directory_.size();
  if (wanted * 8 <= slots * 5) return Prepare(wanted);
  // Room for a batch of unknown keys is no reason to grow fourfold: most batches bring few new
  // ones.
  uint64_t target = std::max(kMinSlots, slots * 2);
  while (wanted * 8 > target * 5) target *= 2;
  const bool must = wanted * 16 > slots * 15;
  if (next_.size() != target) {
    Free(&next_);
    next_ = must ? MakeDirectory(target) : TryMakeDirectory(target);
  }
  if (next_.slots != nullptr) Grow();
}

// From 9/16 of the slots on, pages are touched in step with the records, all by 10/16.
void RecordTable::Prepare(uint64_t wanted) {
  const uint64_t slots = directory_.size();
  const uint64_t bytes = slots * 2 * sizeof(uint64_t);
  if (bytes < kPreparedBytes || wanted * 16 <= slots * 9) return;
  if (next_.slots == nullptr) {
    next_ = TryMakeDirectory(slots * 2);
    prepared_ = 0;
    if (next_.slots == nullptr) return;
  }
  const uint64_t due = bytes / slots * (wanted * 16 - slots * 9);
  for (; prepared_ < due; prepared_ += SegmentPool::kHugeBlock) {
    *static_cast<volatile uint64_t*>(next_.slots + prepared_ / sizeof(uint64_t)) = 0;
  }
}

RecordTable::Directory RecordTable::MakeDirectory(uint64_t slots) {
  return {reinterpret_cast<uint64_t*>(pool_->AllocateZeroed(slots * sizeof(uint64_t))), slots - 1};
}

RecordTable::Directory RecordTable::TryMakeDirectory(uint64_t slots) {
  std::byte* made = pool_->TryAllocateZeroed(slots * sizeof(uint64_t));
  if (made == nullptr) return {};
  return {reinterpret_cast<uint64_t*>(made), slots - 1};
}

void RecordTable::Grow() {
  if (old_.slots != nullptr) Move(INT64_MAX);
  old_ = directory_;
  directory_ = std::exchange(next_, {});
  move_cursor_ = 0;
  if (old_.size() <= kGrowAtOnce) Move(INT64_MAX);
}

void RecordTable::MoveFor(int64_t lookups) { Move(kMovesPerLookup * lookups); }

// Records are read in the order of their memory, but their slots lie anywhere: group by group, so
// that the slots' cache lines come together.
void RecordTable::Move(int64_t records) {
  constexpr int64_t kGroup = 64;
  std::array<const std::byte*, kGroup> group;
  while (records > 0) {
    const int64_t wanted = std::min(records, kGroup);
    int64_t count = 0;
    for (; count < wanted; ++count) {
      const std::byte* payload = Next(&move_cursor_);
      if (payload == nullptr) break;
      group[static_cast<size_t>(count)] = payload;
      __builtin_prefetch(&directory_.home(HeaderOf(payload)->hash), 1);
    }
    for (int64_t i = 0; i < count; ++i) MoveOne(group[static_cast<size_t>(i)]);
    if (count < wanted) return Free(&old_);
    records -= count;
  }
}

void RecordTable::MoveOne(const std::byte* payload) {
  const uint32_t hash = HeaderOf(payload)->hash;
  const uint64_t slot = MakeSlot(hash, payload - sizeof(Header));
  uint64_t index = Mix(hash) & directory_.mask;
  // It may be there already, because it is new or was looked up.
  while (directory_.slots[index] != 0 && directory_.slots[index] != slot) {
    index = (index + 1) & directory_.mask;
  }
  directory_.slots[index] = slot;
}

void RecordTable::Free(Directory* directory) {
  if (directory->slots != nullptr) {
    pool_->Free(reinterpret_cast<std::byte*>(directory->slots),
                directory->size() * sizeof(uint64_t));
  }
  *directory = {};
}

}  // namespace castor::state
