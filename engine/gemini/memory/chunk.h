// 256 KiB of slots of one size, for records or for what varies in size in them.
//
// A chunk is aligned to its size, so that the chunk of a record is found by a mask. Behind the
// fields stand three bitmaps with a bit per slot (chunks of records only), then the slots. A chunk
// of one slot larger than that is mapped longer. Fields are the business of RecordHeap. Not
// thread-safe.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace castor::gemini {

// The bitmaps: records that have changed since a cut, by their tag, or that were when the cut on
// its way saved them; and records that are being written by an eviction.
enum class Mark : uint8_t { kTagA = 0, kTagB = 1, kEvicting = 2 };
inline constexpr std::array kAllMarks = {Mark::kTagA, Mark::kTagB, Mark::kEvicting};
inline constexpr size_t kMarks = kAllMarks.size();

struct Chunk {
  static constexpr size_t kBytes = size_t{256} << 10;

  size_t mapped_bytes;
  size_t charged_bytes;  // those from the beginning on that have pages
  Chunk* previous;       // of its size that have room
  Chunk* next;
  uint32_t number;  // in the heap's list
  uint32_t size_class;
  uint32_t slot_bytes;
  uint32_t slots;
  uint32_t reciprocal;  // of slot_bytes, times 2^32, rounded up
  uint32_t first;       // offset of the first slot
  uint32_t used;        // slots that are
  uint32_t untouched;   // the slots from here on never were
  uint32_t free;        // offset of the first slot that was used and is free; 0: none
  uint32_t bitmap_words;
  std::array<uint32_t, kMarks> marked;  // bits set
  bool of_records;
  bool owned;     // slots begin with the address of the pointer to them
  bool has_room;  // in the list of those that have
  bool closed;    // being emptied: takes nothing

  static Chunk* Of(const void* slot) {
    return reinterpret_cast<Chunk*>(reinterpret_cast<uintptr_t>(slot) & ~(kBytes - 1));
  }
  std::byte* At(uint32_t slot) {
    return reinterpret_cast<std::byte*>(this) + first + size_t{slot} * slot_bytes;
  }
  // Exact for the address of a slot: below 2^13 slots of below 2^18 bytes the rounding stays below
  // one.
  uint32_t SlotOf(const void* slot) const {
    const auto offset =
        reinterpret_cast<uintptr_t>(slot) - reinterpret_cast<uintptr_t>(this) - first;
    return static_cast<uint32_t>(offset * reciprocal >> 32);
  }

  uint64_t* Bitmap(Mark mark) {
    return reinterpret_cast<uint64_t*>(this + 1) + static_cast<size_t>(mark) * bitmap_words;
  }
  bool Has(Mark mark, uint32_t slot) { return (Bitmap(mark)[slot / 64] >> slot % 64 & 1) != 0; }
  void Set(Mark mark, uint32_t slot) {
    uint64_t& word = Bitmap(mark)[slot / 64];
    const uint64_t bit = uint64_t{1} << slot % 64;
    marked[static_cast<size_t>(mark)] += (word & bit) == 0;
    word |= bit;
  }
  void Clear(Mark mark, uint32_t slot) {
    uint64_t& word = Bitmap(mark)[slot / 64];
    const uint64_t bit = uint64_t{1} << slot % 64;
    marked[static_cast<size_t>(mark)] -= (word & bit) != 0;
    word &= ~bit;
  }
  void ClearAll(Mark mark) {
    if (CountOf(mark) == 0) return;
    for (uint32_t i = 0; i < bitmap_words; ++i) Bitmap(mark)[i] = 0;
    marked[static_cast<size_t>(mark)] = 0;
  }
  uint32_t CountOf(Mark mark) const { return marked[static_cast<size_t>(mark)]; }
  // The first slot from `from` on with the mark; `slots` if there is none.
  uint32_t NextMarked(Mark mark, uint32_t from) {
    for (uint32_t word = from / 64; word < bitmap_words; ++word) {
      uint64_t bits = Bitmap(mark)[word];
      if (word == from / 64) bits &= ~uint64_t{0} << from % 64;
      if (bits != 0) return word * 64 + static_cast<uint32_t>(std::countr_zero(bits));
    }
    return slots;
  }
};

}  // namespace castor::gemini
