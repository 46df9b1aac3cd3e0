// What an instance says of itself.
#include <gtest/gtest.h>

#include "gemini/store/test_small_store.h"

namespace castor::gemini {
namespace {

using StoreStatsTest = SmallStoreTest;

TEST_F(StoreStatsTest, WithoutABudgetAllIsInFilesBetweenBatches) {
  options_.memory_budget = 0;
  OpenStore();
  RecordTable* const table = *store_->AddTable({{1, 0}, {512, {}}, 0});
  constexpr uint64_t kKeys = 100;
  for (int round = 0; round < 3; ++round) {
    LookUp(table, 0, kKeys, Access::kFindOrCreate);
    while (store_->Maintain(0) == Store::Work::kMore) {
    }
    EXPECT_FALSE(store_->MustWait());
  }
  EXPECT_EQ(store_->stats().looked_up, 3 * kKeys);
  EXPECT_EQ(store_->stats().read_for_them, 2 * kKeys);
}

TEST_F(StoreStatsTest, TellHowOftenMemoryKnew) {
  options_.block_cache_bytes = 1 << 18;
  OpenStore();
  RecordTable* const table = *store_->AddTable({{1, 0}, {512, {}}, 0});
  constexpr uint64_t kKeys = 40'000;  // five times the budget
  for (uint64_t key = 0; key < kKeys; key += 100) LookUp(table, key, 100, Access::kFindOrCreate);
  const StoreStats filled = store_->stats();
  EXPECT_EQ(filled.looked_up, kKeys);
  EXPECT_GT(filled.hit_rate(), 0.9);
  EXPECT_GT(filled.bytes_written, kKeys * 512 / 2);

  // All there are: most have to be read.
  for (uint64_t key = 0; key < kKeys; key += 100) LookUp(table, key, 100, Access::kRead);
  const StoreStats read = store_->stats();
  EXPECT_EQ(read.looked_up, 2 * kKeys);
  const uint64_t cold = read.read_for_them - filled.read_for_them;
  EXPECT_GT(cold, kKeys / 2);
  EXPECT_LE(cold, kKeys);
  EXPECT_GT(read.bytes_read, filled.bytes_read + cold * 512);

  // None: filters know that.
  for (uint64_t key = 0; key < kKeys; key += 100) LookUp(table, kKeys + key, 100, Access::kRead);
  const StoreStats missed = store_->stats();
  EXPECT_LT(missed.read_for_them - read.read_for_them, kKeys / 10);
  EXPECT_GT(missed.block_cache.misses, 0u);
  EXPECT_LE(store_->charged_bytes(), kSmallBudget + kSmallBudget / 4);
}

TEST_F(StoreStatsTest, WhatIsOverwrittenIsNotRead) {
  OpenStore();
  RecordTable* const table = *store_->AddTable({{1, 0}, {512, {}}, 0});
  constexpr uint64_t kKeys = 40'000;
  for (uint64_t key = 0; key < kKeys; key += 100) LookUp(table, key, 100, Access::kOverwrite);
  const uint64_t before = store_->stats().read_for_them;
  for (uint64_t key = 0; key < kKeys; key += 100) LookUp(table, key, 100, Access::kOverwrite);
  EXPECT_EQ(store_->stats().read_for_them, before);
  EXPECT_GT(store_->stats().bytes_written, kKeys * 512);
}

TEST_F(StoreStatsTest, WhereMemoryIsScarceSmallRecordsHaveMostOfIt) {
  options_.memory_budget = 4 * kSmallBudget;
  OpenStore();
  RecordTable* const table = *store_->AddTable({{1, 0}, {32, {}}, 0});
  constexpr uint64_t kKeys = 800'000;  // three times the budget
  for (uint64_t key = 0; key < kKeys; key += 1000) LookUp(table, key, 1000, Access::kOverwrite);
  const MemoryUse use = store_->stats().memory;
  EXPECT_GT(use.records, 5 * use.indexes);
  EXPECT_GT(use.records, kSmallBudget * 3);
  EXPECT_GE(use.room, 0);
  EXPECT_GT(use.runs, 0);
  EXPECT_EQ(use.blocks, 0);
  EXPECT_EQ(use.records + use.room + use.indexes + use.runs + use.writing + use.blocks,
            store_->charged_bytes());
}

}  // namespace
}  // namespace castor::gemini
