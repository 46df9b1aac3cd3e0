// Memory for the blocks of one cut, and then of the next: pieces of the system's, a few large ones.
//
// The general allocator lets the memory of each thread grow by single pages, hundreds of times in
// the course of a cut, and each time all threads of the process that touch a new page wait; nor is
// touching new pages cheap. Here blocks are cut off pieces, each twice as large as the one before,
// and used again by size. Charged to the account of buffers. Not thread-safe; may be destroyed by
// another thread.
#pragma once

#include <array>
#include <cstddef>
#include <utility>
#include <vector>

namespace castor::state {

class BlockArena {
 public:
  // Blocks are powers of two.
  static constexpr size_t kSmallest = 512;
  static constexpr size_t kLargest = 16 * 1024;

  BlockArena() = default;
  ~BlockArena();
  BlockArena(const BlockArena&) = delete;
  BlockArena& operator=(const BlockArena&) = delete;

  char* Allocate(size_t size);
  void Free(char* block, size_t size);
  // All blocks are free, and their memory is kept.
  void Reset();

 private:
  struct Idle {
    Idle* next;
  };
  static constexpr size_t kFirstPiece = 32 * 1024;
  static constexpr size_t kLargestPiece = 1 << 20;

  static size_t ClassOf(size_t size);
  void AddPiece();
  void NextPiece();

  std::array<Idle*, 6> idle_{};  // by size
  std::vector<std::pair<char*, size_t>> pieces_;
  size_t used_ = 0;       // pieces
  char* next_ = nullptr;  // of the last one in use
  char* end_ = nullptr;
};

}  // namespace castor::state
