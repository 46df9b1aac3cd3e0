#include "operator/window_aggregate/updating_windows.h"

#include <gtest/gtest.h>

#include "operator/window_aggregate/test_rows.h"

namespace castor::window_aggregate {
namespace {

using Rows = std::vector<std::string>;
using Kind = plan::WindowSpec::Kind;

// SELECT k, SUM(v), window_start.
std::unique_ptr<OperatorTestHarness> Harness(const EmitStrategy& strategy, int64_t size,
                                             int64_t slide, bool retracts = false) {
  plan::WindowAggregate node;
  node.grouping = {0};
  plan::AggregateCall sum;
  sum.name = sum.function = sum.function_id = "SUM";
  sum.args = {1};
  sum.type = LogicalType::BigInt();
  node.calls = {sum};
  node.windowing.window.kind = size == slide ? Kind::kTumbling : Kind::kHopping;
  node.windowing.window.size_ms = size;
  node.windowing.window.slide_ms = slide;
  node.windowing.time_attribute = 2;
  node.windowing.time_attribute_type = kTime;
  node.properties = {{"s", plan::WindowProperty::Kind::kStart}};
  node.need_retraction = retracts;
  node.output_type = LogicalType::Row(
      {{"k", LogicalType::BigInt()}, {"sum", LogicalType::BigInt()}, {"s", kTime}});
  Configuration configuration;
  configuration.Set("table.local-time-zone", "UTC");
  return std::make_unique<OperatorTestHarness>(
      [node, strategy] { return std::make_unique<UpdatingWindows>(node, kInput, strategy); },
      configuration);
}

TEST(UpdatingWindows, ResultsAfterEachRow) {
  const auto windows = Harness({0, std::nullopt, 0}, 10, 10);
  EXPECT_EQ(windows->Process(0, MakeRows({{1, 5, 1}, {2, 0, 2}, {1, 0, 3}, {1, 2, 4}, {1, 3, 12}})),
            (Rows{"+I(1,5,0)", "+I(2,0,0)", "-U(1,5,0)", "+U(1,7,0)", "+I(1,3,10)"}));
  windows->SaveAndRestore();
  EXPECT_EQ(windows->Watermark(9), Rows{"W(9)"});                 // nothing new
  EXPECT_EQ(windows->Process(0, MakeRows({{1, 1, 5}})), Rows{});  // too late
  EXPECT_EQ(windows->context().metrics().Counter("numLateRecordsDropped")->Get(), 1);
  EXPECT_EQ(windows->Process(0, MakeRows({{1, 1, 15}})), (Rows{"-U(1,3,10)", "+U(1,4,10)"}));
}

TEST(UpdatingWindows, ARowIsInAllItsWindowsTheLastFirst) {
  const auto windows = Harness({0, std::nullopt, 0}, 10, 4);
  EXPECT_EQ(windows->Process(0, MakeRows({{1, 5, 9}})),
            (Rows{"+I(1,5,8)", "+I(1,5,4)", "+I(1,5,0)"}));
}

TEST(UpdatingWindows, ResultsAtTimesOfTheClock) {
  const auto windows = Harness({100, std::nullopt, 0}, 10, 10);
  EXPECT_EQ(windows->Process(0, MakeRows({{1, 5, 1}, {1, 6, 2}})), Rows{});
  EXPECT_EQ(windows->PassTime(100), Rows{"+I(1,11,0)"});
  windows->SaveAndRestore();
  windows->Process(0, MakeRows({{1, 1, 1}}));
  EXPECT_EQ(windows->PassTime(199), Rows{});
  EXPECT_EQ(windows->PassTime(200), (Rows{"-U(1,11,0)", "+U(1,12,0)"}));
  windows->Process(0, MakeRows({{1, 1, 1}}));
  EXPECT_EQ(windows->Watermark(20), (Rows{"-U(1,12,0)", "+U(1,13,0)", "W(20)"}));
  EXPECT_EQ(windows->PassTime(1000), Rows{});
}

TEST(UpdatingWindows, LateRowsChangeResultsAsLongAsTheyMay) {
  const auto windows = Harness({std::nullopt, 0, 20}, 10, 10);
  EXPECT_EQ(windows->Process(0, MakeRows({{1, 5, 1}})), Rows{});
  EXPECT_EQ(windows->Watermark(15), (Rows{"+I(1,5,0)", "W(15)"}));
  EXPECT_EQ(windows->Process(0, MakeRows({{1, 1, 2}, {2, 7, 2}})),
            (Rows{"-U(1,5,0)", "+U(1,6,0)", "+I(2,7,0)"}));
  EXPECT_EQ(windows->Watermark(29), Rows{"W(29)"});
  EXPECT_EQ(windows->Process(0, MakeRows({{1, 1, 2}})), Rows{});
}

TEST(UpdatingWindows, LateRowsByTheClock) {
  const auto windows = Harness({std::nullopt, 50, 100}, 10, 10);
  windows->Process(0, MakeRows({{1, 5, 1}}));
  EXPECT_EQ(windows->Watermark(15), (Rows{"+I(1,5,0)", "W(15)"}));
  EXPECT_EQ(windows->Process(0, MakeRows({{1, 1, 2}})), Rows{});
  EXPECT_EQ(windows->PassTime(50), (Rows{"-U(1,5,0)", "+U(1,6,0)"}));
}

TEST(UpdatingWindows, AWindowWithoutRowsLeftIsTakenBack) {
  const auto windows = Harness({0, std::nullopt, 0}, 10, 10, /*retracts=*/true);
  EXPECT_EQ(windows->Process(0, MakeRows({{1, 5, 1}, {1, 5, 1, RowKind::kDelete}})),
            (Rows{"+I(1,5,0)", "-D(1,5,0)"}));
  EXPECT_EQ(windows->Watermark(20), Rows{"W(20)"});
}

TEST(EmitStrategy, RefusesWhatFlinkRefuses) {
  plan::WindowingStrategy windowing;
  Configuration configuration;
  configuration.Set("table.exec.emit.late-fire.enabled", "true");
  EXPECT_FALSE(ReadEmitStrategy(windowing, configuration).ok());
  configuration.Set("table.exec.emit.late-fire.delay", "2 s");
  EXPECT_FALSE(ReadEmitStrategy(windowing, configuration).ok());
  configuration.Set("table.exec.emit.allow-lateness", "1 s");
  EXPECT_FALSE(ReadEmitStrategy(windowing, configuration).ok());
  configuration.Set("table.exec.emit.allow-lateness", "3 s");
  const Result<EmitStrategy> strategy = ReadEmitStrategy(windowing, configuration);
  ASSERT_TRUE(strategy.ok()) << strategy.status().ToString();
  EXPECT_EQ(strategy->late_delay_ms, 2000);
  EXPECT_EQ(strategy->lateness_ms, 3000);
  windowing.window.kind = Kind::kSession;
  EXPECT_FALSE(ReadEmitStrategy(windowing, configuration).ok());
}

}  // namespace
}  // namespace castor::window_aggregate
