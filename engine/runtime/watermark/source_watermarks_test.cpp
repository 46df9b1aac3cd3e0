#include "runtime/watermark/source_watermarks.h"

#include <gtest/gtest.h>

namespace castor::runtime {
namespace {

// The watermark of a row is its BIGINT; -1 stands for NULL.
class FromColumn final : public WatermarkGenerator {
 public:
  Status Evaluate(const Batch& batch, std::vector<TimestampMs>* watermarks) override {
    const auto* values = batch.columns[0]->values<int64_t>();
    watermarks->clear();
    for (int32_t i = 0; i < batch.num_rows; ++i) {
      watermarks->push_back(values[i] == -1 ? kMinTimestamp : values[i]);
    }
    return Status::OK();
  }
};

Batch Rows(const std::vector<int64_t>& values) {
  const auto count = static_cast<int32_t>(values.size());
  auto column = Column::MakeFlat(LogicalType::BigInt(), count);
  std::copy(values.begin(), values.end(), column->mutable_values<int64_t>());
  return Batch(count, {column});
}

class SourceWatermarksTest : public ::testing::Test {
 protected:
  SourceWatermarks Make(bool on_event, int64_t idle_timeout_ms = 0) {
    WatermarkSettings settings;
    settings.make_generator = []() -> Result<std::unique_ptr<WatermarkGenerator>> {
      return std::unique_ptr<WatermarkGenerator>(std::make_unique<FromColumn>());
    };
    settings.on_event = on_event;
    settings.idle_timeout_ms = idle_timeout_ms;
    return SourceWatermarks(std::move(settings), clock_);
  }

  Batch Feed(SourceWatermarks& watermarks, const std::string& split,
             const std::vector<int64_t>& values) {
    Batch batch = Rows(values);
    EXPECT_TRUE(watermarks.OnBatch(split, &batch, &out_).ok());
    return batch;
  }

  // The watermark emitted `ms` later, kMinTimestamp if there was none.
  TimestampMs After(SourceWatermarks& watermarks, int64_t ms) {
    clock_.Advance(ms);
    watermarks.EmitPeriodic(clock_.NowMs(), &out_);
    TimestampMs last = kMinTimestamp;
    for (const auto& element : out_) {
      if (const auto* watermark = std::get_if<Watermark>(&element)) last = watermark->time;
      if (const auto* status = std::get_if<WatermarkStatus>(&element)) idle_ = status->idle;
    }
    out_.clear();
    return last;
  }

  ManualClock clock_{1000};
  std::deque<Output::Element> out_;
  bool idle_ = false;
};

TEST_F(SourceWatermarksTest, PeriodicEmissionGivesTheMinimumOfTheSplits) {
  auto watermarks = Make(false);
  ASSERT_TRUE(watermarks.AddSplit("a").ok());
  ASSERT_TRUE(watermarks.AddSplit("b").ok());
  EXPECT_TRUE(Feed(watermarks, "a", {5, 20, -1}).marks.empty());
  EXPECT_EQ(After(watermarks, 100), kMinTimestamp);  // too early
  EXPECT_EQ(After(watermarks, 100), kMinTimestamp);  // b has said nothing
  Feed(watermarks, "b", {7});
  EXPECT_EQ(After(watermarks, 200), 7);
  Feed(watermarks, "b", {3});  // never back
  EXPECT_EQ(After(watermarks, 200), kMinTimestamp);
  watermarks.RemoveSplit("b");
  EXPECT_EQ(After(watermarks, 200), 20);
}

TEST_F(SourceWatermarksTest, OnEventWatermarksAreMarksBehindTheirRows) {
  auto watermarks = Make(true);
  ASSERT_TRUE(watermarks.AddSplit("a").ok());
  const Batch batch = Feed(watermarks, "a", {5, 5, -1, 4, 9});
  ASSERT_EQ(batch.marks.size(), 2u);
  EXPECT_EQ(batch.marks[0].row, 1);
  EXPECT_EQ(batch.marks[0].watermark, 5);
  EXPECT_EQ(batch.marks[1].row, 5);
  EXPECT_EQ(batch.marks[1].watermark, 9);
}

TEST_F(SourceWatermarksTest, ASplitThatIsSilentTooLongDoesNotHoldBack) {
  auto watermarks = Make(false, 500);
  ASSERT_TRUE(watermarks.AddSplit("a").ok());
  ASSERT_TRUE(watermarks.AddSplit("b").ok());
  Feed(watermarks, "b", {10});
  TimestampMs seen = kMinTimestamp;
  for (int i = 0; i < 5; ++i) {
    Feed(watermarks, "b", {100 + i});
    seen = std::max(seen, After(watermarks, 200));
  }
  EXPECT_EQ(seen, 104);
  EXPECT_FALSE(idle_);
  for (int i = 0; i < 5; ++i) After(watermarks, 200);
  EXPECT_TRUE(idle_);  // all are silent now
  Feed(watermarks, "a", {200});
  EXPECT_EQ(After(watermarks, 200), 200);
  EXPECT_FALSE(idle_);
}

TEST_F(SourceWatermarksTest, MarksOfTheSourceItselfRise) {
  SourceWatermarks watermarks(WatermarkSettings(), clock_);
  Batch batch = Rows({1, 2});
  batch.marks = {{0, 10}, {1, 9}, {2, 11}};
  ASSERT_TRUE(watermarks.OnBatch("a", &batch, &out_).ok());
  ASSERT_EQ(batch.marks.size(), 2u);
  EXPECT_EQ(batch.marks[1].watermark, 11);
  EXPECT_EQ(watermarks.watermark(), 11);
}

TEST_F(SourceWatermarksTest, BackPressureIsNotIdleness) {
  auto watermarks = Make(false, 500);
  ASSERT_TRUE(watermarks.AddSplit("a").ok());
  Feed(watermarks, "a", {1});
  After(watermarks, 200);
  for (int i = 0; i < 10; ++i) {
    clock_.Advance(1000);
    watermarks.OnBlockedFor(1000);
    After(watermarks, 0);
  }
  EXPECT_FALSE(idle_);
}

}  // namespace
}  // namespace castor::runtime
