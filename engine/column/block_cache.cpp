#include "column/block_cache.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <new>
#include <vector>

#include "base/memory_charge.h"

namespace castor {
namespace {

// A size class is (units of kAlignment, rounded up to three significant bits).
struct SizeClass {
  size_t index;
  size_t bytes;
};

SizeClass ClassOf(size_t bytes) {
  const size_t units = (bytes + BlockCache::kAlignment - 1) / BlockCache::kAlignment;
  if (units <= 4) {
    const size_t at_least_one = units == 0 ? 1 : units;
    return {at_least_one, at_least_one * BlockCache::kAlignment};
  }
  const auto shift = static_cast<size_t>(std::bit_width(units - 1)) - 3;
  const size_t rounded = ((units - 1) >> shift) + 1;  // 5 .. 8
  return {4 * shift + rounded, (rounded << shift) * BlockCache::kAlignment};
}

constexpr size_t kClasses = 64;

class IdleBlocks {
 public:
  ~IdleBlocks() {
    GiveBack();
    alive_ = false;
  }

  void GiveBack() {
    for (std::vector<void*>& blocks : idle_) {
      for (void* block : blocks) std::free(block);
      blocks.clear();
    }
    bytes_ = 0;
    charge_.Set(0);
  }

  // nullptr where the thread is ending and its blocks are gone.
  static IdleBlocks* OfThread() {
    thread_local IdleBlocks blocks;
    return alive_ ? &blocks : nullptr;
  }

  void* Take(const SizeClass& size) {
    std::vector<void*>& blocks = idle_[size.index];
    if (blocks.empty()) return nullptr;
    void* block = blocks.back();
    blocks.pop_back();
    bytes_ -= size.bytes;
    charge_.Set(static_cast<int64_t>(bytes_));
    return block;
  }

  bool Put(void* block, const SizeClass& size) {
    if (bytes_ + size.bytes > BlockCache::MaxIdleBytes()) return false;
    idle_[size.index].push_back(block);
    bytes_ += size.bytes;
    charge_.Set(static_cast<int64_t>(bytes_));
    return true;
  }

 private:
  static thread_local bool alive_;

  std::array<std::vector<void*>, kClasses> idle_;
  size_t bytes_ = 0;
  MemoryCharge charge_{MemoryAccount::Buffers()};
};

thread_local bool IdleBlocks::alive_ = true;

// The address sanitizer finds the use of freed memory only if it is freed.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool kKeepsBlocks = false;
#else
constexpr bool kKeepsBlocks = true;
#endif

IdleBlocks* BlocksFor(size_t bytes) {
  return kKeepsBlocks && bytes <= BlockCache::kMaxBlock ? IdleBlocks::OfThread() : nullptr;
}

}  // namespace

size_t BlockCache::RoundUp(size_t bytes) { return ClassOf(bytes).bytes; }

size_t BlockCache::MaxIdleBytes() {
  constexpr int64_t kShare = 64;  // of what the process may have
  const int64_t share = MemoryAccount::Process().limit() / kShare;
  return std::min(kMaxIdleBytes, static_cast<size_t>(share));
}

void BlockCache::GiveBackIdle() {
  if (IdleBlocks* idle = IdleBlocks::OfThread()) idle->GiveBack();
}

void* BlockCache::Allocate(size_t bytes) {
  const SizeClass size = ClassOf(bytes);
  if (IdleBlocks* idle = BlocksFor(bytes)) {
    if (void* block = idle->Take(size)) return block;
  }
  void* block = std::aligned_alloc(kAlignment, size.bytes);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}

void BlockCache::Free(void* block, size_t bytes) {
  IdleBlocks* idle = BlocksFor(bytes);
  if (idle == nullptr || !idle->Put(block, ClassOf(bytes))) std::free(block);
}

}  // namespace castor
