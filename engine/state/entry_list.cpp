#include "state/entry_list.h"

#include <algorithm>
#include <cstring>

namespace castor::state {

struct EntryList::Block {
  Block* next;
  uint32_t used;      // offset of the end of the last entry
  uint32_t capacity;  // with this header

  std::byte* at(uint32_t offset) { return reinterpret_cast<std::byte*>(this) + offset; }
};

// Open addressing in an array of 8-byte words, of which this header is the first: a power of two
// in all, which is what the pool hands out.
struct EntryList::Index {
  uint32_t slots;  // with the header's
  uint32_t used;

  // Words 1 .. slots - 1: addresses of entries, 0 = empty.
  uint64_t* words() { return reinterpret_cast<uint64_t*>(this); }
  uint32_t First(uint32_t hash) const { return std::max(hash & (slots - 1), 1u); }
  uint32_t After(uint32_t slot) const { return First(slot + 1); }
};

namespace {

constexpr uint32_t kMaxBlock = 256 * 1024;
constexpr uint32_t kBlockHeader = 16;

__extension__ using uint128_t = unsigned __int128;

// The first block fits the first entry: where keys are many, most have one.
uint32_t NextBlockSize(const EntryList& list, uint32_t entry_size) {
  const uint32_t doubled = list.last == nullptr ? 0 : std::min(list.last->capacity * 2, kMaxBlock);
  return std::max(doubled, entry_size + kBlockHeader);
}

}  // namespace

static_assert(sizeof(EntryList::Block) == kBlockHeader);
static_assert(sizeof(EntryList::Index) == sizeof(uint64_t));

// Multiply and fold over 8-byte words (wyhash's mixing step); rows in binary form are multiples of
// 8 long.
uint32_t HashEntry(std::string_view bytes) {
  uint64_t hash = 0x9E3779B97F4A7C15u ^ bytes.size();
  const auto mix = [&hash](uint64_t word) {
    const auto product = static_cast<uint128_t>(hash ^ word) * 0xA0761D6478BD642Fu;
    hash = static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
  };
  size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    uint64_t word;
    std::memcpy(&word, bytes.data() + i, 8);
    mix(word);
  }
  uint64_t tail = 0;
  std::memcpy(&tail, bytes.data() + i, bytes.size() - i);
  mix(tail ^ 0x8EBC6AF09C88C6E3u);
  return static_cast<uint32_t>(hash ^ (hash >> 32));
}

EntryLists::Entry* EntryLists::Append(EntryList* list, std::string_view bytes, uint32_t hash) {
  const uint32_t size = EntrySize(bytes.size());
  if (list->last == nullptr || list->last->capacity - list->last->used < size) {
    const uint32_t wanted = NextBlockSize(*list, size);
    const auto capacity = static_cast<uint32_t>(pool_->RoundUp(wanted));
    auto* block = reinterpret_cast<EntryList::Block*>(pool_->Allocate(capacity));
    *block = {nullptr, kBlockHeader, capacity};
    (list->last == nullptr ? list->first : list->last->next) = block;
    list->last = block;
  }
  auto* entry = reinterpret_cast<Entry*>(list->last->at(list->last->used));
  list->last->used += size;
  *entry = {hash, static_cast<uint32_t>(bytes.size()) << 1 | 1, 0};
  std::memset(RecordOf(entry), 0, record_size_);
  std::memcpy(RecordOf(entry) + record_size_, bytes.data(), bytes.size());
  ++list->live;
  return entry;
}

EntryLists::Entry* EntryLists::Find(const EntryList& list, std::string_view bytes,
                                    uint32_t hash) const {
  if (list.index == nullptr) {
    for (EntryList::Block* block = list.first; block != nullptr; block = block->next) {
      for (uint32_t offset = kBlockHeader; offset < block->used;) {
        auto* entry = reinterpret_cast<Entry*>(block->at(offset));
        if (Equals(entry, bytes, hash)) return entry;
        offset += EntrySize(entry->size_and_live >> 1);
      }
    }
    return nullptr;
  }
  EntryList::Index& index = *list.index;
  for (uint32_t slot = index.First(hash); index.words()[slot] != 0; slot = index.After(slot)) {
    auto* entry = reinterpret_cast<Entry*>(index.words()[slot]);
    if (Equals(entry, bytes, hash)) return entry;
  }
  return nullptr;
}

EntryLists::Entry* EntryLists::Insert(EntryList* list, std::string_view bytes, uint32_t hash) {
  Entry* entry = Append(list, bytes, hash);
  if (list->index != nullptr) {
    if ((list->index->used + 1) * 2 > list->index->slots) {
      BuildIndex(list, list->index->slots * 2);
    } else {
      AddToIndex(list, entry);
    }
  } else if (list->live >= kIndexFrom) {
    BuildIndex(list, kIndexFrom * 4);
  }
  return entry;
}

void EntryLists::AddToIndex(EntryList* list, Entry* entry) {
  EntryList::Index& index = *list->index;
  uint32_t slot = index.First(entry->hash);
  while (index.words()[slot] != 0) slot = index.After(slot);
  index.words()[slot] = reinterpret_cast<uint64_t>(entry);
  ++index.used;
}

void EntryLists::BuildIndex(EntryList* list, uint32_t slots) {
  FreeIndex(list);
  while (list->live * 4 > slots) slots *= 2;
  list->index = reinterpret_cast<EntryList::Index*>(pool_->Allocate(size_t{slots} * 8));
  std::memset(static_cast<void*>(list->index), 0, size_t{slots} * 8);
  list->index->slots = slots;
  Position position = Seek(*list, 0);
  while (Entry* entry = Next(&position)) AddToIndex(list, entry);
}

void EntryLists::FreeIndex(EntryList* list) {
  if (list->index == nullptr) return;
  pool_->Free(reinterpret_cast<std::byte*>(list->index), size_t{list->index->slots} * 8);
  list->index = nullptr;
}

// An erased entry keeps its index slot, which never equals anything again, until the index is
// rebuilt.
void EntryLists::Erase(EntryList* list, Entry* entry) {
  entry->size_and_live &= ~1u;
  --list->live;
  ++list->erased;
}

void EntryLists::MaybeCompact(EntryList* list, bool indexed) {
  if (list->live == 0) {
    Clear(list);
    return;
  }
  if (list->erased < 16 || list->erased <= list->live) return;
  EntryList compact{};
  Position position = Seek(*list, 0);
  while (Entry* entry = Next(&position)) {
    Entry* copy = Append(&compact, BytesOf(entry), entry->hash);
    copy->time = entry->time;
    std::memcpy(RecordOf(copy), RecordOf(entry), record_size_);
  }
  Clear(list);
  *list = compact;
  if (indexed && list->live >= kIndexFrom) BuildIndex(list, kIndexFrom * 4);
}

void EntryLists::Clear(EntryList* list) {
  FreeBlocks(list->first);
  FreeIndex(list);
  *list = {};
}

void EntryLists::FreeBlocks(EntryList::Block* first) {
  while (first != nullptr) {
    EntryList::Block* next = first->next;
    pool_->Free(reinterpret_cast<std::byte*>(first), first->capacity);
    first = next;
  }
}

EntryLists::Position EntryLists::Seek(const EntryList& list, uint64_t cursor) const {
  Position position{list.first, 0, kBlockHeader};
  for (auto ordinal = static_cast<uint32_t>(cursor >> 32);
       position.ordinal < ordinal && position.block != nullptr; ++position.ordinal) {
    position.block = position.block->next;
  }
  if (cursor != 0) position.offset = static_cast<uint32_t>(cursor);
  return position;
}

EntryLists::Entry* EntryLists::Next(Position* position) const {
  while (position->block != nullptr) {
    if (position->offset >= position->block->used) {
      if (position->block->next == nullptr) return nullptr;
      *position = {position->block->next, position->ordinal + 1, kBlockHeader};
      continue;
    }
    auto* entry = reinterpret_cast<Entry*>(position->block->at(position->offset));
    position->offset += EntrySize(entry->size_and_live >> 1);
    if (Live(entry)) return entry;
  }
  return nullptr;
}

}  // namespace castor::state
