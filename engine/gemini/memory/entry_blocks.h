// The memory of entry buffers that come one after another, as those of a checkpoint do: what one
// gives back the next one takes, so that the kernel makes each page once.
//
// Mapped and not from the general allocator, which would keep what one thread takes and another
// gives back. Charged to the state account while it is mapped. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

namespace castor::gemini {

class EntryBlocks {
 public:
  struct Block {
    char* begin = nullptr;
    size_t bytes = 0;
  };

  EntryBlocks() = default;
  ~EntryBlocks();
  EntryBlocks(const EntryBlocks&) = delete;
  EntryBlocks& operator=(const EntryBlocks&) = delete;

  // One that has been given back and has `least` bytes, or a new one of `bytes`, which are no
  // fewer.
  Block Take(size_t least, size_t bytes);
  void GiveBack(const std::vector<Block>& blocks);

  // Mapped, and in no buffer.
  int64_t idle_bytes() const;

 private:
  static Block Map(size_t bytes);

  mutable std::mutex mutex_;
  std::vector<Block> idle_;
  int64_t idle_bytes_ = 0;
};

}  // namespace castor::gemini
