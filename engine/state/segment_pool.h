// Memory of the in-memory store: blocks of a few sizes, recycled, charged to the state account.
//
// Windows open and drop whole tables all the time; handing their blocks to the next window saves
// the page faults that fresh memory would cost. Small blocks (up to kMaxSmall, a multiple of
// kSmallStep) are cut off chunks one after the other, so that millions of them lie close together
// and cost neither a malloc header nor a malloc call; they are reused by size, and their chunks
// are given back when no small block is left. Larger blocks are powers of two; what is idle of
// them beyond a share of what is in use goes back to the allocator. Chunks and blocks of 2 MiB and
// more are aligned for, and advised to use, huge pages, without which prefetching random records
// does not pay.
//
// Where the account is nearly used up, idle blocks are given back before more is taken. What is
// taken beyond its limit all the same is for the host to notice; a user that can do with less asks
// with `TryAllocateZeroed`.
//
// The pool owns its blocks: those still in use when it is destroyed go with it. Not thread-safe:
// one pool per operator instance.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace castor::state {

class SegmentPool {
 public:
  static constexpr size_t kSmallStep = 32;
  static constexpr size_t kMaxSmall = 2048;
  static constexpr size_t kHugeBlock = size_t{2} << 20;

  SegmentPool() = default;
  ~SegmentPool();
  SegmentPool(const SegmentPool&) = delete;
  SegmentPool& operator=(const SegmentPool&) = delete;

  // A block of `size` rounded up (see RoundUp); contents undefined. Small blocks are aligned to
  // kSmallStep bytes, others to 64.
  std::byte* Allocate(size_t size) {
    return size <= kMaxSmall ? AllocateSmall(RoundUp(size)) : AllocateLarge(RoundUp(size));
  }
  // The same, filled with zeros. Large fresh memory is so without being touched.
  std::byte* AllocateZeroed(size_t size);
  // nullptr if the account has not got so much left.
  std::byte* TryAllocateZeroed(size_t size);
  // `size` as given to Allocate.
  void Free(std::byte* block, size_t size) {
    size <= kMaxSmall ? FreeSmall(block, RoundUp(size)) : FreeLarge(block, RoundUp(size));
  }
  static size_t RoundUp(size_t size);

  // Keeps so much of idle large blocks, for a user that empties its states and fills them again.
  void KeepIdle(int64_t bytes);

  // Bytes of the blocks in use, without those kept for reuse.
  int64_t used_bytes() const { return used_; }

 private:
  // The idle small blocks of one size, as a list through their first bytes.
  struct FreeBlock {
    FreeBlock* next;
  };
  static constexpr int kClasses = 40;
  static constexpr size_t kFirstChunk = 16 * 1024;
  // Idle large blocks are kept up to this much, or an eighth of what is in use when that is more.
  static constexpr int64_t kMinIdleBytes = 4 << 20;
  // No more than what the account has left.
  int64_t MaxIdleBytes() const;

  std::byte* AllocateSmall(size_t rounded);
  void FreeSmall(std::byte* block, size_t rounded);
  // A block can be had that takes no more from the account (small ones: nearly).
  bool HasIdle(size_t rounded) const;
  std::byte* AllocateLarge(size_t rounded);
  std::byte* NoteLarge(std::byte* block, size_t rounded);
  void FreeLarge(std::byte* block, size_t rounded);
  void AddChunk();
  void FreeChunks();
  // Gives idle blocks back until so many bytes of them are left.
  void ReduceIdle(int64_t bytes);
  // Charges the account if that keeps its limit, or else gives back what is idle and tries again.
  bool TryCharge(size_t size);
  std::byte* Obtain(size_t size);
  static std::byte* Map(size_t size);
  static void GiveBack(std::byte* block, size_t size);

  int64_t used_ = 0;

  std::array<FreeBlock*, kMaxSmall / kSmallStep + 1> idle_small_{};
  std::vector<std::pair<std::byte*, size_t>> chunks_;
  std::byte* chunk_next_ = nullptr;
  std::byte* chunk_end_ = nullptr;
  int64_t small_used_ = 0;

  std::array<std::vector<std::byte*>, kClasses> idle_;
  int64_t idle_bytes_ = 0;
  int64_t min_idle_bytes_ = kMinIdleBytes;
  std::unordered_map<std::byte*, size_t> large_in_use_;
};

}  // namespace castor::state
