// The entries of one key in the order in which they were added: their addresses in blocks, each
// twice as large as the one before up to a size. The smallest are parts of a cache line.
//
// What leaves is replaced by the last, so that a walk costs what is there. An entry knows the place
// of its address. `EntryList` is what stands in a key's record: plain bytes, all zero for an empty
// list; the first address stands in itself, so that a key of one entry needs no block. Blocks
// belong to the heap of the records. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>

#include "gemini/memory/record.h"
#include "gemini/memory/record_heap.h"

namespace castor::gemini {

// Stands behind the header of an entry's record.
struct EntryLinks {
  std::byte* head;    // the record of the key
  std::byte** place;  // in the list; nullptr: not in it
};
static_assert(sizeof(EntryLinks) == 16);

inline EntryLinks* LinksOf(std::byte* entry) {
  return reinterpret_cast<EntryLinks*>(entry + sizeof(RecordHeader));
}

struct EntryList {
  struct Block {
    Block* next;  // of the last one the first
    uint32_t capacity;
    uint32_t size;
    std::byte** slots() { return reinterpret_cast<std::byte**>(this + 1); }
  };

  std::byte* only;  // the first entry
  Block* last;      // of the others
  uint32_t size;
  uint32_t members;  // with those that are not in the list; counted by the owner

  // The entry gets the last place.
  void Add(std::byte* entry, RecordHeap* heap);
  // The last entry gets its place.
  void Remove(std::byte* entry, RecordHeap* heap);
  std::byte* Last() const { return last != nullptr ? last->slots()[last->size - 1] : only; }
  // Fetches the entry that so many come after.
  void PrefetchLast(uint32_t before) const {
    if (last != nullptr && last->size > before) {
      __builtin_prefetch(last->slots()[last->size - 1 - before], 1);
    }
  }
  // The list itself has moved, and with it the place of the first entry.
  void Relocated() {
    if (size > 0) LinksOf(only)->place = &only;
  }

  // Calls visit(place, end of its block) from the entry of that number on until it returns false.
  template <typename Visit>
  void ForEach(uint64_t from, const Visit& visit) {
    if (size == 0) return;
    if (from == 0 && !visit(&only, &only + 1)) return;
    uint64_t skipped = from == 0 ? 0 : from - 1;
    for (Block* block = last; block != nullptr;) {
      block = block->next;
      __builtin_prefetch(block->next);
      for (; skipped < block->size; ++skipped) {
        if (!visit(block->slots() + skipped, block->slots() + block->size)) return;
      }
      skipped -= block->size;
      if (block == last) return;
    }
  }

 private:
  void AddBlock(RecordHeap* heap);
  void RemoveLastBlock(RecordHeap* heap);
};

}  // namespace castor::gemini
