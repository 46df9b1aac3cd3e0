#include "column/block_cache.h"

#include <gtest/gtest.h>

#include <cstring>
#include <thread>

namespace castor {
namespace {

TEST(BlockCache, SizesAreRoundedUpByAtMostAQuarter) {
  EXPECT_EQ(BlockCache::RoundUp(0), 64u);
  EXPECT_EQ(BlockCache::RoundUp(1), 64u);
  EXPECT_EQ(BlockCache::RoundUp(8 * 64), 8u * 64);
  EXPECT_EQ(BlockCache::RoundUp(8 * 64 + 1), 10u * 64);
  size_t last = 0;
  for (size_t bytes = 1; bytes <= 2 * BlockCache::kMaxBlock; bytes += 61) {
    const size_t rounded = BlockCache::RoundUp(bytes);
    ASSERT_GE(rounded, bytes);
    ASSERT_GE(rounded, last);
    ASSERT_LE(rounded, bytes + std::max<size_t>(64, bytes / 4 + 64));
    ASSERT_EQ(BlockCache::RoundUp(rounded), rounded);
    last = rounded;
  }
}

TEST(BlockCache, BlocksAreAlignedAndWhole) {
  for (size_t bytes = 1; bytes <= 2 * BlockCache::kMaxBlock; bytes = bytes * 3 + 1) {
    void* block = BlockCache::Allocate(bytes);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(block) % BlockCache::kAlignment, 0u);
    std::memset(block, 1, BlockCache::RoundUp(bytes));
    BlockCache::Free(block, bytes);
  }
}

TEST(BlockCache, ABlockMayEndOnAnotherThread) {
  void* block = BlockCache::Allocate(1000);
  std::thread([block] {
    BlockCache::Free(block, 1000);
    void* again = BlockCache::Allocate(1000);
    std::memset(again, 2, 1000);
    BlockCache::Free(again, 1000);
  }).join();
}

}  // namespace
}  // namespace castor
