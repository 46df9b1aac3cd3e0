// When runs are merged: for lookups where there are any, else for the space alone.
#include <gtest/gtest.h>

#include "gemini/store/test_small_store.h"

namespace castor::gemini {
namespace {

class StoreMergeTest : public SmallStoreTest {
 protected:
  StoreMergeTest() { options_.memory_budget = int64_t{1} << 30; }

  Checkpoint TakeCheckpoint() {
    EXPECT_TRUE(store_->StartCheckpoint().ok());
    for (;;) {
      store_->Maintain(0);
      auto taken = store_->TakeCheckpoint();
      if (!taken) continue;
      while (store_->Maintain(0) != Store::Work::kNone) {
      }
      return (*taken)->description;
    }
  }
  size_t Runs() const { return store_->runs().runs().size(); }
  uint64_t StoredBytes() const {
    uint64_t bytes = 0;
    for (const RunSet::Run& run : store_->runs().runs()) bytes += run.bytes;
    return bytes;
  }
};

constexpr uint64_t kRecords = 2000;
const TableOptions kTable = {{1, 0}, {64, {}}, 0};

class StoreMergeForSpaceTest : public StoreMergeTest, public testing::WithParamInterface<bool> {};

TEST_P(StoreMergeForSpaceTest, WhatIsInMemoryAsAWhole) {
  options_.compress = GetParam();
  OpenStore();
  RecordTable* const table = *store_->AddTable(kTable);
  for (uint64_t cut = 0; cut < 10; ++cut) {
    LookUp(table, cut * kRecords, kRecords, Access::kFindOrCreate);
    TakeCheckpoint();
  }
  EXPECT_EQ(Runs(), 10u) << "each says something else";
  const uint64_t once = StoredBytes();
  for (uint64_t cut = 0; cut < 50; ++cut) {
    LookUp(table, cut % 10 * kRecords, kRecords, Access::kFind);
    TakeCheckpoint();
    EXPECT_LT(StoredBytes(), 2 * once) << "half of it is garbage";
  }
}

INSTANTIATE_TEST_SUITE_P(Compressed, StoreMergeForSpaceTest, testing::Bool());

TEST_F(StoreMergeTest, WhatIsLookedUpInRunsIsMergedForThat) {
  OpenStore();
  RecordTable* const written = *store_->AddTable(kTable);
  Checkpoint last;
  for (uint64_t cut = 0; cut < 10; ++cut) {
    LookUp(written, cut * kRecords, kRecords, Access::kFindOrCreate);
    last = TakeCheckpoint();
  }
  ASSERT_EQ(last.runs.size(), 10u);
  store_ = Store::Open(options_, std::vector<Checkpoint>{last}).value();
  RecordTable* const table = *store_->AddTable(kTable);
  LookUp(table, 0, 1, Access::kFind);
  while (store_->Maintain(0) != Store::Work::kNone) {
  }
  EXPECT_LT(Runs(), 4u);
}

}  // namespace
}  // namespace castor::gemini
