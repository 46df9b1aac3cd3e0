#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "operator/api/operator_test_harness.h"
#include "operator/window_table_function/window_table_function.h"
#include "plan/nodes/window_aggregate.h"

namespace castor::window_table_function {
namespace {

using Rows = std::vector<std::string>;

const LogicalType kTime = LogicalType::Timestamp(3);
const LogicalType kLocalTime(TypeKind::kTimestampLtz, true, 3);
const LogicalType kInput =
    LogicalType::Row({{"k", LogicalType::BigInt()}, {"v", LogicalType::String()}, {"t", kTime}});

plan::WindowTableFunction MakeNode(std::vector<int32_t> partition_keys = {0}) {
  plan::WindowTableFunction node;
  node.windowing.window.kind = plan::WindowSpec::Kind::kSession;
  node.windowing.window.gap_ms = 10;
  node.windowing.window.partition_keys = std::move(partition_keys);
  node.windowing.time_attribute = 2;
  node.windowing.time_attribute_type = kTime;
  std::vector<LogicalType::Field> fields = kInput.fields();
  for (const char* name : {"window_start", "window_end", "window_time"}) {
    fields.push_back({name, kTime});
  }
  node.output_type = LogicalType::Row(fields);
  return node;
}

std::unique_ptr<OperatorTestHarness> Harness(const plan::WindowTableFunction& node) {
  return std::make_unique<OperatorTestHarness>([node] {
    static const plan::Bundle bundle;
    return MakeWindowTableFunction({node, bundle, {kInput}}).value();
  });
}

struct Row {
  int64_t key;
  std::string value;
  std::optional<TimestampMs> time;
  RowKind kind = RowKind::kInsert;
};

Batch MakeRows(const std::vector<Row>& rows) {
  std::vector<std::optional<int64_t>> keys;
  std::vector<std::optional<std::string>> values;
  std::vector<std::optional<int64_t>> times;
  std::vector<RowKind> kinds;
  for (const Row& row : rows) {
    keys.push_back(row.key), values.push_back(row.value);
    times.push_back(row.time), kinds.push_back(row.kind);
  }
  return MakeBatch({MakeColumn<int64_t>(LogicalType::BigInt(), keys), MakeStrings(values),
                    MakeColumn<int64_t>(kTime, times)},
                   kinds);
}

TEST(SessionRows, LeaveWhenTheirSessionIsDueInTheOrderTheyCame) {
  const auto function = Harness(MakeNode());
  EXPECT_EQ(function->Process(0, MakeRows({{1, "a", 5}, {2, "b", 0}, {1, "c", 0}})), Rows{});
  EXPECT_EQ(function->Process(0, MakeRows({{1, "later", 40}, {1, "d", 12, RowKind::kDelete}})),
            Rows{});
  function->SaveAndRestore();
  EXPECT_EQ(function->Watermark(9), (Rows{"+I(2,b,0,0,10,9)", "W(9)"}));
  EXPECT_EQ(function->Watermark(25),
            (Rows{"+I(1,a,5,0,22,21)", "+I(1,c,0,0,22,21)", "-D(1,d,12,0,22,21)", "W(25)"}));
  EXPECT_EQ(function->Watermark(kMaxWatermark), (Rows{"+I(1,later,40,40,50,49)", "W(max)"}));
}

TEST(SessionRows, LateRowsAndRowsWithoutTimeAreCounted) {
  const auto function = Harness(MakeNode());
  function->Process(0, MakeRows({{1, "a", 15}, {1, "no time", std::nullopt}}));
  function->Watermark(20);
  function->Process(0, MakeRows({{1, "touches", 6}, {2, "late", 6}}));
  EXPECT_EQ(function->context().metrics().Counter("numLateRecordsDropped")->Get(), 1);
  EXPECT_EQ(function->context().metrics().Counter("numNullRowTimeRecordsDropped")->Get(), 1);
  EXPECT_EQ(function->Watermark(30),
            (Rows{"+I(1,a,15,6,25,24)", "+I(1,touches,6,6,25,24)", "W(30)"}));
}

TEST(SessionRows, WithoutPartitionKeysUnderProcessingTime) {
  plan::WindowTableFunction node = MakeNode({});
  node.windowing.is_rowtime = false;
  const auto function = Harness(node);
  function->context().manual_clock().Set(100);
  function->Process(0, MakeRows({{1, "a", 0}, {2, "b", std::nullopt}}));
  EXPECT_EQ(function->PassTime(108), Rows{});
  EXPECT_EQ(function->PassTime(109), (Rows{"+I(1,a,0,100,110,109)", "+I(2,b,null,100,110,109)"}));
}

TEST(SessionRows, LongSessionsLeaveInPages) {
  const auto function = Harness(MakeNode());
  function->context().set_batch_rows(16);
  for (int64_t i = 0; i < 50; ++i) {
    function->Process(0, MakeRows({{1, "x", i}, {1, "x", i}, {1, "far", 1000 + i}}));
  }
  const Rows rows = function->Watermark(500);
  EXPECT_EQ(rows.size(), 101u);
  EXPECT_EQ(rows.front(), "+I(1,x,0,0,59,58)");
  EXPECT_EQ(function->Watermark(kMaxWatermark).size(), 51u);
}

// Without watermarks in between, each row's session follows from all times of its key.
TEST(SessionRows, EqualsTheDefinitionOnRandomRows) {
  std::mt19937_64 random(5);
  for (int run = 0; run < 50; ++run) {
    const auto function = Harness(MakeNode());
    function->Watermark(-1000);
    std::vector<Row> all;
    for (int step = 0; step < 10; ++step) {
      std::vector<Row> rows;
      for (size_t i = 0; i < 1 + random() % 10; ++i) {
        rows.push_back({static_cast<int64_t>(random() % 3), std::to_string(all.size() + i),
                        static_cast<int64_t>(random() % 300)});
      }
      all.insert(all.end(), rows.begin(), rows.end());
      function->Process(0, MakeRows(rows));
      if (random() % 3 == 0) function->SaveAndRestore();
    }
    std::multiset<std::string> expected;
    for (const Row& row : all) {
      TimestampMs start = *row.time;
      TimestampMs last = *row.time;
      for (bool grown = true; grown;) {
        grown = false;
        for (const Row& other : all) {
          if (other.key != row.key || *other.time < start - 10 || *other.time > last + 10) continue;
          if (*other.time >= start && *other.time <= last) continue;
          start = std::min(start, *other.time);
          last = std::max(last, *other.time);
          grown = true;
        }
      }
      std::string text = "+I(" + std::to_string(row.key) + "," + row.value;
      for (const TimestampMs time : {*row.time, start, last + 10, last + 9}) {
        text += "," + std::to_string(time);
      }
      expected.insert(text + ")");
    }
    std::multiset<std::string> results;
    for (const TimestampMs watermark : {TimestampMs{100}, TimestampMs{180}, kMaxWatermark}) {
      const Rows rows = function->Watermark(watermark);
      results.insert(rows.begin(), rows.end() - 1);
    }
    ASSERT_EQ(results, expected) << "run " << run;
  }
}

}  // namespace
}  // namespace castor::window_table_function
