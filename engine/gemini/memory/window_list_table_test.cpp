// What cuts say of the rows of windows, and what dropping a window leaves. (Contents are compared
// with a model in store/.)
#include "gemini/memory/window_list_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "gemini/memory/memory_tier.h"
#include "gemini/memory/test_cut.h"
#include "gemini/memory/test_keys.h"

namespace castor::gemini {
namespace {

class WindowListTableTest : public testing::Test {
 protected:
  void Append(int64_t window, uint64_t first_key, int count) {
    NumberKeys keys;
    std::vector<std::string> rows;
    for (int i = 0; i < count; ++i) {
      keys.Add(first_key + static_cast<uint64_t>(i));
      rows.push_back("row " + std::to_string(i));
    }
    const std::vector<int64_t> windows(rows.size(), window);
    const std::vector<std::string_view> views(rows.begin(), rows.end());
    table_->Append(windows, keys.view(), views);
  }
  size_t Cut() {
    EntryBuffer buffer;
    tier_.StartCut(&buffer);
    return FinishCut(&tier_, &buffer).size();
  }

  MemoryTier tier_{8, GroupOfHash};
  WindowListTable* const table_ = tier_.AddWindowListTable({3, "rows", ""});
};

TEST_F(WindowListTableTest, ACutSaysWhatHasComeSinceTheLast) {
  Append(100, 0, 3000);
  EXPECT_EQ(Cut(), 3000u);
  EXPECT_EQ(Cut(), 0u);
  Append(100, 0, 7);
  Append(200, 0, 2);
  EXPECT_EQ(Cut(), 9u);
}

TEST_F(WindowListTableTest, WhatCouldNotBeWrittenIsSaidAgain) {
  Append(100, 0, 10);
  Cut();
  Append(100, 0, 5);
  EntryBuffer lost;
  tier_.StartCut(&lost);
  Append(100, 0, 1);
  while (tier_.SaveSome(1)) {
  }
  EXPECT_EQ(lost.size(), 5u);
  tier_.EndCut(/*durable=*/false);
  while (tier_.Settle(1)) {
  }
  EXPECT_GE(Cut(), 6u);
  EXPECT_EQ(Cut(), 0u);
}

TEST_F(WindowListTableTest, NumbersAscendInTheOrderOfAppending) {
  table_->NumberFrom(1000);
  for (int i = 0; i < 300; ++i) Append(100, 7, 1);
  EXPECT_EQ(table_->next_number(), 1300u);
  EntryBuffer buffer;
  tier_.StartCut(&buffer);
  FinishCut(&tier_, &buffer);
  std::vector<std::string> numbers;
  for (size_t i = 0; i < buffer.size(); ++i) numbers.emplace_back(buffer.EntryAt(i).user_key);
  EXPECT_TRUE(std::is_sorted(numbers.begin(), numbers.end()));
  EXPECT_EQ(std::adjacent_find(numbers.begin(), numbers.end()), numbers.end());
}

TEST_F(WindowListTableTest, ADroppedWindowIsFreedInSlicesAndSaysNothing) {
  Append(100, 0, 100'000);
  const int64_t full = tier_.used_bytes();
  table_->Drop(100);
  EXPECT_EQ(tier_.used_bytes(), full) << "nothing is freed at once";
  EXPECT_TRUE(table_->Windows().empty());
  int slices = 0;
  while (tier_.FreeDropped(10)) ++slices;
  EXPECT_GT(slices, 10);
  EXPECT_EQ(tier_.used_bytes(), 0);
  EXPECT_EQ(table_->index_bytes(), 0);
  EXPECT_EQ(Cut(), 0u);
}

// A cut holds what there was, though its window has been dropped since, and is being freed.
TEST_F(WindowListTableTest, ACutHoldsWhatIsDroppedAfterIt) {
  Append(100, 0, 5000);
  EntryBuffer buffer;
  tier_.StartCut(&buffer);
  tier_.SaveSome(50);
  table_->Drop(100);
  tier_.FreeDropped(3);
  Append(100, 0, 20);
  EXPECT_EQ(FinishCut(&tier_, &buffer).size(), 5000u);
  EXPECT_EQ(Cut(), 20u);
}

// A segment has many rows, and a slice is to take about as long whatever it saves.
TEST_F(WindowListTableTest, ASliceOfACutIsMeasuredInRows) {
  Append(100, 0, 50'000);
  EntryBuffer buffer;
  tier_.StartCut(&buffer);
  EXPECT_TRUE(tier_.SaveSome(1000));
  EXPECT_LT(buffer.size(), 3000u);
  FinishCut(&tier_, &buffer);
}

}  // namespace
}  // namespace castor::gemini
