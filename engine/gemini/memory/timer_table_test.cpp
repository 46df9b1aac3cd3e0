// What dropping a bucket costs, and that what it leaves for a while counts for nothing.
// (Contents are compared with a model in store/.)
#include "gemini/memory/timer_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "gemini/memory/memory_tier.h"
#include "gemini/memory/test_cut.h"
#include "gemini/memory/test_keys.h"

namespace castor::gemini {
namespace {

class TimerTableTest : public testing::Test {
 protected:
  static constexpr int kMany = 20'000;

  void Register(int count) {
    for (int i = 0; i < count; ++i) {
      const std::string key = KeyOfNumber(i);
      table_->Register(TimerOf(i, key));
    }
  }
  void Delete(int count) {
    for (int i = 0; i < count; ++i) {
      const std::string key = KeyOfNumber(i);
      EXPECT_TRUE(table_->Delete(TimerOf(i, key)));
    }
  }
  size_t Pop() {
    TimerPage page;
    int64_t cold_bucket = 0;
    EXPECT_TRUE(table_->PopDue(1000, SIZE_MAX, &page, &cold_bucket));
    return page.size();
  }
  // Until no more is to be freed: how often it took.
  int FreeAll(size_t slice) {
    int slices = 1;
    while (tier_.FreeDropped(slice)) ++slices;
    return slices;
  }
  std::vector<EntryKind> Cut() {
    EntryBuffer buffer;
    tier_.StartCut(&buffer);
    return FinishCut(&tier_, &buffer);
  }

  static std::string KeyOfNumber(int i) { return "key" + std::to_string(i); }
  // All of one bucket.
  static TimerView TimerOf(int i, const std::string& key) {
    return {10 + i % 900, HashOfNumber(static_cast<uint64_t>(i)), key, "n"};
  }

  MemoryTier tier_{8, GroupOfHash};
  TimerTable* const table_ = tier_.AddTimerTable({1, 1000, "timers"});
};

TEST_F(TimerTableTest, ADroppedBucketIsFreedInSlices) {
  const int64_t empty = tier_.used_bytes();
  Register(kMany);
  EXPECT_EQ(Cut().size(), static_cast<size_t>(kMany));
  const int64_t full = tier_.used_bytes();
  EXPECT_EQ(Pop(), static_cast<size_t>(kMany));
  EXPECT_EQ(table_->TakeDropped(), std::vector<int64_t>{0});
  EXPECT_EQ(tier_.used_bytes(), full) << "nothing is freed at once";
  EXPECT_GE(FreeAll(1000), kMany / 1000);
  EXPECT_EQ(tier_.used_bytes(), empty);
}

// Nor is a deletion written that only says what dropping the sections has said.
TEST_F(TimerTableTest, ADroppedBucketLeavesNothingToTheNextCut) {
  Register(kMany);
  Cut();
  Delete(kMany);
  EXPECT_EQ(table_->TakeDropped(), std::vector<int64_t>{0});
  tier_.FreeDropped(100);
  EXPECT_EQ(Cut().size(), 0u);
}

TEST_F(TimerTableTest, ACutHoldsDeletionsOfABucketThatIsDroppedAfterIt) {
  Register(500);
  Cut();
  Delete(200);
  EntryBuffer buffer;
  tier_.StartCut(&buffer);
  tier_.SaveSome(50);
  EXPECT_EQ(Pop(), 300u);
  EXPECT_EQ(table_->TakeDropped(), std::vector<int64_t>{0});
  tier_.FreeDropped(50);
  const std::vector<EntryKind> kinds = FinishCut(&tier_, &buffer);
  EXPECT_EQ(kinds, std::vector<EntryKind>(200, EntryKind::kDelete));
  FreeAll(100);
  EXPECT_EQ(Cut().size(), 0u);
}

// The same timers, while deletions of them are still being freed.
TEST_F(TimerTableTest, ADroppedBucketIsUsedAgain) {
  const int64_t empty = tier_.used_bytes();
  for (int round = 0; round < 3; ++round) {
    Register(kMany);
    EXPECT_EQ(Cut(), std::vector<EntryKind>(kMany, EntryKind::kPut));
    EXPECT_EQ(Pop(), static_cast<size_t>(kMany));
    EXPECT_EQ(table_->TakeDropped(), std::vector<int64_t>{0});
    tier_.FreeDropped(kMany / 2);
    Delete(kMany);  // says nothing of what there is not
    EXPECT_EQ(table_->NextTime(), TimerTable::kNever);
  }
  FreeAll(1000);
  EXPECT_EQ(tier_.used_bytes(), empty);
}

}  // namespace
}  // namespace castor::gemini
