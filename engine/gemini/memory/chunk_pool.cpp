#include "gemini/memory/chunk_pool.h"

#include <sys/mman.h>

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
  for (const auto& [region, idle] : regions_) ::munmap(region, kRegionBytes);
}

void ChunkPool::Charge(int64_t bytes) {
  charged_ += bytes;
  MemoryAccount::State().Charge(bytes);
}

// The first region is left to small pages: an instance may hold a few records only.
void ChunkPool::AddRegion() {
  std::byte* region = MapAligned(kRegionBytes, kRegionBytes);
  if (!regions_.empty()) ::madvise(region, kRegionBytes, MADV_HUGEPAGE);
  regions_[region] = 0xFF;
  with_idle_.insert(region);
}

Chunk* ChunkPool::Take(size_t bytes) {
  if (bytes != Chunk::kBytes) {
    auto* large = reinterpret_cast<Chunk*>(MapAligned(bytes, Chunk::kBytes));
    Charge(static_cast<int64_t>(bytes));
    return large;
  }
  if (!kept_.empty()) {
    Chunk* chunk = kept_.back();
    kept_.pop_back();
    return chunk;
  }
  if (with_idle_.empty()) AddRegion();
  std::byte* region = *with_idle_.begin();
  uint8_t& idle = regions_[region];
  const int index = std::countr_zero(idle);
  idle = static_cast<uint8_t>(idle & (idle - 1));
  if (idle == 0) with_idle_.erase(region);
  Charge(Chunk::kBytes);
  return reinterpret_cast<Chunk*>(region + static_cast<size_t>(index) * Chunk::kBytes);
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

void ChunkPool::Return(Chunk* chunk) {
  auto* begin = reinterpret_cast<std::byte*>(chunk);
  auto* region =
      reinterpret_cast<std::byte*>(reinterpret_cast<uintptr_t>(begin) & ~(kRegionBytes - 1));
  const auto at = regions_.find(region);
  at->second =
      static_cast<uint8_t>(at->second | 1u << static_cast<size_t>(begin - region) / Chunk::kBytes);
  Charge(-static_cast<int64_t>(Chunk::kBytes));
  if (at->second != 0xFF) {
    ::madvise(begin, Chunk::kBytes, MADV_DONTNEED);
    with_idle_.insert(region);
    return;
  }
  ::munmap(region, kRegionBytes);
  with_idle_.erase(region);
  regions_.erase(at);
}

}  // namespace castor::gemini
