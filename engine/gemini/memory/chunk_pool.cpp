#include "gemini/memory/chunk_pool.h"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <new>

#include "base/memory.h"

namespace castor::gemini {

std::byte* MapAligned(size_t bytes, size_t alignment) {
  void* mapped = ::mmap(nullptr, bytes + alignment, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  auto* begin = static_cast<std::byte*>(mapped);
  const size_t before = (alignment - reinterpret_cast<uintptr_t>(begin) % alignment) % alignment;
  if (before > 0) ::munmap(begin, before);
  ::munmap(begin + before + bytes, alignment - before);
  return begin + before;
}

ChunkPool::~ChunkPool() {
  Charge(-charged_);
  for (const auto& [region, state] : regions_) ::munmap(region, kRegionBytes);
}

void ChunkPool::Charge(int64_t bytes) {
  charged_ += bytes;
  MemoryAccount::State().Charge(bytes);
}

// An instance may hold a few records only, and there may be many instances.
void ChunkPool::AddRegion() {
  std::byte* region = MapAligned(kRegionBytes, kRegionBytes);
  const bool huge = regions_.size() >= kRegionsOfSmallPages;
  if (huge) ::madvise(region, kRegionBytes, MADV_HUGEPAGE);
  regions_[region].huge = huge;
  with_idle_.insert(region);
}

Chunk* ChunkPool::Take(size_t bytes) {
  if (bytes != Chunk::kBytes) {
    auto* large = reinterpret_cast<Chunk*>(MapAligned(bytes, Chunk::kBytes));
    Charge(static_cast<int64_t>(bytes));
    large->charged_bytes = bytes;
    return large;
  }
  if (!kept_.empty()) {
    Chunk* chunk = kept_.back();
    kept_.pop_back();
    return chunk;
  }
  if (with_idle_.empty()) AddRegion();
  std::byte* begin = *with_idle_.begin();
  Region& region = regions_[begin];
  const int index = std::countr_zero(region.idle);
  region.idle = static_cast<uint8_t>(region.idle & (region.idle - 1));
  if (region.idle == 0) with_idle_.erase(begin);
  auto* chunk = reinterpret_cast<Chunk*>(begin + static_cast<size_t>(index) * Chunk::kBytes);
  chunk->charged_bytes = 0;
  Touch(chunk, region.huge ? Chunk::kBytes : sizeof(Chunk));
  return chunk;
}

void ChunkPool::Touch(Chunk* chunk, size_t end) {
  const size_t bytes =
      std::min((end + kChargedStep - 1) / kChargedStep * kChargedStep, Chunk::kBytes);
  if (bytes <= chunk->charged_bytes) return;
  Charge(static_cast<int64_t>(bytes - chunk->charged_bytes));
  chunk->charged_bytes = bytes;
}

void ChunkPool::Give(Chunk* chunk) {
  if (const size_t bytes = chunk->mapped_bytes; bytes != Chunk::kBytes) {
    ::munmap(chunk, bytes);
    Charge(-static_cast<int64_t>(bytes));
    return;
  }
  if (kept_.size() < kKept) {
    kept_.push_back(chunk);
  } else {
    Return(chunk);
  }
}

void ChunkPool::GiveBackKept() {
  for (Chunk* chunk : kept_) Return(chunk);
  kept_.clear();
}

void ChunkPool::Return(Chunk* chunk) {
  auto* begin = reinterpret_cast<std::byte*>(chunk);
  auto* region =
      reinterpret_cast<std::byte*>(reinterpret_cast<uintptr_t>(begin) & ~(kRegionBytes - 1));
  const auto at = regions_.find(region);
  Charge(-static_cast<int64_t>(chunk->charged_bytes));
  const auto number = static_cast<size_t>(begin - region) / Chunk::kBytes;
  at->second.idle = static_cast<uint8_t>(at->second.idle | 1u << number);
  if (at->second.idle == 0xFF) {
    ::munmap(region, kRegionBytes);
    with_idle_.erase(region);
    regions_.erase(at);
    return;
  }
  with_idle_.insert(region);
  if (at->second.huge) return GiveBackIdle(region, &at->second);
  ::madvise(begin, Chunk::kBytes, MADV_DONTNEED);
}

// All of them were resident with the first chunk. What is left is not to become one page again.
void ChunkPool::GiveBackIdle(std::byte* region, Region* state) {
  state->huge = false;
  ::madvise(region, kRegionBytes, MADV_NOHUGEPAGE);
  for (size_t i = 0; i < kChunksOfRegion; ++i) {
    if ((state->idle >> i & 1) == 0) continue;
    ::madvise(region + i * Chunk::kBytes, Chunk::kBytes, MADV_DONTNEED);
  }
}

}  // namespace castor::gemini
