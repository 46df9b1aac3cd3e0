#include "operator/windowing/slice_assigner.h"

#include <gtest/gtest.h>

#include <random>

#include "column/test_columns.h"

namespace castor::windowing {
namespace {

using Kind = plan::WindowSpec::Kind;
using Strategy = plan::WindowingStrategy;
using Times = std::vector<TimestampMs>;

const LogicalType kTime = LogicalType::Timestamp(3);
const LogicalType kLocalTime(TypeKind::kTimestampLtz, true, 3);
const LogicalType kRow = LogicalType::Row({{"v", LogicalType::BigInt()}, {"t", kTime}});

Strategy Windows(Kind kind, int64_t size, int64_t slide = 0, int64_t offset = 0) {
  Strategy strategy;
  strategy.window.kind = kind;
  strategy.window.size_ms = size;
  strategy.window.slide_ms = kind == Kind::kTumbling ? size : slide;
  strategy.window.offset_ms = offset;
  strategy.time_attribute_type = kTime;
  strategy.time_attribute = 1;
  return strategy;
}

SliceAssigner Make(const Strategy& strategy, const std::string& zone = "UTC") {
  Configuration configuration;
  configuration.Set("table.local-time-zone", zone);
  Result<SliceAssigner> assigner = SliceAssigner::Make(strategy, kRow, configuration);
  EXPECT_TRUE(assigner.ok()) << assigner.status().ToString();
  return std::move(*assigner);
}

Batch MakeTimes(const std::vector<std::optional<int64_t>>& times) {
  return Batch(static_cast<int32_t>(times.size()),
               {Column::MakeNull(LogicalType::BigInt(), static_cast<int32_t>(times.size())),
                MakeColumn<int64_t>(kTime, times)});
}

Times Assign(SliceAssigner assigner, const std::vector<std::optional<int64_t>>& times) {
  Times slices;
  const Status assigned = assigner.Assign(MakeTimes(times), 0, &slices);
  EXPECT_TRUE(assigned.ok()) << assigned.ToString();
  return slices;
}

TEST(SliceAssigner, AggregatesNeedWholeSlices) {
  EXPECT_TRUE(Make(Windows(Kind::kHopping, 10, 5)).CheckWholeSlices().ok());
  EXPECT_TRUE(Make(Windows(Kind::kCumulative, 10, 2)).CheckWholeSlices().ok());
  EXPECT_TRUE(Make(Windows(Kind::kTumbling, 10)).CheckWholeSlices().ok());
  const Status hop = Make(Windows(Kind::kHopping, 10, 4)).CheckWholeSlices();
  EXPECT_EQ(hop.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(hop.message().find("size 10 ms and slide 4 ms"), std::string::npos);
  EXPECT_FALSE(Make(Windows(Kind::kCumulative, 10, 4)).CheckWholeSlices().ok());
}

TEST(SliceAssigner, Tumbling) {
  EXPECT_EQ(Assign(Make(Windows(Kind::kTumbling, 10)), {0, 9, 10, -1, -10, -11}),
            (Times{10, 10, 20, 0, 0, -10}));
  EXPECT_EQ(Assign(Make(Windows(Kind::kTumbling, 10, 0, 3)), {2, 3, 12, 13}),
            (Times{3, 13, 13, 23}));
  EXPECT_EQ(Assign(Make(Windows(Kind::kTumbling, 10, 0, -3)), {6, 7}), (Times{7, 17}));
  const SliceAssigner assigner = Make(Windows(Kind::kTumbling, 10));
  EXPECT_FALSE(assigner.shared());
  EXPECT_EQ(assigner.WindowStart(20), 10);
  EXPECT_EQ(assigner.LastWindowEnd(20), 20);
}

TEST(SliceAssigner, Hopping) {
  const SliceAssigner assigner = Make(Windows(Kind::kHopping, 10, 2));
  EXPECT_TRUE(assigner.shared());
  EXPECT_EQ(Assign(assigner, {0, 1, 2, 11}), (Times{2, 2, 4, 12}));
  EXPECT_EQ(assigner.LastWindowEnd(2), 10);
  EXPECT_EQ(assigner.WindowStart(10), 0);
  EXPECT_EQ(assigner.FirstSlice(10), 2);
  EXPECT_EQ(assigner.interval_ms(), 2);
  EXPECT_EQ(assigner.FirstUnfiredWindow(2, 4), 6);
  EXPECT_EQ(assigner.FirstUnfiredWindow(2, 5), 8);
}

TEST(SliceAssigner, Cumulative) {
  const SliceAssigner assigner = Make(Windows(Kind::kCumulative, 10, 2, 1));
  EXPECT_TRUE(assigner.cumulative());
  EXPECT_EQ(Assign(assigner, {1, 2, 3, 10, 11}), (Times{3, 3, 5, 11, 13}));
  EXPECT_EQ(assigner.WindowStart(5), 1);
  EXPECT_EQ(assigner.WindowStart(11), 1);
  EXPECT_EQ(assigner.LastWindowEnd(3), 11);
  EXPECT_EQ(assigner.LastWindowEnd(11), 11);
  EXPECT_EQ(assigner.FirstSlice(9), 3);
}

TEST(SliceAssigner, WindowsAndSlicesThatRowsBring) {
  Strategy attached = Windows(Kind::kHopping, 10, 2);
  attached.kind = Strategy::Kind::kWindowAttached;
  attached.window_end = 1;
  EXPECT_EQ(Assign(Make(attached), {10, 12}), (Times{10, 12}));
  EXPECT_FALSE(Make(attached).shared());
  EXPECT_EQ(Make(attached).WindowStart(12), 2);

  Strategy sliced = Windows(Kind::kHopping, 10, 2);
  sliced.kind = Strategy::Kind::kSliceAttached;
  EXPECT_EQ(Assign(Make(sliced), {2, 4}), (Times{2, 4}));
  EXPECT_TRUE(Make(sliced).shared());
}

TEST(SliceAssigner, ProcessingTimeIsTheSameForAllRows) {
  Strategy strategy = Windows(Kind::kTumbling, 3'600'000);
  strategy.is_rowtime = false;
  strategy.time_attribute_type = kLocalTime;
  SliceAssigner assigner = Make(strategy, "Asia/Kolkata");  // +05:30
  Times slices;
  ASSERT_TRUE(assigner.Assign(MakeTimes({1, 2}), 0, &slices).ok());
  EXPECT_EQ(slices, (Times{6 * 3'600'000, 6 * 3'600'000}));
  EXPECT_EQ(assigner.TriggerInstant(6 * 3'600'000), 1'800'000 - 1);
}

TEST(SliceAssigner, WindowsOfADayThatIsShort) {
  Strategy strategy = Windows(Kind::kTumbling, 24 * 3'600'000);
  strategy.time_attribute_type = kLocalTime;
  SliceAssigner assigner = Make(strategy, "America/Los_Angeles");
  constexpr TimestampMs kBegin = 1'615'708'800'000;      // 2021-03-14 00:00 there
  constexpr TimestampMs kWallEnd = 1'615'766'400'000;    // the wall's 2021-03-15 00:00
  constexpr TimestampMs kEnd = kBegin + 23 * 3'600'000;  // one hour is skipped
  EXPECT_EQ(Assign(assigner, {kBegin - 1, kBegin, kEnd - 1, kEnd}),
            (Times{kWallEnd - 86'400'000, kWallEnd, kWallEnd, kWallEnd + 86'400'000}));
  EXPECT_EQ(assigner.TriggerInstant(kWallEnd), kEnd - 1);
  EXPECT_FALSE(assigner.IsFired(kWallEnd, kEnd - 2));
  EXPECT_TRUE(assigner.IsFired(kWallEnd, kEnd - 1));
}

TEST(SliceAssigner, RefusesSessionsAndNullTimes) {
  Configuration configuration;
  EXPECT_EQ(SliceAssigner::Make(Windows(Kind::kSession, 10), kRow, configuration).status().code(),
            StatusCode::kUnsupported);
  Times slices;
  EXPECT_FALSE(
      Make(Windows(Kind::kTumbling, 10)).Assign(MakeTimes({1, std::nullopt}), 0, &slices).ok());
}

// Every window that holds a time is found through the time's slice, and no other.
TEST(SliceAssigner, SlicesMakeUpTheWindows) {
  std::mt19937_64 random(3);
  for (int run = 0; run < 200; ++run) {
    const bool hopping = random() % 2 == 0;
    const int64_t slide = 1 + static_cast<int64_t>(random() % 5);
    const bool cut = hopping && random() % 2 == 0;
    const auto factor = static_cast<int64_t>(random() % 5);
    const int64_t size = cut ? 1 + static_cast<int64_t>(random() % 20) : slide * (1 + factor);
    const int64_t offset = static_cast<int64_t>(random() % 9) - 4;
    SliceAssigner assigner =
        Make(Windows(hopping ? Kind::kHopping : Kind::kCumulative, size, slide, offset));
    if (cut) assigner.CutHoppingWindows();
    const TimestampMs time = static_cast<int64_t>(random() % 100) - 50;
    const TimestampMs slice = Assign(assigner, {time})[0];
    Times windows;
    for (TimestampMs end = assigner.FirstUnfiredWindow(slice, kMinTimestamp);
         end <= assigner.LastWindowEnd(slice); end += assigner.interval_ms()) {
      windows.push_back(end);
    }
    Times expected;
    for (TimestampMs end = -200; end < 200; ++end) {
      // Hopping windows start, cumulative ones end, `slide` apart from the offset.
      const int64_t from_offset = hopping ? end - size - offset : end - offset;
      if (from_offset % slide != 0 || end <= time) continue;
      if (assigner.WindowStart(end) <= time) expected.push_back(end);
    }
    ASSERT_EQ(windows, expected) << "run " << run;
  }
}

}  // namespace
}  // namespace castor::windowing
