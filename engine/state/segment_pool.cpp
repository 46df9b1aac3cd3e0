#include "state/segment_pool.h"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <new>

#include "base/memory.h"

namespace castor::state {
namespace {

int ClassOf(size_t rounded) { return std::countr_zero(rounded); }

// Zeros, aligned to their page size; nullptr if there is no memory. `size` is a multiple of that.
std::byte* MapHuge(size_t size) {
  constexpr size_t kPage = SegmentPool::kHugeBlock;
  void* mapped = ::mmap(nullptr, size + kPage, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED) return nullptr;
  auto* begin = static_cast<std::byte*>(mapped);
  const size_t before = (kPage - reinterpret_cast<uintptr_t>(begin) % kPage) % kPage;
  if (before > 0) ::munmap(begin, before);
  ::munmap(begin + before + size, kPage - before);
  ::madvise(begin + before, size, MADV_HUGEPAGE);
  return begin + before;
}

}  // namespace

size_t SegmentPool::RoundUp(size_t size) {
  if (size > kMaxSmall) return std::bit_ceil(size);
  return (std::max<size_t>(size, 1) + kSmallStep - 1) / kSmallStep * kSmallStep;
}

std::byte* SegmentPool::AllocateSmall(size_t rounded) {
  used_ += static_cast<int64_t>(rounded);
  small_used_ += static_cast<int64_t>(rounded);
  FreeBlock*& idle = idle_small_[rounded / kSmallStep];
  if (idle != nullptr) {
    auto* block = reinterpret_cast<std::byte*>(idle);
    idle = idle->next;
    return block;
  }
  if (static_cast<size_t>(chunk_end_ - chunk_next_) < rounded) AddChunk();
  std::byte* block = chunk_next_;
  chunk_next_ += rounded;
  return block;
}

void SegmentPool::FreeSmall(std::byte* block, size_t rounded) {
  used_ -= static_cast<int64_t>(rounded);
  small_used_ -= static_cast<int64_t>(rounded);
  if (small_used_ == 0) {
    FreeChunks();
    return;
  }
  FreeBlock*& idle = idle_small_[rounded / kSmallStep];
  auto* free_block = reinterpret_cast<FreeBlock*>(block);
  free_block->next = idle;
  idle = free_block;
}

// What is left of the chunk before is lost: less than one block of each of up to twenty chunks
// before they reach their full size, and one block per chunk then.
void SegmentPool::AddChunk() {
  const size_t size =
      chunks_.empty() ? kFirstChunk : std::min(chunks_.back().second * 2, kHugeBlock);
  chunks_.emplace_back(Obtain(size), size);
  chunk_next_ = chunks_.back().first;
  chunk_end_ = chunk_next_ + size;
}

// Keeps the first chunk: a state that empties and fills again should not go to the allocator.
void SegmentPool::FreeChunks() {
  idle_small_.fill(nullptr);
  for (size_t i = 1; i < chunks_.size(); ++i) GiveBack(chunks_[i].first, chunks_[i].second);
  chunks_.resize(1);
  chunk_next_ = chunks_.front().first;
  chunk_end_ = chunk_next_ + chunks_.front().second;
}

bool SegmentPool::HasIdle(size_t rounded) const {
  return rounded <= kMaxSmall || !idle_[static_cast<size_t>(ClassOf(rounded))].empty();
}

std::byte* SegmentPool::AllocateLarge(size_t rounded) {
  if (!HasIdle(rounded)) return NoteLarge(Obtain(rounded), rounded);
  std::vector<std::byte*>& idle = idle_[static_cast<size_t>(ClassOf(rounded))];
  std::byte* block = idle.back();
  idle.pop_back();
  idle_bytes_ -= static_cast<int64_t>(rounded);
  return NoteLarge(block, rounded);
}

std::byte* SegmentPool::NoteLarge(std::byte* block, size_t rounded) {
  used_ += static_cast<int64_t>(rounded);
  large_in_use_.emplace(block, rounded);
  return block;
}

std::byte* SegmentPool::AllocateZeroed(size_t size) {
  const size_t rounded = RoundUp(size);
  const bool fresh = rounded >= kHugeBlock && !HasIdle(rounded);
  std::byte* block = Allocate(size);
  if (!fresh) std::memset(block, 0, size);
  return block;
}

std::byte* SegmentPool::TryAllocateZeroed(size_t size) {
  const size_t rounded = RoundUp(size);
  if (HasIdle(rounded)) return AllocateZeroed(size);
  if (!TryCharge(rounded)) return nullptr;
  std::byte* block = NoteLarge(Map(rounded), rounded);
  if (rounded < kHugeBlock) std::memset(block, 0, size);
  return block;
}

void SegmentPool::FreeLarge(std::byte* block, size_t rounded) {
  used_ -= static_cast<int64_t>(rounded);
  large_in_use_.erase(block);
  if (idle_bytes_ + static_cast<int64_t>(rounded) <= MaxIdleBytes()) {
    idle_[static_cast<size_t>(ClassOf(rounded))].push_back(block);
    idle_bytes_ += static_cast<int64_t>(rounded);
    return;
  }
  GiveBack(block, rounded);
}

int64_t SegmentPool::MaxIdleBytes() const {
  const MemoryAccount& account = MemoryAccount::State();
  return std::min(std::max(min_idle_bytes_, used_ / 8), account.limit() - account.used());
}

void SegmentPool::KeepIdle(int64_t bytes) {
  min_idle_bytes_ = std::max(kMinIdleBytes, bytes);
  ReduceIdle(MaxIdleBytes());
}

void SegmentPool::ReduceIdle(int64_t bytes) {
  for (size_t size_class = kClasses; size_class-- > 0;) {
    while (idle_bytes_ > bytes && !idle_[size_class].empty()) {
      GiveBack(idle_[size_class].back(), size_t{1} << size_class);
      idle_[size_class].pop_back();
      idle_bytes_ -= int64_t{1} << size_class;
    }
  }
}

bool SegmentPool::TryCharge(size_t size) {
  MemoryAccount& account = MemoryAccount::State();
  if (account.TryReserve(static_cast<int64_t>(size))) return true;
  if (idle_bytes_ == 0) return false;
  ReduceIdle(0);
  return account.TryReserve(static_cast<int64_t>(size));
}

std::byte* SegmentPool::Obtain(size_t size) {
  if (!TryCharge(size)) MemoryAccount::State().Charge(static_cast<int64_t>(size));
  return Map(size);
}

std::byte* SegmentPool::Map(size_t size) {
  std::byte* block =
      size >= kHugeBlock ? MapHuge(size) : static_cast<std::byte*>(std::aligned_alloc(64, size));
  if (block == nullptr) throw std::bad_alloc();
  return block;
}

void SegmentPool::GiveBack(std::byte* block, size_t size) {
  if (size >= kHugeBlock) {
    ::munmap(block, size);
  } else {
    std::free(block);
  }
  MemoryAccount::State().Release(static_cast<int64_t>(size));
}

SegmentPool::~SegmentPool() {
  for (const auto& [chunk, size] : chunks_) GiveBack(chunk, size);
  for (const auto& [block, size] : large_in_use_) GiveBack(block, size);
  for (size_t size_class = 0; size_class < kClasses; ++size_class) {
    for (std::byte* block : idle_[size_class]) GiveBack(block, size_t{1} << size_class);
  }
}

}  // namespace castor::state
