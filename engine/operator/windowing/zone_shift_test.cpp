#include "operator/windowing/zone_shift.h"

#include <gtest/gtest.h>

namespace castor::windowing {
namespace {

constexpr int64_t kHour = 3'600'000;

ZoneShift Zone(const std::string& name) {
  Result<ZoneShift> shift = ZoneShift::Of(name);
  EXPECT_TRUE(shift.ok()) << shift.status().ToString();
  return *shift;
}

TEST(ZoneShift, UtcAndTimestampsWithoutZoneAreNotShifted) {
  EXPECT_TRUE(Zone("UTC").identity());
  EXPECT_TRUE(Zone("Etc/UTC").identity());
  Configuration berlin;
  berlin.Set("table.local-time-zone", "Europe/Berlin");
  EXPECT_TRUE(ZoneShift::OfTimes(LogicalType::Timestamp(3), berlin)->identity());
  EXPECT_FALSE(
      ZoneShift::OfTimes(LogicalType(TypeKind::kTimestampLtz, true, 3), berlin)->identity());
}

TEST(ZoneShift, FixedOffsets) {
  ZoneShift ahead = Zone("GMT+03:30");
  EXPECT_EQ(ahead.ToWall(0), 3 * kHour + kHour / 2);
  EXPECT_EQ(ahead.ToInstant(3 * kHour + kHour / 2), 0);
  EXPECT_EQ(ahead.ToTimer(0), -(3 * kHour + kHour / 2));
  EXPECT_EQ(Zone("GMT-8").ToWall(0), -8 * kHour);
  for (const char* wrong : {"GMT+", "GMT+3:", "GMT+3:5", "GMT+19", "GMT*3", "Mars/Olympus"}) {
    EXPECT_FALSE(ZoneShift::Of(wrong).ok()) << wrong;
  }
}

TEST(ZoneShift, TheMaxWatermarkIsNoTime) {
  ZoneShift shift = Zone("Asia/Shanghai");
  EXPECT_EQ(shift.ToWall(kMaxWatermark), kMaxWatermark);
  EXPECT_EQ(shift.ToInstant(kMaxWatermark), kMaxWatermark);
  EXPECT_EQ(shift.ToTimer(kMaxWatermark), kMaxWatermark);
}

// 2021-03-14 in Los Angeles: 02:00 to 03:00 does not exist. The instants are those that Flink's
// TimeWindowUtil names in its comments.
TEST(ZoneShift, WhenClocksGoForward) {
  ZoneShift shift = Zone("America/Los_Angeles");
  constexpr TimestampMs kMidnight = 1'615'680'000'000;  // the wall's 2021-03-14 00:00
  constexpr TimestampMs kGap = 1'615'716'000'000;       // the instant at which it becomes 03:00
  EXPECT_EQ(shift.ToWall(kGap - 1), kMidnight + 2 * kHour - 1);
  EXPECT_EQ(shift.ToWall(kGap), kMidnight + 3 * kHour);
  EXPECT_EQ(shift.ToInstant(kMidnight), kGap - 2 * kHour);
  EXPECT_EQ(shift.ToInstant(kMidnight + 2 * kHour), kGap);
  EXPECT_EQ(shift.ToInstant(kMidnight + 3 * kHour - 1), kGap + kHour - 1);
  EXPECT_EQ(shift.ToInstant(kMidnight + 3 * kHour), kGap);

  EXPECT_EQ(shift.ToTimer(kMidnight + kHour), kGap - kHour);
  EXPECT_EQ(shift.ToTimer(kMidnight + 2 * kHour), kGap);
  EXPECT_EQ(shift.ToTimer(kMidnight + 3 * kHour - 1), kGap);
  EXPECT_EQ(shift.ToTimer(kMidnight + 3 * kHour), kGap);
}

// 2021-11-07 in Los Angeles: 01:00 to 02:00 comes twice.
TEST(ZoneShift, WhenClocksGoBack) {
  ZoneShift shift = Zone("America/Los_Angeles");
  constexpr TimestampMs kMidnight = 1'636'243'200'000;
  constexpr TimestampMs kFirst = 1'636'272'000'000;  // 01:00 for the first time
  EXPECT_EQ(shift.ToWall(kFirst), kMidnight + kHour);
  EXPECT_EQ(shift.ToWall(kFirst + kHour), kMidnight + kHour);
  EXPECT_EQ(shift.ToWall(kFirst + 2 * kHour), kMidnight + 2 * kHour);
  EXPECT_EQ(shift.ToInstant(kMidnight + kHour), kFirst);
  EXPECT_EQ(shift.ToTimer(kMidnight), kFirst - kHour);
  EXPECT_EQ(shift.ToTimer(kMidnight + kHour), kFirst + kHour);
  EXPECT_EQ(shift.ToTimer(kMidnight + 2 * kHour), kFirst + 2 * kHour);
}

// Lord Howe moves its clocks by half an hour; Shanghai did so until 1991, and so has no daylight
// saving time in Java's eyes.
TEST(ZoneShift, TimersInOddZones) {
  ZoneShift lord_howe = Zone("Australia/Lord_Howe");
  constexpr TimestampMs kMidnight = 1'617'494'400'000;  // 2021-04-04 00:00, 02:00 becomes 01:30
  const TimestampMs first = lord_howe.ToInstant(kMidnight + 3 * kHour / 2);
  EXPECT_EQ(first, kMidnight + 3 * kHour / 2 - 11 * kHour);
  EXPECT_EQ(lord_howe.ToTimer(kMidnight + 3 * kHour / 2), first + kHour);

  ZoneShift shanghai = Zone("Asia/Shanghai");
  constexpr TimestampMs kAutumn = 674'006'400'000;  // 1991-05-12, in what was summer time
  EXPECT_EQ(shanghai.ToTimer(kAutumn), shanghai.ToInstant(kAutumn));
  constexpr TimestampMs kBack = 684'896'400'000;  // 1991-09-15 01:00, which came twice
  EXPECT_EQ(shanghai.ToTimer(kBack), shanghai.ToInstant(kBack));
}

}  // namespace
}  // namespace castor::windowing
