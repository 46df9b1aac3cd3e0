#include "state/segment_pool.h"

#include <gtest/gtest.h>

#include <cstring>
#include <set>

#include "base/memory.h"

namespace castor::state {
namespace {

TEST(SegmentPool, SmallBlocksLieCloseTogetherAndAreReusedBySize) {
  SegmentPool pool;
  std::byte* first = pool.Allocate(160);
  std::byte* second = pool.Allocate(150);
  EXPECT_EQ(second - first, 160);
  EXPECT_EQ(pool.used_bytes(), 320);
  pool.Free(first, 160);
  EXPECT_NE(pool.Allocate(100), first);
  EXPECT_EQ(pool.Allocate(129), first);
}

TEST(SegmentPool, BlocksDoNotOverlap) {
  SegmentPool pool;
  std::set<std::pair<std::byte*, std::byte*>> blocks;
  for (size_t i = 0; i < 20'000; ++i) {
    const size_t size = 1 + i * 37 % 5000;
    std::byte* block = pool.Allocate(size);
    std::memset(block, 1, SegmentPool::RoundUp(size));
    blocks.emplace(block, block + SegmentPool::RoundUp(size));
  }
  std::byte* end = nullptr;
  for (const auto& [from, to] : blocks) {
    EXPECT_GE(from, end);
    end = to;
  }
}

TEST(SegmentPool, MemoryIsChargedAndGivenBack) {
  const int64_t before = MemoryAccount::State().used();
  {
    SegmentPool pool;
    std::vector<std::byte*> small;
    for (int i = 0; i < 10'000; ++i) small.push_back(pool.Allocate(512));
    std::byte* large = pool.Allocate(1 << 20);
    EXPECT_GE(MemoryAccount::State().used() - before, (1 << 20) + 10'000 * 512);
    // Without small blocks but one chunk is kept for them.
    for (std::byte* block : small) pool.Free(block, 512);
    EXPECT_LE(MemoryAccount::State().used() - before, (1 << 20) + (64 << 10));
    EXPECT_EQ(pool.used_bytes(), 1 << 20);
    EXPECT_EQ(pool.Allocate(512), small.front());
    pool.Free(large, 1 << 20);
  }  // with a block in use
  EXPECT_EQ(MemoryAccount::State().used(), before);
}

TEST(SegmentPool, IdleMemoryIsKeptAsFarAsItIsWanted) {
  constexpr size_t kBlock = 1 << 20;
  constexpr size_t kBlocks = 16;
  const int64_t before = MemoryAccount::State().used();
  const auto held = [before] { return MemoryAccount::State().used() - before; };
  SegmentPool pool;
  const auto fill_and_empty = [&pool] {
    std::vector<std::byte*> blocks;
    for (size_t i = 0; i < kBlocks; ++i) blocks.push_back(pool.Allocate(kBlock));
    for (std::byte* block : blocks) pool.Free(block, kBlock);
  };
  fill_and_empty();
  EXPECT_LT(held(), int64_t{kBlocks / 2 * kBlock});
  pool.KeepIdle(kBlocks * kBlock);
  fill_and_empty();
  EXPECT_EQ(held(), int64_t{kBlocks * kBlock});
  fill_and_empty();
  EXPECT_EQ(held(), int64_t{kBlocks * kBlock});
  pool.KeepIdle(0);
  EXPECT_LT(held(), int64_t{kBlocks / 2 * kBlock});
}

TEST(SegmentPool, WhereMemoryIsShortNothingIsIdleAndMuchIsRefused) {
  constexpr int64_t kBlock = 1 << 20;
  MemoryAccount& account = MemoryAccount::State();
  const int64_t before = account.used();
  SegmentPool pool;
  std::byte* first = pool.Allocate(kBlock);
  std::byte* second = pool.Allocate(kBlock);
  pool.Free(first, kBlock);
  EXPECT_EQ(account.used() - before, 2 * kBlock);
  // Room for one more: the idle block has to go first.
  account.set_limit(before + 3 * kBlock);
  std::byte* large = pool.TryAllocateZeroed(2 * kBlock);
  ASSERT_NE(large, nullptr);
  EXPECT_EQ(large[kBlock], std::byte{0});
  EXPECT_EQ(account.used() - before, 3 * kBlock);
  EXPECT_EQ(pool.TryAllocateZeroed(kBlock), nullptr);
  // What must be had is had, and nothing is kept for later.
  std::byte* third = pool.Allocate(kBlock);
  EXPECT_EQ(account.used() - before, 4 * kBlock);
  for (std::byte* block : {second, third}) pool.Free(block, kBlock);
  pool.Free(large, 2 * kBlock);
  EXPECT_LE(account.used() - before, 3 * kBlock);
  account.set_limit(MemoryAccount::kUnlimited);
}

}  // namespace
}  // namespace castor::state
