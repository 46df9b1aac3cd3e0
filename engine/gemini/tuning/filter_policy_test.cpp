#include "gemini/tuning/filter_policy.h"

#include <gtest/gtest.h>

#include <vector>

namespace castor::gemini {
namespace {

constexpr double kEnough = 100;

// A byte of memory for records spares a hundredth of a read.
double ReadsWithin(int64_t bytes) { return static_cast<double>(bytes) / 100; }

TEST(FilterPolicyTest, AFilterThatSaysYesToEverythingLeaves) {
  const std::vector<FilterUse> runs = {{1 << 10, true, 5000, 0}, {1 << 20, true, 10, 0}};
  const auto change = DecideFilters(runs, ReadsWithin, kEnough);
  ASSERT_TRUE(change.has_value());
  EXPECT_EQ(change->run, 1u);
  EXPECT_FALSE(change->in_memory);
  EXPECT_NE(change->reason.find("1024 KB leaves memory"), std::string::npos) << change->reason;
}

TEST(FilterPolicyTest, AFilterComesBackWhenReadsAreInVain) {
  const std::vector<FilterUse> runs = {{1 << 20, false, 0, 20'000}};
  const auto change = DecideFilters(runs, ReadsWithin, kEnough);
  ASSERT_TRUE(change.has_value());
  EXPECT_TRUE(change->in_memory);
}

TEST(FilterPolicyTest, WhatIsNearlyAsGoodStays) {
  const std::vector<FilterUse> runs = {{1 << 20, true, 9000, 0}, {1 << 20, false, 0, 12'000}};
  EXPECT_FALSE(DecideFilters(runs, ReadsWithin, kEnough).has_value());
}

TEST(FilterPolicyTest, WhatHardlyMattersStays) {
  const std::vector<FilterUse> runs = {{1 << 10, true, 0, 0}, {0, true, 0, 0}};
  EXPECT_FALSE(DecideFilters(runs, ReadsWithin, kEnough).has_value());
}

}  // namespace
}  // namespace castor::gemini
