#include <gtest/gtest.h>

#include "operator/api/operator_test_harness.h"
#include "operator/window_table_function/window_table_function.h"
#include "plan/nodes/window_aggregate.h"

namespace castor::window_table_function {
namespace {

using Kind = plan::WindowSpec::Kind;
using Rows = std::vector<std::string>;

const LogicalType kTime = LogicalType::Timestamp(3);
const LogicalType kInput = LogicalType::Row({{"v", LogicalType::String()}, {"t", kTime}});

plan::WindowTableFunction MakeNode(Kind kind, int64_t size, int64_t slide) {
  plan::WindowTableFunction node;
  node.windowing.window.kind = kind;
  node.windowing.window.size_ms = size;
  node.windowing.window.slide_ms = slide;
  node.windowing.time_attribute = 1;
  node.windowing.time_attribute_type = kTime;
  std::vector<LogicalType::Field> fields = kInput.fields();
  for (const char* name : {"window_start", "window_end", "window_time"}) {
    fields.push_back({name, kTime});
  }
  node.output_type = LogicalType::Row(fields);
  return node;
}

std::unique_ptr<OperatorTestHarness> Harness(const plan::WindowTableFunction& node,
                                             const std::string& zone = "UTC") {
  Configuration configuration;
  configuration.Set("table.local-time-zone", zone);
  return std::make_unique<OperatorTestHarness>(
      [node] {
        static const plan::Bundle bundle;
        return MakeWindowTableFunction({node, bundle, {kInput}}).value();
      },
      configuration);
}

Batch MakeRows(const std::vector<std::optional<std::string>>& values,
               const std::vector<std::optional<int64_t>>& times,
               const std::vector<RowKind>& kinds = {}, std::vector<WatermarkMark> marks = {}) {
  return MakeBatch({MakeStrings(values), MakeColumn<int64_t>(kTime, times)}, kinds,
                   std::move(marks));
}

TEST(AlignedWindows, TumblingWindowsAddColumns) {
  const auto function = Harness(MakeNode(Kind::kTumbling, 10, 10));
  EXPECT_EQ(function->Process(0, MakeRows({"a", "b"}, {3, 7})),
            (Rows{"+I(a,3,0,10,9)", "+I(b,7,0,10,9)"}));
  EXPECT_EQ(function->Process(0, MakeRows({"c", "d", "e"}, {9, 10, std::nullopt},
                                          {RowKind::kInsert, RowKind::kDelete, RowKind::kInsert},
                                          {{1, 5}, {3, 6}})),
            (Rows{"+I(c,9,0,10,9)", "W(5)", "-D(d,10,10,20,19)", "W(6)"}));
  EXPECT_EQ(function->context().metrics().Counter("numNullRowTimeRecordsDropped")->Get(), 1);
  EXPECT_EQ(function->Watermark(15), Rows{"W(15)"});
}

TEST(AlignedWindows, HoppingWindowsFromTheLatestToTheEarliest) {
  const auto function = Harness(MakeNode(Kind::kHopping, 6, 2));
  EXPECT_EQ(function->Process(0, MakeRows({"a", std::nullopt}, {4, 7},
                                          {RowKind::kUpdateAfter, RowKind::kInsert})),
            (Rows{"+U(a,4,4,10,9)", "+U(a,4,2,8,7)", "+U(a,4,0,6,5)", "+I(null,7,6,12,11)",
                  "+I(null,7,4,10,9)", "+I(null,7,2,8,7)"}));
}

TEST(AlignedWindows, CumulativeWindowsFromTheShortestToTheLongest) {
  const auto function = Harness(MakeNode(Kind::kCumulative, 6, 2));
  EXPECT_EQ(function->Process(0, MakeRows({"a", "b"}, {3, 11})),
            (Rows{"+I(a,3,0,4,3)", "+I(a,3,0,6,5)", "+I(b,11,6,12,11)"}));
}

TEST(AlignedWindows, ManyWindowsLeaveInBatchesWithTheirMarks) {
  const auto function = Harness(MakeNode(Kind::kHopping, 6, 2));
  function->context().set_batch_rows(2);
  const auto at_once = Harness(MakeNode(Kind::kHopping, 6, 2));
  EXPECT_EQ(function->Process(
                0, MakeRows({"a", "b", "c"}, {0, 2, 4}, {}, {{0, -9}, {1, -8}, {2, -7}, {3, -6}})),
            at_once->Process(
                0, MakeRows({"a", "b", "c"}, {0, 2, 4}, {}, {{0, -9}, {1, -8}, {2, -7}, {3, -6}})));
  EXPECT_EQ(at_once->Process(0, MakeRows({"a", "b"}, {0, 2}, {}, {{0, 1}, {1, 2}, {2, 3}})),
            (Rows{"W(1)", "+I(a,0,0,6,5)", "+I(a,0,-2,4,3)", "+I(a,0,-4,2,1)", "W(2)",
                  "+I(b,2,2,8,7)", "+I(b,2,0,6,5)", "+I(b,2,-2,4,3)", "W(3)"}));
}

TEST(AlignedWindows, ProcessingTimeByTheClockOnTheWall) {
  plan::WindowTableFunction node = MakeNode(Kind::kTumbling, 3'600'000, 3'600'000);
  node.windowing.is_rowtime = false;
  node.windowing.time_attribute_type = LogicalType(TypeKind::kTimestampLtz, true, 3);
  const auto function = Harness(node, "GMT+05:30");
  function->context().manual_clock().Set(0);
  EXPECT_EQ(function->Process(0, MakeRows({"a"}, {std::nullopt})),
            Rows{"+I(a,null,18000000,21600000,1799999)"});
}

}  // namespace
}  // namespace castor::window_table_function
