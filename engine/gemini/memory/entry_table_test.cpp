// What clearing costs, and what it leaves: a mark, whatever the size, and no memory in the end.
// (Contents are compared with a model in store/.)
#include "gemini/memory/entry_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "gemini/memory/memory_tier.h"
#include "gemini/memory/test_cut.h"
#include "gemini/memory/test_keys.h"

namespace castor::gemini {
namespace {

class EntryTableTest : public testing::Test {
 protected:
  EntryTableTest() { key_.Add("key", 7); }

  std::vector<std::byte*> Put(int from, int count) {
    const Keys keys = key_.view();
    const std::vector<int32_t> rows(static_cast<size_t>(count), 0);
    std::vector<std::string> names;
    for (int i = 0; i < count; ++i) names.push_back("u" + std::to_string(from + i));
    const std::vector<std::string_view> views(names.begin(), names.end());
    std::vector<std::byte*> payloads(rows.size());
    table_->Lookup({keys, rows, views}, Access::kFindOrCreate, 0, payloads.data(), nullptr,
                   &missing_);
    return payloads;
  }
  void Clear() {
    constexpr int32_t kRow = 0;
    table_->Clear(key_.view(), {&kRow, 1}, &missing_);
  }
  size_t Count(Access access = Access::kRead) {
    constexpr int32_t kRow = 0;
    std::vector<uint64_t> handles;
    table_->Locate(key_.view(), {&kRow, 1}, &handles, &missing_);
    std::vector<EntryView> page;
    for (uint64_t cursor = 0; cursor != EntryTable::kEndOfEntries;) {
      table_->Walk(handles[0], access, 0, &cursor, 1000, &page);
    }
    return page.size();
  }

  MemoryTier tier_{8, GroupOfHash};
  EntryTable* const table_ = tier_.AddEntryTable({{1, 0}, {16, {}}});
  KeyList key_;
  std::vector<uint32_t> missing_;
};

TEST_F(EntryTableTest, ClearingManyEntriesIsOneMark) {
  constexpr int kMany = 100'000;
  for (int from = 0; from < kMany; from += 1000) Put(from, 1000);
  EntryBuffer first;
  tier_.StartCut(&first);
  EXPECT_EQ(FinishCut(&tier_, &first).size(), static_cast<size_t>(kMany));
  const int64_t full = tier_.used_bytes();

  Clear();
  EXPECT_EQ(Count(), 0u);
  EXPECT_GT(tier_.used_bytes(), full / 2) << "nothing is freed at once";
  Put(0, 3);
  EXPECT_EQ(Count(), 3u);
  EntryBuffer second;
  tier_.StartCut(&second);
  std::vector<EntryKind> kinds = FinishCut(&tier_, &second);
  ASSERT_EQ(kinds.size(), 4u);
  EXPECT_EQ(std::count(kinds.begin(), kinds.end(), EntryKind::kClear), 1);

  int slices = 0;
  while (tier_.FreeDropped(1000)) ++slices;
  EXPECT_GE(slices, kMany / 1000 - 1);
  EXPECT_LT(tier_.used_bytes(), 2000);
  EXPECT_EQ(Count(), 3u);
}

// Else a cut would write what was only looked at.
TEST_F(EntryTableTest, WalkingMarksEntriesAsChangedOnlyIfTheyMayBe) {
  Put(0, 30);
  EntryBuffer first, second, third;
  tier_.StartCut(&first);
  FinishCut(&tier_, &first);
  EXPECT_EQ(Count(Access::kRead), 30u);
  tier_.StartCut(&second);
  EXPECT_EQ(FinishCut(&tier_, &second).size(), 0u);
  EXPECT_EQ(Count(Access::kFind), 30u);
  tier_.StartCut(&third);
  EXPECT_EQ(FinishCut(&tier_, &third).size(), 30u);
}

// Entries that come one after the other are found by the head of the first.
TEST_F(EntryTableTest, EachEntryOfABatchIsItsKeys) {
  key_.Add("other", 8);
  const std::vector<int32_t> rows{0, 0, 1, 1, 0, 1};
  const std::vector<std::string_view> names{"a", "b", "a", "b", "a", "c"};
  std::vector<std::byte*> made(rows.size()), found(rows.size());
  std::vector<uint8_t> created(rows.size(), 0);
  const Keys keys = key_.view();
  table_->Lookup({keys, rows, names}, Access::kFind, 0, found.data(), nullptr, &missing_);
  EXPECT_EQ(found, std::vector<std::byte*>(rows.size(), nullptr));
  table_->Lookup({keys, rows, names}, Access::kFindOrCreate, 0, made.data(), created.data(),
                 &missing_);
  EXPECT_EQ(created, (std::vector<uint8_t>{1, 1, 1, 1, 0, 1}));
  EXPECT_EQ(made[0], made[4]);
  EXPECT_NE(made[0], made[2]);
  EXPECT_EQ(table_->heads(), 2u);
  EXPECT_EQ(Count(), 2u);
  table_->Lookup({keys, rows, names}, Access::kFind, 0, found.data(), nullptr, &missing_);
  EXPECT_EQ(found, made);
}

// Nobody but the tier knows of entries that were never saved.
TEST_F(EntryTableTest, WhatWasNeverSavedLeavesNothing) {
  const int64_t empty = tier_.used_bytes();
  Put(0, 5000);
  Clear();
  Put(0, 10);
  Clear();
  while (tier_.FreeDropped(100)) {
  }
  EXPECT_EQ(tier_.used_bytes(), empty);
  EXPECT_EQ(table_->heads(), 0u);
}

// A cut holds what there was, though it has been cleared since and is being freed.
TEST_F(EntryTableTest, ACutHoldsWhatIsClearedAfterIt) {
  Put(0, 500);
  EntryBuffer buffer;
  tier_.StartCut(&buffer);
  tier_.SaveSome(50);
  Clear();
  while (tier_.FreeDropped(100)) {
  }
  Put(1000, 5);
  const std::vector<EntryKind> kinds = FinishCut(&tier_, &buffer);
  EXPECT_EQ(std::count(kinds.begin(), kinds.end(), EntryKind::kPut), 500);
  EntryBuffer next;
  tier_.StartCut(&next);
  EXPECT_EQ(FinishCut(&tier_, &next).size(), 6u) << "a clear and what was put since";
}

// Else the clear would be in the newer of two runs, and hide what came after it.
TEST_F(EntryTableTest, NoEntryIsSavedBeforeTheClearThatItFollows) {
  Put(0, 3);
  EntryBuffer before;
  tier_.StartCut(&before);
  FinishCut(&tier_, &before);
  Clear();
  Put(0, 3);
  EntryBuffer first, second;
  tier_.StartCut(&first);
  Put(1, 1);  // saves the entry as it was
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first.EntryAt(0).kind, EntryKind::kClear);
  EXPECT_EQ(first.EntryAt(1).kind, EntryKind::kPut);
  tier_.SetCutBuffer(&second);
  EXPECT_EQ(FinishCut(&tier_, &second), std::vector<EntryKind>(2, EntryKind::kPut));
}

}  // namespace
}  // namespace castor::gemini
