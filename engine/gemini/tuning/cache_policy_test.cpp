#include "gemini/tuning/cache_policy.h"

#include <gtest/gtest.h>

namespace castor::gemini {
namespace {

constexpr double kEnough = 100;

TEST(CachePolicyTest, AStepGoesToWhomItSparesMore) {
  const auto more = DecideCache({0, 10, 40, 1000, 0, 200}, kEnough);
  ASSERT_TRUE(more.has_value());
  EXPECT_EQ(more->bytes, 10);
  const auto less = DecideCache({20, 10, 40, 300, 100, 1000}, kEnough);
  ASSERT_TRUE(less.has_value());
  EXPECT_EQ(less->bytes, 10);
}

TEST(CachePolicyTest, HasItsLimits) {
  EXPECT_FALSE(DecideCache({40, 10, 40, 1000, 900, 0}, kEnough).has_value());
  EXPECT_EQ(DecideCache({5, 10, 40, 0, 0, 1000}, kEnough)->bytes, 0);
  EXPECT_FALSE(DecideCache({0, 10, 40, 0, 0, 1000}, kEnough).has_value());
}

TEST(CachePolicyTest, WhatIsNearlyAsGoodOrHardlyMattersStays) {
  EXPECT_FALSE(DecideCache({10, 10, 40, 1000, 1000, 900}, kEnough).has_value());
  EXPECT_FALSE(DecideCache({10, 10, 40, 50, 0, 20}, kEnough).has_value());
}

}  // namespace
}  // namespace castor::gemini
