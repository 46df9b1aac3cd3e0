// Memory of the in-memory store: power-of-two blocks, recycled, charged to the state account.
//
// Windows open and drop whole tables all the time; handing their blocks to the next window saves
// the page faults that fresh memory would cost. Blocks of 2 MiB and more are aligned for, and
// advised to use, huge pages, without which prefetching random records does not pay. Not
// thread-safe: one pool per operator instance.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace castor::state {

class SegmentPool {
 public:
  static constexpr size_t kMinBlock = 128;
  static constexpr size_t kHugeBlock = size_t{2} << 20;

  SegmentPool() = default;
  ~SegmentPool();
  SegmentPool(const SegmentPool&) = delete;
  SegmentPool& operator=(const SegmentPool&) = delete;

  // A block of `size` rounded up to a power of two (see RoundUp); contents undefined, 64-byte
  // aligned.
  std::byte* Allocate(size_t size);
  // `size` as given to Allocate.
  void Free(std::byte* block, size_t size);
  static size_t RoundUp(size_t size);

  // Bytes of the blocks in use, without those kept for reuse.
  int64_t used_bytes() const { return used_; }

 private:
  static constexpr int kClasses = 40;
  // Idle blocks are kept up to this much, or an eighth of what is in use when that is more.
  static constexpr int64_t kMinIdleBytes = 4 << 20;

  std::array<std::vector<std::byte*>, kClasses> idle_;
  int64_t idle_bytes_ = 0;
  int64_t used_ = 0;
};

}  // namespace castor::state
