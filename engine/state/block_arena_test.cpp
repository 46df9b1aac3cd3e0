#include "state/block_arena.h"

#include <gtest/gtest.h>

#include <cstring>

#include "base/memory.h"

namespace castor::state {
namespace {

TEST(BlockArena, BlocksDoNotOverlapAndAreUsedAgain) {
  const int64_t before = MemoryAccount::Buffers().used();
  {
    BlockArena arena;
    std::vector<std::pair<char*, size_t>> blocks;
    for (int i = 0; i < 1000; ++i) {
      const size_t size = BlockArena::kSmallest << (i % 6);
      blocks.emplace_back(arena.Allocate(size), size);
      std::memset(blocks.back().first, i % 251, size);
    }
    for (int i = 0; i < 1000; ++i) {
      const auto& [block, size] = blocks[static_cast<size_t>(i)];
      EXPECT_EQ(block[0], static_cast<char>(i % 251));
      EXPECT_EQ(block[size - 1], static_cast<char>(i % 251));
    }
    const int64_t held = MemoryAccount::Buffers().used();
    for (const auto& [block, size] : blocks) arena.Free(block, size);
    for (int i = 0; i < 1000; ++i) arena.Allocate(BlockArena::kSmallest << (i % 6));
    EXPECT_EQ(MemoryAccount::Buffers().used(), held);
    EXPECT_GT(held - before, 1000 / 6 * 32'000);
    arena.Reset();
    char* const first = arena.Allocate(BlockArena::kLargest);
    for (int i = 0; i < 300; ++i) EXPECT_NE(arena.Allocate(BlockArena::kLargest), first);
    EXPECT_EQ(MemoryAccount::Buffers().used(), held);
  }
  EXPECT_EQ(MemoryAccount::Buffers().used(), before);
}

}  // namespace
}  // namespace castor::state
