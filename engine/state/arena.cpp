#include "state/arena.h"

#include <algorithm>

namespace castor::state {

Arena::~Arena() {
  for (const Block& block : blocks_) pool_->Free(block.begin, block.size);
}

void Arena::AddBlock(size_t at_least) {
  constexpr size_t kFirstBlock = 4096;
  const size_t wanted =
      blocks_.empty() ? kFirstBlock : std::min(blocks_.back().size * 2, SegmentPool::kHugeBlock);
  const size_t size = SegmentPool::RoundUp(std::max(wanted, at_least));
  blocks_.push_back({pool_->Allocate(size), size});
  next_ = blocks_.back().begin;
  end_ = next_ + size;
}

}  // namespace castor::state
