// The entries of one key of a map or list state: appended to blocks, the first of the first entry's
// size and each further one twice as large, so that walking a hot key reads memory in order and a
// cold key costs one small block.
//
// An entry is {hash, size, time} + record + bytes, 16-byte aligned, and never moves while its list
// is not compacted. Lists of a map that grow beyond a few entries get an index (open addressing
// over entry addresses). Erased entries are marked, and squeezed out once they are the majority, so
// that a walk after many erasures costs what it cost before. `EntryList` is what stands in the
// key's record: plain bytes; all work is done by `EntryLists`, one per state. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/clock.h"
#include "state/equal_bytes.h"
#include "state/segment_pool.h"

namespace castor::state {

// Zero-initialised bytes are the empty list.
// 32 of them, so that a record with a key of one number is one cache line.
struct EntryList {
  struct Block;
  struct Index;
  Block* first;
  Block* last;
  Index* index;  // nullptr below kIndexFrom entries
  uint32_t live;
  uint32_t erased;
};
static_assert(sizeof(EntryList) == 32);

class EntryLists {
 public:
  // `record_size`: bytes of the record of each entry, a multiple of 16.
  EntryLists(SegmentPool* pool, int32_t record_size)
      : pool_(pool), record_size_(static_cast<uint32_t>(record_size)) {}

  struct Entry {
    uint32_t hash;
    uint32_t size_and_live;  // bytes << 1 | live
    TimestampMs time;
  };

  // Adds an entry; its record is zero.
  Entry* Append(EntryList* list, std::string_view bytes, uint32_t hash);
  Entry* Find(const EntryList& list, std::string_view bytes, uint32_t hash) const;
  // Like Append, but keeps the index that Find uses.
  Entry* Insert(EntryList* list, std::string_view bytes, uint32_t hash);
  void Erase(EntryList* list, Entry* entry);
  // Squeezes out erased entries if they are the majority. Moves entries: call when no address is
  // held.
  void MaybeCompact(EntryList* list, bool indexed);
  void Clear(EntryList* list);

  // Where a walk stands. As a number (`Tell`, `Seek`) it survives between pages.
  struct Position {
    EntryList::Block* block = nullptr;
    uint32_t ordinal = 0;  // of the block in the list
    uint32_t offset = 0;
  };
  Position Seek(const EntryList& list, uint64_t cursor) const;
  static uint64_t Tell(const Position& position) {
    return static_cast<uint64_t>(position.ordinal) << 32 | position.offset;
  }
  // The next live entry, or nullptr at the end.
  Entry* Next(Position* position) const;

  std::byte* RecordOf(Entry* entry) const { return reinterpret_cast<std::byte*>(entry + 1); }
  std::string_view BytesOf(const Entry* entry) const {
    return {reinterpret_cast<const char*>(entry + 1) + record_size_, entry->size_and_live >> 1};
  }

 private:
  static constexpr uint32_t kIndexFrom = 8;

  uint32_t EntrySize(size_t bytes) const {
    return (static_cast<uint32_t>(sizeof(Entry) + bytes) + record_size_ + 15) / 16 * 16;
  }
  static bool Live(const Entry* entry) { return (entry->size_and_live & 1) != 0; }
  bool Equals(const Entry* entry, std::string_view bytes, uint32_t hash) const {
    if (entry->hash != hash || !Live(entry)) return false;
    const std::string_view own = BytesOf(entry);
    return own.size() == bytes.size() && EqualBytes(own.data(), bytes.data(), bytes.size());
  }
  void BuildIndex(EntryList* list, uint32_t slots);
  void AddToIndex(EntryList* list, Entry* entry);
  void FreeIndex(EntryList* list);
  void FreeBlocks(EntryList::Block* first);

  SegmentPool* const pool_;
  const uint32_t record_size_;
};

// Hash of an entry's bytes within its key (not Flink's: it never leaves the process).
uint32_t HashEntry(std::string_view bytes);

}  // namespace castor::state
