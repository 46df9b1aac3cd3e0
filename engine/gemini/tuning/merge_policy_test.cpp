#include "gemini/tuning/merge_policy.h"

#include <gtest/gtest.h>

namespace castor::gemini {
namespace {

constexpr double kReadCost = 8192, kEnough = 1 << 20, kMegabyte = 1 << 20;

MergeUse Use(size_t fan_in, double written, double probes, double walks) {
  return {fan_in, kMegabyte, 1024 * kMegabyte, written, probes, walks};
}

TEST(MergePolicyTest, WhereMuchIsWrittenManyBecomeOne) {
  const auto change = DecideMerging(Use(4, 1024 * kMegabyte, 1000, 0), kReadCost, kEnough);
  ASSERT_TRUE(change.has_value());
  EXPECT_EQ(change->fan_in, 16u);
}

TEST(MergePolicyTest, WhereMuchIsLookedUpFewDo) {
  for (const bool walks : {false, true}) {
    const auto change =
        DecideMerging(Use(16, kMegabyte, walks ? 0 : 1e7, walks ? 1e6 : 0), kReadCost, kEnough);
    ASSERT_TRUE(change.has_value());
    EXPECT_EQ(change->fan_in, 2u);
  }
}

TEST(MergePolicyTest, WhatIsNearlyAsGoodOrHardlyMattersStays) {
  EXPECT_FALSE(DecideMerging(Use(8, 1024 * kMegabyte, 1000, 0), kReadCost, kEnough).has_value());
  EXPECT_FALSE(DecideMerging(Use(4, kMegabyte / 8, 0, 0), kReadCost, kEnough).has_value());
  EXPECT_FALSE(DecideMerging({}, kReadCost, kEnough).has_value());
}

}  // namespace
}  // namespace castor::gemini
