#include "operator/host/watermark_valve.h"

#include <gtest/gtest.h>

namespace castor::host {
namespace {

TEST(WatermarkValve, PutsOutTheMinimumOfItsChannels) {
  WatermarkValve valve(2);
  EXPECT_FALSE(valve.OnWatermark(0, 10).has_value());
  EXPECT_EQ(valve.OnWatermark(1, 5), 5);
  EXPECT_EQ(valve.OnWatermark(1, 20), 10);
  EXPECT_FALSE(valve.OnWatermark(1, 15).has_value());
}

TEST(WatermarkValve, AnIdleChannelDoesNotHoldBack) {
  WatermarkValve valve(2);
  valve.OnWatermark(0, 10);
  const auto change = valve.OnStatus(1, true);
  EXPECT_EQ(change.watermark, 10);
  EXPECT_FALSE(change.idle.has_value());
}

TEST(WatermarkValve, AllIdleFlushesTheHighestAndSaysSo) {
  WatermarkValve valve(2);
  valve.OnWatermark(0, 10);
  valve.OnWatermark(1, 5);
  EXPECT_FALSE(valve.OnStatus(0, true).watermark.has_value());
  const auto change = valve.OnStatus(1, true);
  EXPECT_EQ(change.watermark, 10);
  EXPECT_EQ(change.idle, true);
  EXPECT_EQ(valve.OnStatus(0, false).idle, false);
}

// Flink 2.3 flushes only if the channel that idles last determined the watermark.
TEST(WatermarkValve, AllIdleKeepsTheWatermarkIfTheLastChannelWasAhead) {
  WatermarkValve valve(2);
  valve.OnWatermark(0, 10);
  valve.OnWatermark(1, 5);
  EXPECT_EQ(valve.OnStatus(1, true).watermark, 10);
  valve.OnWatermark(0, 12);
  EXPECT_EQ(valve.watermark(), 12);
  EXPECT_FALSE(valve.OnStatus(0, true).watermark.has_value());
}

TEST(WatermarkValve, AChannelThatLagsAfterIdlenessMustCatchUpFirst) {
  WatermarkValve valve(2);
  valve.OnWatermark(1, 5);
  valve.OnStatus(1, true);
  EXPECT_EQ(valve.OnWatermark(0, 20), 20);
  valve.OnStatus(1, false);
  EXPECT_EQ(valve.OnWatermark(0, 30), 30);  // channel 1 at 5 is not aligned: it does not hold back
  EXPECT_FALSE(valve.OnWatermark(1, 10).has_value());
  EXPECT_FALSE(valve.OnWatermark(1, 30).has_value());  // aligned again
  EXPECT_FALSE(valve.OnWatermark(0, 40).has_value());
  EXPECT_EQ(valve.OnWatermark(1, 35), 35);
}

TEST(WatermarkValve, WatermarksOfIdleChannelsAreIgnored) {
  WatermarkValve valve(1);
  valve.OnStatus(0, true);
  EXPECT_FALSE(valve.OnWatermark(0, 10).has_value());
}

}  // namespace
}  // namespace castor::host
