#include "state/segment_pool.h"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <new>

#include "base/memory.h"

namespace castor::state {
namespace {

int ClassOf(size_t rounded) { return std::countr_zero(rounded); }

}  // namespace

size_t SegmentPool::RoundUp(size_t size) { return std::bit_ceil(std::max(size, kMinBlock)); }

std::byte* SegmentPool::Allocate(size_t size) {
  const size_t rounded = RoundUp(size);
  used_ += static_cast<int64_t>(rounded);
  std::vector<std::byte*>& idle = idle_[static_cast<size_t>(ClassOf(rounded))];
  if (!idle.empty()) {
    std::byte* block = idle.back();
    idle.pop_back();
    idle_bytes_ -= static_cast<int64_t>(rounded);
    return block;
  }
  const size_t alignment = rounded >= kHugeBlock ? kHugeBlock : 64;
  void* block = std::aligned_alloc(alignment, rounded);
  if (block == nullptr) throw std::bad_alloc();
  if (rounded >= kHugeBlock) ::madvise(block, rounded, MADV_HUGEPAGE);
  MemoryAccount::State().Charge(static_cast<int64_t>(rounded));
  return static_cast<std::byte*>(block);
}

void SegmentPool::Free(std::byte* block, size_t size) {
  const size_t rounded = RoundUp(size);
  used_ -= static_cast<int64_t>(rounded);
  if (idle_bytes_ + static_cast<int64_t>(rounded) <= std::max(kMinIdleBytes, used_ / 8)) {
    idle_[static_cast<size_t>(ClassOf(rounded))].push_back(block);
    idle_bytes_ += static_cast<int64_t>(rounded);
    return;
  }
  std::free(block);
  MemoryAccount::State().Release(static_cast<int64_t>(rounded));
}

SegmentPool::~SegmentPool() {
  for (size_t size_class = 0; size_class < kClasses; ++size_class) {
    for (std::byte* block : idle_[size_class]) {
      std::free(block);
      MemoryAccount::State().Release(int64_t{1} << size_class);
    }
  }
}

}  // namespace castor::state
