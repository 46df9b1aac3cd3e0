#include "gemini/memory/entry_blocks.h"

#include <sys/mman.h>

#include <algorithm>
#include <new>

#include "base/memory.h"

namespace castor::gemini {

EntryBlocks::~EntryBlocks() {
  for (const Block& block : idle_) ::munmap(block.begin, block.bytes);
  MemoryAccount::State().Release(idle_bytes_);
}

EntryBlocks::Block EntryBlocks::Map(size_t bytes) {
  void* mapped = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  MemoryAccount::State().Charge(static_cast<int64_t>(bytes));
  return {static_cast<char*>(mapped), bytes};
}

EntryBlocks::Block EntryBlocks::Take(size_t least, size_t bytes) {
  {
    const std::lock_guard lock(mutex_);
    // The latest are the likeliest in the processor's cache.
    const auto fits = std::find_if(idle_.rbegin(), idle_.rend(),
                                   [&](const Block& block) { return block.bytes >= least; });
    if (fits != idle_.rend()) {
      const Block block = *fits;
      *fits = idle_.back();
      idle_.pop_back();
      idle_bytes_ -= static_cast<int64_t>(block.bytes);
      return block;
    }
  }
  return Map(bytes);
}

void EntryBlocks::GiveBack(const std::vector<Block>& blocks) {
  const std::lock_guard lock(mutex_);
  idle_.insert(idle_.end(), blocks.begin(), blocks.end());
  for (const Block& block : blocks) idle_bytes_ += static_cast<int64_t>(block.bytes);
}

int64_t EntryBlocks::idle_bytes() const {
  const std::lock_guard lock(mutex_);
  return idle_bytes_;
}

}  // namespace castor::gemini
