// Where chunks come from: mapped memory, aligned, in regions of eight that fit a huge page.
//
// Chunks given back are given to the system, but for a few that are kept to be taken again; a
// region without chunks is unmapped. What is taken or kept is charged to the state account. Mapping
// that fails throws std::bad_alloc. Not thread-safe: one pool per instance, which must have been
// given all back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "gemini/memory/chunk.h"

namespace castor::gemini {

// Zeros, aligned to `alignment` (a power of two, at least a page), to be unmapped as a whole.
std::byte* MapAligned(size_t bytes, size_t alignment);

class ChunkPool {
 public:
  ChunkPool() = default;
  ~ChunkPool();
  ChunkPool(const ChunkPool&) = delete;
  ChunkPool& operator=(const ChunkPool&) = delete;

  // `bytes` for one slot too large for a chunk, or Chunk::kBytes. Contents undefined.
  Chunk* Take(size_t bytes);
  // Its mapped_bytes says how it was taken.
  void Give(Chunk* chunk);
  // Of chunks taken and kept.
  int64_t charged_bytes() const { return charged_; }

 private:
  static constexpr size_t kChunksOfRegion = 8;
  static constexpr size_t kRegionBytes = kChunksOfRegion * Chunk::kBytes;
  static constexpr size_t kKept = 8;

  void Charge(int64_t bytes);
  void AddRegion();
  void Return(Chunk* chunk);

  std::map<std::byte*, uint8_t> regions_;  // by address; a bit per idle chunk
  std::set<std::byte*> with_idle_;
  std::vector<Chunk*> kept_;
  int64_t charged_ = 0;
};

}  // namespace castor::gemini
