#include "state/record_table.h"

#include <algorithm>
#include <cstring>

namespace castor::state {
namespace {

constexpr uint64_t kMinSlots = 64;
constexpr size_t kMinSegment = 4096;
// Below this the slots stay in the first- or second-level cache and prefetching only costs
// instructions.
constexpr uint64_t kPrefetchSlots = 16 * 1024;

}  // namespace

RecordTable::RecordTable(SegmentPool* pool, int32_t payload_size, int64_t label)
    : pool_(pool), payload_size_(static_cast<uint32_t>(payload_size)), label_(label) {}

RecordTable::~RecordTable() {
  for (const Segment& segment : segments_) pool_->Free(segment.begin, segment.capacity);
  if (slots_ != nullptr) pool_->Free(reinterpret_cast<std::byte*>(slots_), (mask_ + 1) * 8);
}

bool RecordTable::Matches(const std::byte* record, std::string_view key, uint32_t hash) const {
  const auto* header = reinterpret_cast<const Header*>(record);
  if (header->hash != hash || header->key_size() != key.size()) return false;
  return std::memcmp(record + sizeof(Header) + payload_size_, key.data(), key.size()) == 0;
}

uint64_t RecordTable::Probe(std::string_view key, uint32_t hash) const {
  const uint64_t tag = static_cast<uint64_t>(hash >> 16) << 48;
  uint64_t index = Mix(hash) & mask_;
  while (true) {
    const uint64_t slot = slots_[index];
    if (slot == 0) return index;
    if (((slot ^ tag) >> 48) == 0 && Matches(RecordOf(slot), key, hash)) return index;
    index = (index + 1) & mask_;
  }
}

void RecordTable::Prefetch(const KeyBatch& keys, std::span<const int32_t> rows) const {
  for (const int32_t row : rows) {
    __builtin_prefetch(
        &slots_[Mix(static_cast<uint32_t>(keys.hashes[static_cast<size_t>(row)])) & mask_]);
  }
  for (const int32_t row : rows) {
    const auto hash = static_cast<uint32_t>(keys.hashes[static_cast<size_t>(row)]);
    const uint64_t slot = slots_[Mix(hash) & mask_];
    if ((slot >> 48) == (hash >> 16)) __builtin_prefetch(RecordOf(slot), 1);
  }
}

void RecordTable::Lookup(const KeyBatch& keys, std::span<const int32_t> rows, AccessMode mode,
                         std::byte** records, uint8_t* created) {
  // Prefetched lines must still be there when they are used: the first-level cache holds some 500.
  constexpr size_t kGroup = 128;
  if (mode == AccessMode::kFindOrCreate) Reserve(static_cast<int64_t>(rows.size()));
  if (slots_ == nullptr) {
    std::fill_n(records, rows.size(), nullptr);
    return;
  }
  for (size_t from = 0; from < rows.size(); from += kGroup) {
    const auto group = rows.subspan(from, std::min(kGroup, rows.size() - from));
    if (mask_ >= kPrefetchSlots) Prefetch(keys, group);
    for (size_t j = 0; j < group.size(); ++j) {
      const int32_t row = group[j];
      const std::string_view key = keys.key(row);
      const auto hash = static_cast<uint32_t>(keys.hashes[static_cast<size_t>(row)]);
      const uint64_t index = Probe(key, hash);
      if (slots_[index] != 0) {
        records[from + j] = RecordOf(slots_[index]) + sizeof(Header);
      } else if (mode == AccessMode::kFindOrCreate) {
        records[from + j] = Insert(index, key, hash);
        if (created != nullptr) created[from + j] = 1;
      } else {
        records[from + j] = nullptr;
      }
    }
  }
  if (observer_ == nullptr) return;
  for (size_t j = 0; j < rows.size(); ++j) {
    if (records[j] != nullptr) Show(records[j]);
  }
}

std::byte* RecordTable::Find(std::string_view key, int32_t hash) const {
  if (slots_ == nullptr) return nullptr;
  const uint64_t slot = slots_[Probe(key, static_cast<uint32_t>(hash))];
  if (slot == 0) return nullptr;
  std::byte* payload = RecordOf(slot) + sizeof(Header);
  BeforeChange(payload);
  return payload;
}

std::byte* RecordTable::FindOrCreate(std::string_view key, int32_t hash, bool* created) {
  Reserve(1);
  const uint64_t index = Probe(key, static_cast<uint32_t>(hash));
  *created = slots_[index] == 0;
  if (*created) return Insert(index, key, static_cast<uint32_t>(hash));
  std::byte* payload = RecordOf(slots_[index]) + sizeof(Header);
  BeforeChange(payload);
  return payload;
}

std::byte* RecordTable::Insert(uint64_t slot, std::string_view key, uint32_t hash) {
  const auto key_size = static_cast<uint32_t>(key.size());
  std::byte* record = AllocateRecord(RecordSize(key_size));
  auto* header = reinterpret_cast<Header*>(record);
  header->hash = hash;
  header->key_size_and_flags = key_size << 2 | epoch_ << 1 | 1;
  header->time = 0;
  std::memset(record + sizeof(Header), 0, payload_size_);
  std::memcpy(record + sizeof(Header) + payload_size_, key.data(), key_size);
  slots_[slot] = MakeSlot(hash, record);
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
  if (slots_ == nullptr) return false;
  const uint64_t index = Probe(key, static_cast<uint32_t>(hash));
  if (slots_[index] == 0) return false;
  std::byte* record = RecordOf(slots_[index]);
  BeforeChange(record + sizeof(Header));
  RemoveSlot(index);
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
void RecordTable::RemoveSlot(uint64_t slot) {
  uint64_t hole = slot;
  uint64_t next = slot;
  while (true) {
    next = (next + 1) & mask_;
    if (slots_[next] == 0) break;
    const uint32_t hash = reinterpret_cast<const Header*>(RecordOf(slots_[next]))->hash;
    const uint64_t home = Mix(hash) & mask_;
    if (((next - home) & mask_) < ((next - hole) & mask_)) continue;
    slots_[hole] = slots_[next];
    hole = next;
  }
  slots_[hole] = 0;
}

void RecordTable::Reserve(int64_t more) {
  const auto wanted = static_cast<uint64_t>(size_ + more);
  const uint64_t slots = slots_ == nullptr ? 0 : mask_ + 1;
  if (wanted * 8 <= slots * 5) return;
  // Room for a batch of unknown keys is no reason to grow fourfold: most batches bring few new
  // ones.
  uint64_t target = std::max(kMinSlots, slots * 2);
  while (wanted * 8 > target * 5) target *= 2;
  Rehash(target);
}

void RecordTable::Rehash(uint64_t slots) {
  if (slots_ != nullptr) pool_->Free(reinterpret_cast<std::byte*>(slots_), (mask_ + 1) * 8);
  slots_ = reinterpret_cast<uint64_t*>(pool_->Allocate(slots * 8));
  std::memset(slots_, 0, slots * 8);
  mask_ = slots - 1;
  uint64_t cursor = 0;
  while (std::byte* payload = Next(&cursor)) {
    const uint32_t hash = HeaderOf(payload)->hash;
    uint64_t index = Mix(hash) & mask_;
    while (slots_[index] != 0) index = (index + 1) & mask_;
    slots_[index] = MakeSlot(hash, payload - sizeof(Header));
  }
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

void RecordTable::StartCut(CutObserver* observer) {
  // Records that were not shown must not be taken for ones that were.
  if (observer_ != nullptr) {
    uint64_t cursor = 0;
    while (std::byte* payload = Next(&cursor)) {
      auto* header = reinterpret_cast<Header*>(payload - sizeof(Header));
      header->key_size_and_flags = header->key_size() << 2 | epoch_ << 1 | 1;
    }
  }
  observer_ = observer;
  epoch_ ^= 1;
  cut_cursor_ = 0;
}

void RecordTable::Show(std::byte* payload) const {
  auto* header = reinterpret_cast<Header*>(payload - sizeof(Header));
  if (header->epoch() == epoch_) return;
  header->key_size_and_flags ^= 2;
  observer_->Save(*this, payload);
}

bool RecordTable::ContinueCut(int records) {
  for (; observer_ != nullptr && records > 0; --records) {
    std::byte* payload = Next(&cut_cursor_);
    if (payload == nullptr) {
      observer_ = nullptr;
    } else {
      Show(payload);
    }
  }
  return observer_ != nullptr;
}

}  // namespace castor::state
