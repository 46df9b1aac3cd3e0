#include "state/record_table.h"

#include <algorithm>
#include <cstring>

#include "gemini/memory/equal_bytes.h"

namespace castor::state {
namespace {

constexpr size_t kMinSegment = 4096;
// Below this the slots stay in the first- or second-level cache and prefetching only costs
// instructions.
constexpr uint64_t kPrefetchSlots = 16 * 1024;

}  // namespace

RecordTable::RecordTable(SegmentPool* pool, int32_t payload_size, int64_t label)
    : pool_(pool), payload_size_(static_cast<uint32_t>(payload_size)), label_(label) {}

RecordTable::~RecordTable() {
  for (const Segment& segment : segments_) pool_->Free(segment.begin, segment.capacity);
  for (Directory* directory : {&directory_, &old_, &next_}) Free(directory);
}

bool RecordTable::Matches(const std::byte* record, std::string_view key, uint32_t hash) const {
  const auto* header = reinterpret_cast<const Header*>(record);
  if (header->hash != hash || header->key_size() != key.size()) return false;
  return gemini::EqualBytes(record + sizeof(Header) + payload_size_, key.data(), key.size());
}

uint64_t RecordTable::Probe(const Directory& directory, std::string_view key, uint32_t hash) const {
  const uint64_t tag = static_cast<uint64_t>(hash >> 16) << 48;
  uint64_t index = Mix(hash) & directory.mask;
  while (true) {
    const uint64_t slot = directory.slots[index];
    if (slot == 0) return index;
    if (((slot ^ tag) >> 48) == 0 && Matches(RecordOf(slot), key, hash)) return index;
    index = (index + 1) & directory.mask;
  }
}

void RecordTable::Prefetch(const KeyBatch& keys, std::span<const int32_t> rows) const {
  for (const int32_t row : rows) {
    const auto hash = static_cast<uint32_t>(keys.hashes[static_cast<size_t>(row)]);
    __builtin_prefetch(&directory_.home(hash));
    if (old_.slots != nullptr) __builtin_prefetch(&old_.home(hash));
  }
  for (const int32_t row : rows) {
    const auto hash = static_cast<uint32_t>(keys.hashes[static_cast<size_t>(row)]);
    const uint64_t slot = directory_.home(hash);
    if ((slot >> 48) == (hash >> 16)) __builtin_prefetch(RecordOf(slot), 1);
  }
}

void RecordTable::Lookup(const KeyBatch& keys, std::span<const int32_t> rows, AccessMode mode,
                         std::byte** records, uint8_t* created) {
  // Prefetched lines must still be there when they are used: the first-level cache holds some 500.
  constexpr size_t kGroup = 128;
  if (mode == AccessMode::kFindOrCreate) Reserve(static_cast<int64_t>(rows.size()));
  if (directory_.slots == nullptr) {
    std::fill_n(records, rows.size(), nullptr);
    return;
  }
  if (old_.slots != nullptr) MoveFor(static_cast<int64_t>(rows.size()));
  for (size_t from = 0; from < rows.size(); from += kGroup) {
    const auto group = rows.subspan(from, std::min(kGroup, rows.size() - from));
    if (directory_.mask >= kPrefetchSlots) Prefetch(keys, group);
    for (size_t j = 0; j < group.size(); ++j) {
      const int32_t row = group[j];
      const std::string_view key = keys.key(row);
      const auto hash = static_cast<uint32_t>(keys.hashes[static_cast<size_t>(row)]);
      const uint64_t index = Locate(key, hash);
      if (directory_.slots[index] != 0) {
        records[from + j] = RecordOf(directory_.slots[index]) + sizeof(Header);
      } else if (mode == AccessMode::kFindOrCreate) {
        records[from + j] = Insert(index, key, hash);
        if (created != nullptr) created[from + j] = 1;
      } else {
        records[from + j] = nullptr;
      }
    }
  }
}

std::byte* RecordTable::Find(std::string_view key, int32_t hash) const {
  if (directory_.slots == nullptr) return nullptr;
  const uint64_t slot = directory_.slots[Locate(key, static_cast<uint32_t>(hash))];
  if (slot == 0) return nullptr;
  return RecordOf(slot) + sizeof(Header);
}

std::byte* RecordTable::FindOrCreate(std::string_view key, int32_t hash, bool* created) {
  Reserve(1);
  if (old_.slots != nullptr) MoveFor(1);
  const uint64_t index = Locate(key, static_cast<uint32_t>(hash));
  *created = directory_.slots[index] == 0;
  if (*created) return Insert(index, key, static_cast<uint32_t>(hash));
  return RecordOf(directory_.slots[index]) + sizeof(Header);
}

std::byte* RecordTable::Insert(uint64_t slot, std::string_view key, uint32_t hash) {
  const auto key_size = static_cast<uint32_t>(key.size());
  std::byte* record = AllocateRecord(RecordSize(key_size));
  auto* header = reinterpret_cast<Header*>(record);
  header->hash = hash;
  header->key_size_and_flags = key_size << 1 | 1;
  std::memset(record + sizeof(Header), 0, payload_size_);
  std::memcpy(record + sizeof(Header) + payload_size_, key.data(), key_size);
  directory_.slots[slot] = MakeSlot(hash, record);
  ++size_;
  return record + sizeof(Header);
}

std::byte* RecordTable::AllocateRecord(uint32_t size) {
  for (auto& [free_size, head] : free_records_) {
    if (free_size != size || head == nullptr) continue;
    std::byte* record = head;
    std::memcpy(&head, record + 8, sizeof(head));  // the list runs through the time fields
    return record;
  }
  if (segments_.empty() || segments_.back().capacity - segments_.back().used < size) {
    const size_t wanted =
        segments_.empty()
            ? kMinSegment
            : std::min<size_t>(size_t{segments_.back().capacity} * 2, SegmentPool::kHugeBlock);
    const size_t capacity = SegmentPool::RoundUp(std::max<size_t>(wanted, size));
    segments_.push_back({pool_->Allocate(capacity), 0, static_cast<uint32_t>(capacity)});
  }
  Segment& segment = segments_.back();
  std::byte* record = segment.begin + segment.used;
  segment.used += size;
  return record;
}

bool RecordTable::Erase(std::string_view key, int32_t hash) {
  if (directory_.slots == nullptr) return false;
  const uint64_t index = Locate(key, static_cast<uint32_t>(hash));
  if (directory_.slots[index] == 0) return false;
  std::byte* record = RecordOf(directory_.slots[index]);
  if (old_.slots != nullptr) {
    const uint64_t old_index = Probe(old_, key, static_cast<uint32_t>(hash));
    if (old_.slots[old_index] != 0) RemoveSlot(old_, old_index);
  }
  RemoveSlot(directory_, index);
  --size_;
  auto* header = reinterpret_cast<Header*>(record);
  header->key_size_and_flags &= ~1u;
  const uint32_t size = RecordSize(header->key_size());
  auto list = std::find_if(free_records_.begin(), free_records_.end(),
                           [size](const auto& entry) { return entry.first == size; });
  if (list == free_records_.end()) list = free_records_.insert(list, {size, nullptr});
  std::memcpy(record + 8, &list->second, sizeof(list->second));
  list->second = record;
  return true;
}

// Backward-shift deletion (Knuth, TAOCP 3, 6.4, algorithm R): no tombstones.
void RecordTable::RemoveSlot(const Directory& directory, uint64_t slot) {
  const auto [slots, mask] = directory;
  uint64_t hole = slot;
  uint64_t next = slot;
  while (true) {
    next = (next + 1) & mask;
    if (slots[next] == 0) break;
    const uint32_t hash = reinterpret_cast<const Header*>(RecordOf(slots[next]))->hash;
    const uint64_t home = Mix(hash) & mask;
    if (((next - home) & mask) < ((next - hole) & mask)) continue;
    slots[hole] = slots[next];
    hole = next;
  }
  slots[hole] = 0;
}

std::string_view RecordTable::KeyOf(const std::byte* payload) const {
  return {reinterpret_cast<const char*>(payload + payload_size_), HeaderOf(payload)->key_size()};
}

// The cursor is the segment's number in the upper and the offset in the lower 32 bits.
std::byte* RecordTable::Next(uint64_t* cursor) const {
  auto segment = static_cast<size_t>(*cursor >> 32);
  auto offset = static_cast<uint32_t>(*cursor);
  while (segment < segments_.size()) {
    if (offset >= segments_[segment].used) {
      ++segment;
      offset = 0;
      continue;
    }
    std::byte* record = segments_[segment].begin + offset;
    const auto* header = reinterpret_cast<const Header*>(record);
    offset += RecordSize(header->key_size());
    *cursor = static_cast<uint64_t>(segment) << 32 | offset;
    if (header->live()) return record + sizeof(Header);
  }
  *cursor = static_cast<uint64_t>(segment) << 32 | offset;
  return nullptr;
}

}  // namespace castor::state
