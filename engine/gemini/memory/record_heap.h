// Slots for records, and for what varies in size in them, cut out of chunks by size.
//
// Sizes are rounded to multiples of 16 up to 1 KiB, then to eighths of a power of two, so that a
// slot that has become free fits whatever comes next of its size. Slots do not move by themselves;
// a chunk without slots in use goes back to the pool. Not thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "gemini/memory/chunk.h"
#include "gemini/memory/chunk_pool.h"

namespace castor::gemini {

class RecordHeap {
 public:
  enum class Use : uint8_t { kRecord, kBlob };

  RecordHeap() = default;
  ~RecordHeap();
  RecordHeap(const RecordHeap&) = delete;
  RecordHeap& operator=(const RecordHeap&) = delete;

  // Aligned to 16 bytes; contents undefined.
  std::byte* Allocate(size_t bytes, Use use);
  // Of a record the header must have lost its flags.
  void Free(std::byte* slot);
  // What a slot allocated for `bytes` has room for.
  static size_t RoundUp(size_t bytes);

  // All chunks by number; nullptr where there is none (any more).
  const std::vector<Chunk*>& chunks() const { return chunks_; }
  // A closed chunk gives out no more slots, until it is opened again.
  void Close(Chunk* chunk);
  void Open(Chunk* chunk);
  // Whether a slot like those of `chunk` can be had without another chunk.
  bool HasRoom(const Chunk* chunk) { return WithRoom(chunk) != nullptr; }

  int64_t used_bytes() const { return used_; }  // of slots in use
  int64_t charged_bytes() const { return pool_.charged_bytes(); }

 private:
  static constexpr size_t kMinSlot = 32;
  static constexpr size_t kMaxStep16 = 1024;
  static constexpr size_t kMaxSlot = Chunk::kBytes / 2 - 256;
  static constexpr size_t kClasses = 128;

  static uint32_t ClassOf(size_t rounded);
  Chunk* AddChunk(size_t slot_bytes, Use use);
  void Link(Chunk* chunk);
  void Unlink(Chunk* chunk);
  Chunk*& WithRoom(const Chunk* chunk) {
    return with_room_[chunk->of_records ? 0 : 1][chunk->size_class];
  }

  ChunkPool pool_;
  std::vector<Chunk*> chunks_;
  std::vector<uint32_t> unused_numbers_;
  std::array<std::array<Chunk*, kClasses>, 2> with_room_{};
  int64_t used_ = 0;
};

}  // namespace castor::gemini
