// Memory for many small things that go away together: pieces are cut off blocks one after the other
// and given back with the arena. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "state/segment_pool.h"

namespace castor::state {

class Arena {
 public:
  explicit Arena(SegmentPool* pool) : pool_(pool) {}
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // `size` bytes, aligned to 8; contents undefined.
  std::byte* Allocate(size_t size) {
    size = (size + 7) & ~size_t{7};
    if (size > static_cast<size_t>(end_ - next_)) AddBlock(size);
    std::byte* piece = next_;
    next_ += size;
    return piece;
  }

 private:
  struct Block {
    std::byte* begin;
    size_t size;
  };

  void AddBlock(size_t at_least);

  SegmentPool* const pool_;
  std::byte* next_ = nullptr;
  std::byte* end_ = nullptr;
  std::vector<Block> blocks_;
};

}  // namespace castor::state
