#include "gemini/memory/entry_blocks.h"

#include <gtest/gtest.h>

#include "base/memory.h"
#include "gemini/memory/entry_buffer.h"

namespace castor::gemini {
namespace {

TEST(EntryBlocksTest, WhatOneBufferGivesBackTheNextOneTakes) {
  const int64_t before = MemoryAccount::State().used();
  {
    const auto blocks = std::make_shared<EntryBlocks>();
    const std::string value(10'000, 'v');
    int64_t mapped = 0;
    for (int round = 0; round < 3; ++round) {
      EntryBuffer buffer(blocks);
      for (Position position = 0; position < 100; ++position) {
        buffer.Add({1, 0}, {position, "key", {}, EntryKind::kPut, 0, value});
      }
      EXPECT_EQ(buffer.EntryAt(99).value, value);
      const int64_t charged = MemoryAccount::State().used() - before;
      if (round == 0) mapped = charged;
      EXPECT_EQ(charged, mapped) << "nothing more is mapped";
    }
    EXPECT_GT(blocks->idle_bytes(), 1'000'000);
    EXPECT_EQ(MemoryAccount::State().used() - before, blocks->idle_bytes());
  }
  EXPECT_EQ(MemoryAccount::State().used(), before);
}

TEST(EntryBlocksTest, ABlockIsLargeEnough) {
  EntryBlocks blocks;
  const EntryBlocks::Block small = blocks.Take(100, 4096);
  blocks.GiveBack({small});
  const EntryBlocks::Block large = blocks.Take(5000, 8192);
  EXPECT_EQ(large.bytes, 8192u);
  EXPECT_EQ(blocks.Take(4096, 16384).begin, small.begin);
  blocks.GiveBack({small, large});
}

}  // namespace
}  // namespace castor::gemini
