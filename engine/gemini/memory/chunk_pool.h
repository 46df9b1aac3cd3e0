// Where chunks come from: mapped memory, aligned, in regions of eight that fit a huge page.
//
// Chunks given back are given to the system, but for a few that are kept to be taken again; a
// region without chunks is unmapped. What of chunks taken or kept has been touched is charged to
// the state account: a chunk of which little is used costs little. No more than that is resident
// but for an eighth at most. Mapping that fails throws std::bad_alloc. Not thread-safe: one pool
// per instance, which must have been given all back.
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

  // `bytes` for one slot too large for a chunk, or Chunk::kBytes. Contents undefined, but for what
  // is charged of it.
  Chunk* Take(size_t bytes);
  // To be called before bytes of it up to `end` are touched that are not charged.
  void Touch(Chunk* chunk, size_t end);
  // Its mapped_bytes says how it was taken.
  void Give(Chunk* chunk);
  // What is kept goes to the system, too.
  void GiveBackKept();
  // Of what has been touched of chunks taken and kept.
  int64_t charged_bytes() const { return charged_; }

 private:
  static constexpr size_t kChunksOfRegion = 8;
  static constexpr size_t kRegionBytes = kChunksOfRegion * Chunk::kBytes;
  static constexpr size_t kKept = 8;
  static constexpr size_t kChargedStep = 8192;
  // The huge page of a region is resident whole with the first of its chunks.
  static constexpr size_t kRegionsOfSmallPages = 8;

  void Charge(int64_t bytes);
  struct Region {
    uint8_t idle = 0xFF;  // a bit per chunk
    bool huge = false;    // it may be one page
  };
  void AddRegion();
  void Return(Chunk* chunk);
  static void GiveBackIdle(std::byte* region, Region* state);

  std::map<std::byte*, Region> regions_;  // by address
  std::set<std::byte*> with_idle_;
  std::vector<Chunk*> kept_;
  int64_t charged_ = 0;
};

}  // namespace castor::gemini
