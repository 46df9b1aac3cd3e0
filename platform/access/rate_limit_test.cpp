#include "platform/access/rate_limit.h"

#include <gtest/gtest.h>

namespace castor::platform {
namespace {

TEST(RateLimitTest, ABurstAndThenAsManyAsASecondHas) {
  RateLimit limit(0.5, 3);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limit.Take("a", 1000), 0);
  EXPECT_EQ(limit.Take("a", 1000), 2);
  EXPECT_EQ(limit.Take("a", 2000), 1);
  EXPECT_EQ(limit.Take("a", 3000), 0);
  EXPECT_EQ(limit.Take("a", 3000), 2);
}

TEST(RateLimitTest, OneDoesNotTakeFromTheOther) {
  RateLimit limit(1, 1);
  EXPECT_EQ(limit.Take("a", 0), 0);
  EXPECT_EQ(limit.Take("b", 0), 0);
  EXPECT_EQ(limit.Take("a", 0), 1);
  limit.Forget("a");
  EXPECT_EQ(limit.Take("a", 0), 0);
}

TEST(RateLimitTest, AClockThatIsSetBackTakesNothingAway) {
  RateLimit limit(1, 2);
  EXPECT_EQ(limit.Take("a", 10'000), 0);
  EXPECT_EQ(limit.Take("a", 0), 0);
  EXPECT_EQ(limit.Take("a", 0), 1);
  EXPECT_EQ(limit.Take("a", 1000), 0);
}

TEST(RateLimitTest, MoreKeysThanThereIsRoomForShareABucket) {
  RateLimit limit(0.001, 2);
  for (size_t i = 0; i < RateLimit::kMostKeys; ++i) limit.Take(std::to_string(i), 0);
  EXPECT_EQ(limit.Take("x", 0), 0);
  EXPECT_EQ(limit.Take("y", 0), 0);
  EXPECT_GT(limit.Take("z", 0), 0);
  // Once the others are full they make room.
  EXPECT_EQ(limit.Take("z", 10'000'000), 0);
}

}  // namespace
}  // namespace castor::platform
