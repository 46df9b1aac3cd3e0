#include "connector/latency/latency_histogram.h"

#include <gtest/gtest.h>

namespace castor::connector::latency {
namespace {

TEST(LatencyHistogram, BucketsAreNarrowAndWithoutGaps) {
  int32_t last = -1;
  for (uint64_t value = 0; value < 100'000; ++value) {
    const int32_t bucket = LatencyHistogram::BucketOf(value);
    ASSERT_TRUE(bucket == last || bucket == last + 1) << value;
    ASSERT_LE(LatencyHistogram::LowerBound(bucket), value);
    ASSERT_GT(LatencyHistogram::LowerBound(bucket + 1), value);
    ASSERT_LE(value - LatencyHistogram::LowerBound(bucket), value / 64);
    last = bucket;
  }
}

TEST(LatencyHistogram, TakesTheLargestValue) {
  LatencyHistogram histogram;
  histogram.Count(std::numeric_limits<int64_t>::max(), 1);
  histogram.Count(-5, 2);
  EXPECT_EQ(histogram.ToJson(), R"({"rows":3,"buckets":[[0,2],[9151314442816847872,1]]})");
}

TEST(LatencyHistogram, SnapshotsMerge) {
  LatencyHistogram one, other;
  one.Count(3, 1);
  one.Count(129, 2);
  other.Count(3, 4);
  const auto restored = LatencyHistogram::Deserialize(other.Serialize());
  ASSERT_TRUE(restored.ok());
  one.Add(*restored);
  EXPECT_EQ(one.ToJson(), R"({"rows":7,"buckets":[[3,5],[128,2]]})");
  EXPECT_EQ(LatencyHistogram::Deserialize("1234").status().code(), StatusCode::kIncompatible);
}

}  // namespace
}  // namespace castor::connector::latency
