#include "operator/watermark_assigner/watermark_assigner.h"

#include <gmock/gmock.h>

#include "expr/testing.h"
#include "operator/api/operator_test_harness.h"
#include "operator/watermark_assigner/idleness.h"
#include "plan/nodes/time.h"

namespace castor {
namespace {

using expr::testing::Ref;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// (ts TIMESTAMP(3)), watermark = ts.
class WatermarkAssignerTest : public testing::Test {
 protected:
  void SetUp() override {
    node_.watermark = Ref(0, "TIMESTAMP(3)");
    node_.rowtime_field = 0;
  }
  std::unique_ptr<OperatorTestHarness> Open(const std::string& interval,
                                            const std::string& idle_timeout = "0 ms") {
    configuration_.Set("pipeline.auto-watermark-interval", interval);
    configuration_.Set("table.exec.source.idle-timeout", idle_timeout);
    return std::make_unique<OperatorTestHarness>(
        [this] { return MakeWatermarkAssigner({node_, bundle_, {input_}}).value(); },
        configuration_);
  }
  static Batch Rows(const std::vector<std::optional<int64_t>>& times,
                    std::vector<WatermarkMark> marks = {}) {
    return MakeBatch({MakeColumn<int64_t>(LogicalType::Timestamp(3), times)}, {}, std::move(marks));
  }

  const LogicalType input_ = LogicalType::Row({{"ts", LogicalType::Timestamp(3)}});
  plan::WatermarkAssigner node_;
  const plan::Bundle bundle_;
  Configuration configuration_;
};

TEST_F(WatermarkAssignerTest, StepsOfEventTimeDoNotWaitForTheTimer) {
  const auto harness = Open("50 ms");
  EXPECT_THAT(
      harness->Process(0, Rows({40, 51, 60, 30, 102, 101}, {{2, 1000}})),
      ElementsAre("+I(40)", "+I(51)", "W(51)", "+I(60)", "+I(30)", "+I(102)", "W(102)", "+I(101)"));
}

TEST_F(WatermarkAssignerTest, TheTimerEmitsWhatIsLeft) {
  const auto harness = Open("50 ms");
  EXPECT_THAT(harness->Process(0, Rows({30})), ElementsAre("+I(30)"));
  EXPECT_EQ(harness->context().requested(), 50);
  EXPECT_THAT(harness->PassTime(60), ElementsAre("W(30)"));
  EXPECT_THAT(harness->PassTime(500), IsEmpty());
}

TEST_F(WatermarkAssignerTest, AnIntervalOfZeroEmitsOnEveryAdvance) {
  const auto harness = Open("0 ms");
  EXPECT_THAT(harness->Process(0, Rows({1, 3, 2})),
              ElementsAre("+I(1)", "W(1)", "+I(3)", "W(3)", "+I(2)"));
  EXPECT_EQ(harness->context().requested(), kMaxWatermark);
}

TEST_F(WatermarkAssignerTest, OnlyTheLastWatermarkOfUpstreamPasses) {
  const auto harness = Open("50 ms");
  EXPECT_THAT(harness->Watermark(10), IsEmpty());
  EXPECT_THAT(harness->Watermark(kMaxWatermark), ElementsAre("W(max)"));
  EXPECT_THAT(harness->EndInput(0), IsEmpty());
  const auto without = Open("50 ms");
  EXPECT_THAT(without->EndInput(0), ElementsAre("W(max)"));
}

TEST_F(WatermarkAssignerTest, NullEventTimeFails) {
  const auto harness = Open("50 ms");
  EXPECT_THAT(harness->ErrorOf(0, Rows({1, std::nullopt})),
              HasSubstr("RowTime field 'ts' should not be null"));
}

// Flink's WatermarkAssignerOperatorTest.testIdlenessAndActivation in spirit: silent for the timeout
// means idle, a row means active again.
TEST_F(WatermarkAssignerTest, SilenceMakesIdle) {
  const auto harness = Open("50 ms", "1000 ms");
  harness->Process(0, Rows({1, 60}));
  EXPECT_THAT(harness->PassTime(900), IsEmpty());
  EXPECT_THAT(harness->PassTime(1200), ElementsAre("idle"));
  EXPECT_THAT(harness->PassTime(5000), IsEmpty());
  EXPECT_THAT(harness->Process(0, Rows({70})), ElementsAre("active", "+I(70)"));
  EXPECT_THAT(harness->PassTime(5100), ElementsAre("W(70)"));
}

TEST_F(WatermarkAssignerTest, TheEndMakesActive) {
  const auto harness = Open("50 ms", "100 ms");
  EXPECT_THAT(harness->PassTime(300), ElementsAre("idle"));
  EXPECT_THAT(harness->Watermark(kMaxWatermark), ElementsAre("active", "W(max)"));
}

TEST(IdlenessTest, TimersThatComeLateCountAsOne) {
  Idleness idleness(/*timeout_ms=*/100, /*timer_ms=*/10, /*now=*/0);
  idleness.CountRows(1);
  EXPECT_FALSE(idleness.Silent(10));
  EXPECT_FALSE(idleness.Silent(100'000));  // blocked for long: that is no silence
  for (int i = 1; i < 9; ++i) EXPECT_FALSE(idleness.Silent(100'000 + i * 10));
  EXPECT_TRUE(idleness.Silent(100'090));
}

}  // namespace
}  // namespace castor
