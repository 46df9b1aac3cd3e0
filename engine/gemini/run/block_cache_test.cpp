#include "gemini/run/block_cache.h"

#include <gtest/gtest.h>

#include <random>

#include "gemini/run/test_run.h"

namespace castor::gemini {
namespace {

// Of some 1000 bytes; its entry tells its number.
std::shared_ptr<const Block> BlockOf(uint64_t number) {
  BlockBuilder builder;
  const std::string value(950, 'v');
  builder.Add({number, "k", "", EntryKind::kPut, 0, value});
  return std::make_shared<const Block>(*Block::Parse(builder.Finish()));
}

// As a lookup does: whether it was there.
bool Look(BlockCache* cache, uint64_t run, uint64_t number) {
  if (const auto block = cache->Find({run, number})) {
    EXPECT_EQ(block->PositionAt(0), number);
    return true;
  }
  cache->Add({run, number}, BlockOf(number));
  return false;
}

TEST(BlockCacheTest, HoldsWhatWasReadLast) {
  BlockCache cache(12'000);
  const uint64_t run = cache.NewRun();
  for (uint64_t i = 0; i < 9; ++i) EXPECT_FALSE(Look(&cache, run, i));
  for (uint64_t i = 0; i < 9; ++i) EXPECT_TRUE(Look(&cache, run, i));
  EXPECT_FALSE(Look(&cache, cache.NewRun(), 0));
  EXPECT_EQ(cache.counts().hits, 9u);
  EXPECT_EQ(cache.counts().misses, 10u);
}

TEST(BlockCacheTest, WhatIsReadOncePushesOutNothingThatIsReadAgain) {
  BlockCache cache(12'000);
  const uint64_t run = cache.NewRun();
  for (int round = 0; round < 2; ++round) {
    for (uint64_t i = 0; i < 5; ++i) Look(&cache, run, i);
  }
  for (uint64_t i = 100; i < 1000; ++i) EXPECT_FALSE(Look(&cache, run, i));
  for (uint64_t i = 0; i < 5; ++i) EXPECT_TRUE(Look(&cache, run, i));
}

// What was read again and again gives way to what is now.
TEST(BlockCacheTest, WhatIsNotReadAnyMoreGoes) {
  BlockCache cache(12'000);
  const uint64_t run = cache.NewRun();
  for (int round = 0; round < 5; ++round) {
    for (uint64_t i = 0; i < 6; ++i) Look(&cache, run, i);
  }
  for (uint64_t i = 100; i < 200; ++i) {
    Look(&cache, run, i);
    EXPECT_TRUE(Look(&cache, run, i));
  }
  for (uint64_t i = 0; i < 6; ++i) EXPECT_FALSE(Look(&cache, run, i));
}

TEST(BlockCacheTest, StaysWithinItsBytesAndForgetsRuns) {
  BlockCache cache(50'000);
  const uint64_t runs[] = {cache.NewRun(), cache.NewRun()};
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    Look(&cache, runs[random() % 2], random() % (random() % 2 == 0 ? 20 : 200));
    ASSERT_LE(cache.charged_bytes(), 50'000);
  }
  EXPECT_GT(cache.charged_bytes(), 45'000);
  cache.Forget(runs[0]);
  for (uint64_t i = 0; i < 200; ++i) EXPECT_EQ(cache.Find({runs[0], i}), nullptr);
  cache.Forget(runs[1]);
  EXPECT_EQ(cache.charged_bytes(), 0);
}

TEST(BlockCacheTest, OfNoBytesHoldsNothing) {
  BlockCache cache(0);
  for (int round = 0; round < 3; ++round) EXPECT_FALSE(Look(&cache, 0, 7));
  EXPECT_EQ(cache.charged_bytes(), 0);
}

}  // namespace
}  // namespace castor::gemini
