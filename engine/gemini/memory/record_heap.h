// Slots for records, and for what varies in size in them, cut out of chunks by size.
//
// Sizes are rounded to multiples of 16 up to 1 KiB, then to eighths of a power of two, so that a
// slot that has become free fits whatever comes next of its size. Slots do not move by themselves;
// a chunk without slots in use goes back to the pool. What one pointer alone leads to may be
// *owned* by it, and is found by its chunk then, so that chunks that have become sparse can be
// emptied. Not thread-safe.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "gemini/memory/chunk.h"
#include "gemini/memory/chunk_pool.h"

namespace castor::gemini {

class RecordHeap {
 public:
  enum class Use : uint8_t { kRecord, kBlob, kOwned };

  RecordHeap() = default;
  ~RecordHeap();
  RecordHeap(const RecordHeap&) = delete;
  RecordHeap& operator=(const RecordHeap&) = delete;

  // Aligned to 16 bytes; contents undefined.
  std::byte* Allocate(size_t bytes, Use use) {
    const size_t rounded = RoundUp(bytes);
    Chunk* chunk = with_room_[static_cast<size_t>(use)][ClassOf(rounded)];
    if (chunk == nullptr) chunk = AddChunk(rounded, use);
    std::byte* slot;
    if (chunk->free != 0) {
      slot = reinterpret_cast<std::byte*>(chunk) + chunk->free;
      std::memcpy(&chunk->free, slot + LinkAt(chunk), sizeof(chunk->free));
    } else {
      slot = chunk->At(chunk->untouched++);
      const std::byte* taken = reinterpret_cast<std::byte*>(chunk) + chunk->charged_bytes;
      if (slot + rounded > taken) TakePages(chunk);
    }
    used_ += chunk->slot_bytes;
    if (++chunk->used == chunk->slots) Unlink(chunk);
    return slot;
  }
  // Of a record the header must have lost its flags.
  void Free(std::byte* slot);

  // Bytes to which only `*owner`, which is set, points: at an address that is a multiple of 8,
  // until MoveOwned changes it. `owner` must not move without SetOwner.
  void AllocateOwned(size_t bytes, char** owner);
  void FreeOwned(char* bytes);
  static void SetOwner(char* bytes, char** owner);
  // What has room where there is room for `bytes`.
  static size_t OwnedCapacity(size_t bytes) {
    return RoundUp(bytes + sizeof(char**)) - sizeof(char**);
  }
  // Moves what is left in a chunk of such slots to others as long as these have room.
  void MoveOwned(Chunk* chunk);

  // What a slot allocated for `bytes` has room for.
  static size_t RoundUp(size_t bytes) {
    if (bytes <= kMaxStep16) return (std::max(bytes, kMinSlot) + 15) / 16 * 16;
    return RoundUpLarge(bytes);
  }

  // All chunks by number; nullptr where there is none (any more).
  const std::vector<Chunk*>& chunks() const { return chunks_; }
  // A closed chunk gives out no more slots, until it is opened again.
  void Close(Chunk* chunk);
  void Open(Chunk* chunk);
  // Whether a slot like those of `chunk` can be had without another chunk.
  bool HasRoom(const Chunk* chunk) { return WithRoom(chunk) != nullptr; }

  int64_t used_bytes() const { return used_; }  // of slots in use
  void GiveBackKept() { pool_.GiveBackKept(); }
  int64_t charged_bytes() const { return pool_.charged_bytes(); }

 private:
  static constexpr size_t kMinSlot = 32;
  static constexpr size_t kMaxStep16 = 1024;
  static constexpr size_t kMaxSlot = Chunk::kBytes / 2 - 256;
  static constexpr size_t kClasses = 128;

  static size_t RoundUpLarge(size_t bytes);
  // Multiples of 16 up to 1 KiB, then eight per doubling; one class for all that have chunks of
  // their own.
  static uint32_t ClassOf(size_t rounded) {
    return rounded <= kMaxStep16 ? static_cast<uint32_t>(rounded / 16) : ClassOfLarge(rounded);
  }
  static uint32_t ClassOfLarge(size_t rounded);
  static Use UseOf(const Chunk* chunk) {
    if (chunk->of_records) return Use::kRecord;
    return chunk->owned ? Use::kOwned : Use::kBlob;
  }
  // Where in a free slot stands which is the next one: an owned slot that is free has no owner.
  static size_t LinkAt(const Chunk* chunk) { return chunk->owned ? sizeof(char**) : 0; }
  Chunk* AddChunk(size_t slot_bytes, Use use);
  // Has the system give a chunk twice as many pages as it has, or more if it needs them.
  void TakePages(Chunk* chunk);
  void Link(Chunk* chunk);
  void Unlink(Chunk* chunk);
  Chunk*& WithRoom(const Chunk* chunk) {
    return with_room_[static_cast<size_t>(UseOf(chunk))][chunk->size_class];
  }

  ChunkPool pool_;
  std::vector<Chunk*> chunks_;
  std::vector<uint32_t> unused_numbers_;
  std::array<std::array<Chunk*, kClasses>, 3> with_room_{};  // by use
  int64_t used_ = 0;
};

}  // namespace castor::gemini
