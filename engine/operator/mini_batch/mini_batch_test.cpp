#include "operator/mini_batch/mini_batch.h"

#include <gmock/gmock.h>

#include "operator/api/operator_test_harness.h"
#include "plan/nodes/time.h"

namespace castor {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class MiniBatchTest : public testing::Test {
 protected:
  OperatorTestHarness::Make Make(plan::MiniBatchAssigner::Mode mode, int64_t interval) {
    node_.mode = mode;
    node_.interval_ms = interval;
    return [this] { return MakeMiniBatchAssigner({node_, bundle_, {}}).value(); };
  }
  static Batch Rows(const std::vector<std::optional<int32_t>>& values,
                    std::vector<WatermarkMark> marks = {}) {
    return MakeBatch({MakeColumn<int32_t>(LogicalType::Integer(), values)}, {}, std::move(marks));
  }

  plan::MiniBatchAssigner node_;
  const plan::Bundle bundle_;
};

TEST_F(MiniBatchTest, ProcessingTimeStartsBatchesByTheClock) {
  OperatorTestHarness harness(Make(plan::MiniBatchAssigner::Mode::kProcTime, 100));
  EXPECT_THAT(harness.Process(0, Rows({1}, {{1, 7}})), ElementsAre("+I(1)"));
  harness.context().manual_clock().Set(250);
  EXPECT_THAT(harness.Process(0, Rows({2})), ElementsAre("W(200)", "+I(2)"));
  EXPECT_THAT(harness.Process(0, Rows({3})), ElementsAre("+I(3)"));
  EXPECT_THAT(harness.PassTime(450), ElementsAre("W(300)", "W(400)"));
  EXPECT_EQ(harness.context().requested(), 500);
  EXPECT_THAT(harness.Watermark(999), IsEmpty());
  EXPECT_THAT(harness.Watermark(kMaxWatermark), ElementsAre("W(max)"));
  EXPECT_THAT(harness.Watermark(kMaxWatermark), IsEmpty());
}

TEST_F(MiniBatchTest, EventTimeThinsWatermarksOut) {
  OperatorTestHarness harness(Make(plan::MiniBatchAssigner::Mode::kRowTime, 10));
  EXPECT_THAT(harness.Watermark(8), IsEmpty());
  EXPECT_THAT(harness.Watermark(9), ElementsAre("W(9)"));
  EXPECT_THAT(harness.Process(0, Rows({1, 2, 3}, {{1, 18}, {2, 21}, {3, 28}})),
              ElementsAre("+I(1)", "+I(2)", "W(21)", "+I(3)"));
  EXPECT_THAT(harness.Watermark(35), ElementsAre("W(35)"));
  EXPECT_THAT(harness.Watermark(36), IsEmpty());
  EXPECT_THAT(harness.EndInput(0), ElementsAre("W(36)"));
}

TEST_F(MiniBatchTest, TheLastWatermarkPassesOnce) {
  OperatorTestHarness harness(Make(plan::MiniBatchAssigner::Mode::kRowTime, 10));
  EXPECT_THAT(harness.Watermark(kMaxWatermark), ElementsAre("W(max)"));
  EXPECT_THAT(harness.EndInput(0), IsEmpty());
}

TEST_F(MiniBatchTest, RefusesAnIntervalOfZero) {
  node_.interval_ms = 0;
  EXPECT_FALSE(MakeMiniBatchAssigner({node_, bundle_, {}}).ok());
}

}  // namespace
}  // namespace castor
