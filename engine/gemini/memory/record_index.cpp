#include "gemini/memory/record_index.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <utility>

#include "base/memory.h"
#include "gemini/memory/chunk_pool.h"

namespace castor::gemini {
namespace {

constexpr uint64_t kMinSlots = 64;
// A directory of this size is made anew at once.
constexpr uint64_t kGrowAtOnce = 4096;
// Slots moved per record located while the index grows. A directory of n slots starts to grow with
// 5/8 n records and ends before as many more have come.
constexpr uint64_t kMovesPerLookup = 4;
// How far ahead records are fetched whose hashes are needed to move them.
constexpr uint64_t kAhead = 16;
constexpr uint64_t kHugeBytes = uint64_t{2} << 20;
// A directory of so many bytes is made ready beforehand.
constexpr uint64_t kPreparedBytes = 4 * kHugeBytes;

}  // namespace

RecordIndex::~RecordIndex() {
  Free(&directory_);
  Free(&old_);
  Free(&next_);
}

RecordIndex::Directory RecordIndex::Allocate(uint64_t slots) {
  const uint64_t bytes = slots * sizeof(uint64_t);
  void* memory;
  if (bytes >= kHugeBytes) {
    memory = MapAligned(bytes, kHugeBytes);
    ::madvise(memory, bytes, MADV_HUGEPAGE);
  } else {
    memory = std::calloc(slots, sizeof(uint64_t));
    if (memory == nullptr) throw std::bad_alloc();
  }
  MemoryAccount::State().Charge(static_cast<int64_t>(bytes));
  return {static_cast<uint64_t*>(memory), slots - 1};
}

void RecordIndex::Free(Directory* directory) {
  if (directory->slots == nullptr) return;
  const uint64_t bytes = directory->size() * sizeof(uint64_t);
  if (bytes >= kHugeBytes) {
    ::munmap(directory->slots, bytes);
  } else {
    std::free(directory->slots);
  }
  MemoryAccount::State().Release(static_cast<int64_t>(bytes));
  *directory = {};
}

int64_t RecordIndex::byte_size() const {
  return static_cast<int64_t>((directory_.size() + old_.size() + next_.size()) * sizeof(uint64_t));
}

void RecordIndex::Reserve(size_t more) {
  if (old_.slots != nullptr) Move(kMovesPerLookup * more);
  const uint64_t wanted = size_ + more;
  if (HasRoomFor(wanted, directory_.size())) {
    return IsTooLarge() ? Resize(directory_.size() / 2) : Prepare(wanted);
  }
  uint64_t target = std::max(kMinSlots, directory_.size());
  while (!HasRoomFor(wanted, target)) target *= 2;
  Resize(target);
}

// A directory that had grown before memory was scarce. One of half its slots is to have room, too.
bool RecordIndex::IsTooLarge() const {
  return dense_ && old_.slots == nullptr && directory_.size() > kGrowAtOnce &&
         size_ * 16 <= directory_.size() * 5;
}

// From 9/16 of the slots on, pages are touched in step with the records, all by 10/16.
void RecordIndex::Prepare(uint64_t wanted) {
  if (dense_) return Free(&next_);
  const uint64_t slots = directory_.size();
  const uint64_t bytes = slots * 2 * sizeof(uint64_t);
  if (bytes < kPreparedBytes || wanted * 16 <= slots * 9) return;
  if (next_.slots == nullptr) {
    next_ = Allocate(slots * 2);
    prepared_ = 0;
  }
  const uint64_t due = bytes / slots * (wanted * 16 - slots * 9);
  for (; prepared_ < due; prepared_ += kHugeBytes) {
    *static_cast<volatile uint64_t*>(next_.slots + prepared_ / sizeof(uint64_t)) = 0;
  }
}

void RecordIndex::Resize(uint64_t slots) {
  if (old_.slots != nullptr) Move(UINT64_MAX);
  if (next_.size() != slots) {
    Free(&next_);
    next_ = Allocate(slots);
  }
  old_ = directory_;
  directory_ = std::exchange(next_, {});
  move_cursor_ = 0;
  if (old_.size() <= kGrowAtOnce) Move(UINT64_MAX);
}

void RecordIndex::Move(uint64_t slots) {
  const uint64_t end = move_cursor_ + std::min(slots, old_.size() - move_cursor_);
  for (; move_cursor_ < end; ++move_cursor_) {
    if (const uint64_t ahead = move_cursor_ + kAhead; ahead < old_.size()) {
      __builtin_prefetch(RecordOf(old_.slots[ahead]));
    }
    const uint64_t slot = old_.slots[move_cursor_];
    if (slot == 0 || slot == kGone) continue;
    // It may be there already, because it was looked up.
    const std::byte* record = RecordOf(slot);
    directory_.slots[ProbeRecord(directory_, HeaderOf(record)->hash, record)] = slot;
  }
  if (move_cursor_ == old_.size()) Free(&old_);
}

uint64_t RecordIndex::ProbeRecord(const Directory& directory, uint32_t hash,
                                  const std::byte* record) {
  const uint64_t wanted = MakeSlot(hash, record);
  uint64_t at = hash * 0x9E3779B1u & directory.mask;
  while (directory.slots[at] != 0 && directory.slots[at] != wanted) at = (at + 1) & directory.mask;
  return at;
}

void RecordIndex::Remove(std::byte* record) {
  const uint32_t hash = HeaderOf(record)->hash;
  --size_;
  if (old_.slots != nullptr) {
    uint64_t& slot = old_.slots[ProbeRecord(old_, hash, record)];
    if (slot != 0) slot = kGone;
  }
  const auto [slots, mask] = directory_;
  uint64_t hole = ProbeRecord(directory_, hash, record);
  if (slots[hole] == 0) return;
  for (uint64_t next = (hole + 1) & mask; slots[next] != 0; next = (next + 1) & mask) {
    const uint64_t home = HeaderOf(RecordOf(slots[next]))->hash * 0x9E3779B1u & mask;
    if (((next - home) & mask) < ((next - hole) & mask)) continue;
    slots[hole] = slots[next];
    hole = next;
  }
  slots[hole] = 0;
}

void RecordIndex::Replace(std::byte* from, std::byte* to) {
  const uint32_t hash = HeaderOf(from)->hash;
  for (const Directory& directory : {directory_, old_}) {
    if (directory.slots == nullptr) continue;
    uint64_t& slot = directory.slots[ProbeRecord(directory, hash, from)];
    if (slot != 0) slot = MakeSlot(hash, to);
  }
}

}  // namespace castor::gemini
