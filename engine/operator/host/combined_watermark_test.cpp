#include "operator/host/combined_watermark.h"

#include <gtest/gtest.h>

namespace castor::host {
namespace {

TEST(CombinedWatermark, IsTheMinimumOfActiveParts) {
  CombinedWatermark combined(2);
  EXPECT_FALSE(combined.Update(0, 10));
  EXPECT_TRUE(combined.Update(1, 5));
  EXPECT_EQ(combined.watermark(), 5);
  combined.SetIdle(1, true);
  EXPECT_TRUE(combined.Combine());
  EXPECT_EQ(combined.watermark(), 10);
  EXPECT_FALSE(combined.idle());
}

TEST(CombinedWatermark, AllIdleGivesTheMaximumInWhateverOrder) {
  for (const int first : {0, 1}) {
    CombinedWatermark combined(2);
    combined.Update(0, 4);
    combined.Update(1, 5);
    combined.SetIdle(first, true);
    combined.Combine();
    combined.SetIdle(1 - first, true);
    combined.Combine();
    EXPECT_EQ(combined.watermark(), 5);
    EXPECT_TRUE(combined.idle());
  }
}

TEST(CombinedWatermark, PartsComeAndGo) {
  CombinedWatermark combined;
  EXPECT_FALSE(combined.Combine());
  const int a = combined.Add();
  const int b = combined.Add();
  combined.Update(a, 7);
  combined.Remove(b);
  EXPECT_TRUE(combined.Combine());
  EXPECT_EQ(combined.watermark(), 7);
  EXPECT_EQ(combined.Add(), b);
  EXPECT_EQ(combined.of(b), kMinTimestamp);
}

}  // namespace
}  // namespace castor::host
