#include "state/block_arena.h"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstdlib>

#include "base/memory.h"

namespace castor::state {

BlockArena::~BlockArena() {
  for (const auto& [piece, size] : pieces_) {
    ::munmap(piece, size);
    MemoryAccount::Buffers().Release(static_cast<int64_t>(size));
  }
}

size_t BlockArena::ClassOf(size_t size) {
  return static_cast<size_t>(std::countr_zero(size) - std::countr_zero(kSmallest));
}

char* BlockArena::Allocate(size_t size) {
  Idle*& idle = idle_[ClassOf(size)];
  if (idle != nullptr) {
    auto* block = reinterpret_cast<char*>(idle);
    idle = idle->next;
    return block;
  }
  if (static_cast<size_t>(end_ - next_) < size) NextPiece();
  char* block = next_;
  next_ += size;
  return block;
}

void BlockArena::Free(char* block, size_t size) {
  auto* freed = reinterpret_cast<Idle*>(block);
  Idle*& idle = idle_[ClassOf(size)];
  freed->next = idle;
  idle = freed;
}

void BlockArena::Reset() {
  idle_ = {};
  used_ = 0;
  next_ = end_ = nullptr;
}

void BlockArena::NextPiece() {
  if (used_ == pieces_.size()) AddPiece();
  const auto& [piece, size] = pieces_[used_++];
  next_ = piece;
  end_ = piece + size;
}

void BlockArena::AddPiece() {
  const size_t size =
      pieces_.empty() ? kFirstPiece : std::min(pieces_.back().second * 2, kLargestPiece);
  void* piece = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (piece == MAP_FAILED) std::abort();  // as every other allocation of the engine that fails
  MemoryAccount::Buffers().Charge(static_cast<int64_t>(size));
  pieces_.emplace_back(static_cast<char*>(piece), size);
}

}  // namespace castor::state
