#include "operator/window_rank/window_rank.h"

#include <gtest/gtest.h>

#include "operator/api/operator_test_harness.h"

namespace castor::window_rank {
namespace {

using Rows = std::vector<std::string>;

const LogicalType kTime = LogicalType::Timestamp(3);
const LogicalType kInput = LogicalType::Row(
    {{"k", LogicalType::Integer()}, {"v", LogicalType::Integer()}, {"t", kTime}, {"e", kTime}});

struct Row {
  int32_t k;
  int32_t v;
  int64_t t;
  int64_t window_end;
};

Batch MakeRows(const std::vector<Row>& rows) {
  std::vector<std::optional<int32_t>> k, v;
  std::vector<std::optional<int64_t>> t, e;
  for (const Row& row : rows) {
    k.push_back(row.k), v.push_back(row.v), t.push_back(row.t), e.push_back(row.window_end);
  }
  return MakeBatch({MakeColumn<int32_t>(LogicalType::Integer(), k),
                    MakeColumn<int32_t>(LogicalType::Integer(), v), MakeColumn<int64_t>(kTime, t),
                    MakeColumn<int64_t>(kTime, e)});
}

// The two largest values of each key and window of ten milliseconds.
class WindowRankTest : public testing::Test {
 protected:
  WindowRankTest() {
    node_.partition = {0};
    node_.order = {{1, false, true}};
    node_.end = 2;
    node_.windowing.kind = plan::WindowingStrategy::Kind::kWindowAttached;
    node_.windowing.window.size_ms = node_.windowing.window.slide_ms = 10;
    node_.windowing.window_end = 3;
    node_.windowing.time_attribute_type = kTime;
  }
  std::unique_ptr<OperatorTestHarness> Harness() {
    Configuration configuration;
    configuration.Set("table.local-time-zone", "UTC");
    auto harness = std::make_unique<OperatorTestHarness>(
        [this] { return WindowRank::Make({node_, bundle_, {kInput}}).value(); }, configuration);
    harness->context().set_batch_rows(1);
    return harness;
  }

  plan::WindowRank node_;
  const plan::Bundle bundle_;
};

TEST_F(WindowRankTest, TheFirstRowsComeWhenTheWatermarkHasPassedTheirWindow) {
  node_.output_row_number = true;
  std::vector<LogicalType::Field> fields = kInput.fields();
  fields.push_back({"n", LogicalType::BigInt(false)});
  node_.output_type = LogicalType::Row(fields);
  const auto rank = Harness();
  EXPECT_EQ(
      rank->Process(
          0,
          MakeRows({{1, 5, 1, 10}, {1, 7, 2, 10}, {1, 6, 3, 10}, {1, 9, 12, 20}, {1, 7, 4, 10}})),
      Rows{});
  rank->SaveAndRestore();
  EXPECT_EQ(rank->Watermark(8), Rows{"W(8)"});
  EXPECT_EQ(rank->Watermark(9), (Rows{"+I(1,7,2,10,1)", "+I(1,7,4,10,2)", "W(9)"}));
  rank->SaveAndRestore();
  rank->Process(0, MakeRows({{1, 8, 5, 10}, {2, 1, 15, 20}}));
  EXPECT_EQ(rank->context().metrics().Counter("numLateRecordsDropped")->Get(), 1);
  Rows rest = rank->Watermark(kMaxWatermark);
  std::sort(rest.begin(), rest.end());
  EXPECT_EQ(rest, (Rows{"+I(1,9,12,20,1)", "+I(2,1,15,20,1)", "W(max)"}));
}

TEST_F(WindowRankTest, AnOffsetSkips) {
  node_.start = 2;
  const auto rank = Harness();
  rank->Process(0, MakeRows({{1, 5, 1, 10}, {1, 7, 2, 10}, {1, 6, 3, 10}}));
  EXPECT_EQ(rank->Watermark(9), (Rows{"+I(1,6,3,10)", "W(9)"}));
}

TEST_F(WindowRankTest, TheLastByTimeIsTheLastToArriveOfEqualTimes) {
  node_.end = 1;
  node_.order = {{2, false, true}};
  node_.latest_first = true;
  const auto last = Harness();
  last->Process(0, MakeRows({{1, 5, 3, 10}, {1, 6, 4, 10}, {1, 7, 4, 10}, {1, 8, 1, 10}}));
  EXPECT_EQ(last->Watermark(9), (Rows{"+I(1,7,4,10)", "W(9)"}));
  node_.order = {{2, true, false}};
  node_.latest_first = false;
  const auto first = Harness();
  first->Process(0, MakeRows({{1, 5, 3, 10}, {1, 6, 2, 10}, {1, 7, 2, 10}}));
  EXPECT_EQ(first->Watermark(9), (Rows{"+I(1,6,2,10)", "W(9)"}));
}

TEST_F(WindowRankTest, RefusesProcessingTime) {
  node_.windowing.is_rowtime = false;
  EXPECT_EQ(WindowRank::Make({node_, bundle_, {kInput}}).status().code(), StatusCode::kUnsupported);
}

}  // namespace
}  // namespace castor::window_rank
