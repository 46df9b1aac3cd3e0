#include "operator/window_aggregate/window_aggregate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "operator/window_aggregate/test_rows.h"

namespace castor::window_aggregate {
namespace {

using Rows = std::vector<std::string>;
using Kind = plan::WindowSpec::Kind;

plan::AggregateCall Call(const std::string& function, std::vector<int32_t> args,
                         bool distinct = false) {
  plan::AggregateCall call;
  call.name = call.function = call.function_id = function;
  call.args = std::move(args);
  call.distinct = distinct;
  call.type = LogicalType::BigInt(function != "COUNT");
  return call;
}

// SELECT k, COUNT(*), COUNT(DISTINCT v), SUM(DISTINCT v), MIN(v), MAX(v), window_start, window_end.
plan::WindowAggregate MakeNode(Kind kind, int64_t size, int64_t slide, bool retracts,
                               bool event_time = true) {
  plan::WindowAggregate node;
  node.grouping = {0};
  node.calls = {Call("COUNT", {}), Call("COUNT", {1}, true), Call("SUM", {1}, true),
                Call("MIN", {1}), Call("MAX", {1})};
  node.windowing.window.kind = kind;
  node.windowing.window.size_ms = size;
  node.windowing.window.slide_ms = slide;
  node.windowing.time_attribute = 2;
  node.windowing.time_attribute_type =
      event_time ? kTime : LogicalType(TypeKind::kTimestampLtz, true, 3);
  node.windowing.is_rowtime = event_time;
  node.properties = {{"s", plan::WindowProperty::Kind::kStart},
                     {"e", plan::WindowProperty::Kind::kEnd}};
  node.need_retraction = retracts;
  node.output_type = LogicalType::Row({{"k", LogicalType::BigInt()},
                                       {"count", LogicalType::BigInt(false)},
                                       {"distinct", LogicalType::BigInt(false)},
                                       {"sum", LogicalType::BigInt()},
                                       {"min", LogicalType::BigInt()},
                                       {"max", LogicalType::BigInt()},
                                       {"s", kTime},
                                       {"e", kTime}});
  return node;
}

std::unique_ptr<OperatorTestHarness> Harness(const plan::WindowAggregate& node) {
  Configuration configuration;
  configuration.Set("table.local-time-zone", "UTC");
  return std::make_unique<OperatorTestHarness>(
      [node] { return std::make_unique<WindowAggregate>(WindowAggregate::SpecOf(node, kInput)); },
      configuration);
}

Rows Sorted(Rows rows) {
  std::sort(rows.begin(), rows.end());
  return rows;
}

TEST(WindowAggregate, DistinctValuesOfSlicesAreOneSetInHoppingWindows) {
  const auto windows = Harness(MakeNode(Kind::kHopping, 20, 10, false));
  windows->Process(0, MakeRows({{1, 7, 1}, {1, 7, 11}, {1, 8, 12}, {1, 7, 21}}));
  EXPECT_EQ(windows->Watermark(9), (Rows{"+I(1,1,1,7,7,7,-10,10)", "W(9)"}));
  windows->SaveAndRestore();
  EXPECT_EQ(
      windows->Watermark(kMaxWatermark),
      (Rows{"+I(1,3,2,15,7,8,0,20)", "+I(1,3,2,15,7,8,10,30)", "+I(1,1,1,7,7,7,20,40)", "W(max)"}));
}

TEST(WindowAggregate, DistinctValuesOfSlicesAreOneSetInCumulativeWindows) {
  const auto windows = Harness(MakeNode(Kind::kCumulative, 30, 10, false));
  windows->Process(0, MakeRows({{1, 7, 1}, {1, 7, 11}, {1, 8, 12}, {1, 7, 31}}));
  EXPECT_EQ(windows->Watermark(20),
            (Rows{"+I(1,1,1,7,7,7,0,10)", "+I(1,3,2,15,7,8,0,20)", "W(20)"}));
  windows->SaveAndRestore();
  windows->Process(0, MakeRows({{1, 8, 3}}));  // its slice has been merged into the first one
  EXPECT_EQ(windows->Watermark(kMaxWatermark),
            (Rows{"+I(1,4,2,15,7,8,0,30)", "+I(1,1,1,7,7,7,30,40)", "+I(1,1,1,7,7,7,30,50)",
                  "+I(1,1,1,7,7,7,30,60)", "W(max)"}));
}

TEST(WindowAggregate, RowsAreTakenBackFromHoppingWindows) {
  const auto windows = Harness(MakeNode(Kind::kHopping, 20, 10, true));
  windows->Process(0, MakeRows({{1, 5, 1}, {1, 9, 2}, {1, 9, 11}, {2, 3, 12}}));
  windows->Process(0, MakeRows({{1, 9, 2, RowKind::kDelete}, {2, 3, 12, RowKind::kDelete}}));
  EXPECT_EQ(
      windows->Watermark(kMaxWatermark),
      (Rows{"+I(1,1,1,5,5,5,-10,10)", "+I(1,2,2,14,5,9,0,20)", "+I(1,1,1,9,9,9,10,30)", "W(max)"}));
}

TEST(WindowAggregate, ProcessingTimeFiresEveryKindOfWindow) {
  for (const Kind kind : {Kind::kTumbling, Kind::kHopping, Kind::kCumulative}) {
    const auto windows =
        Harness(MakeNode(kind, 20, kind == Kind::kTumbling ? 0 : 10, false, false));
    windows->context().manual_clock().Set(3);
    windows->Process(0, MakeRows({{1, 7, 0}}));
    windows->context().manual_clock().Set(8);
    windows->Process(0, MakeRows({{1, 7, 0}, {1, 8, 0}}));
    windows->SaveAndRestore();
    const std::string values = "+I(1,3,2,15,7,8,";
    if (kind == Kind::kTumbling) {
      EXPECT_EQ(windows->PassTime(30), Rows{values + "0,20)"});
    } else if (kind == Kind::kHopping) {
      EXPECT_EQ(windows->PassTime(30), (Rows{values + "-10,10)", values + "0,20)"}));
    } else {
      EXPECT_EQ(windows->PassTime(30), (Rows{values + "0,10)", values + "0,20)"}));
    }
  }
}

// What windows of `rows` hold, by the definition of the functions.
Rows Expected(const std::vector<TestRow>& rows, Kind kind, int64_t size, int64_t slide) {
  std::set<std::pair<int64_t, int64_t>> bounds;
  for (const TestRow& row : rows) {
    for (int64_t end = row.time / slide * slide + slide; end <= row.time + 2 * size; end += slide) {
      const int64_t start = kind == Kind::kCumulative ? (end - 1) / size * size : end - size;
      if (start <= row.time && row.time < end) bounds.insert({start, end});
    }
  }
  Rows expected;
  for (const auto& [start, end] : bounds) {
    std::map<int64_t, std::map<int64_t, int64_t>> counts;  // per key and value
    for (const TestRow& row : rows) {
      if (row.time < start || row.time >= end) continue;
      counts[row.key][row.value] += IsAccumulate(row.kind) ? 1 : -1;
    }
    for (auto& [key, values] : counts) {
      std::erase_if(values, [](const auto& entry) { return entry.second == 0; });
      if (values.empty()) continue;
      int64_t all = 0, sum = 0;
      for (const auto& [value, count] : values) all += count, sum += value;
      std::string text = "+I(" + std::to_string(key);
      for (const int64_t field : {all, static_cast<int64_t>(values.size()), sum,
                                  values.begin()->first, values.rbegin()->first, start, end}) {
        text += "," + std::to_string(field);
      }
      expected.push_back(text + ")");
    }
  }
  return Sorted(std::move(expected));
}

class WindowChangelogTest : public testing::TestWithParam<Kind> {};

TEST_P(WindowChangelogTest, AgreesWithTheDefinition) {
  const int64_t slide = GetParam() == Kind::kTumbling ? 30 : 10;
  std::mt19937 random(static_cast<unsigned>(GetParam()) + 7);
  std::vector<TestRow> all;
  const auto windows = Harness(MakeNode(GetParam(), 30, slide, true));
  Rows seen;
  for (TimestampMs watermark = 0; watermark < 300; watermark += 15) {
    std::vector<TestRow> rows;
    for (int i = 0; i < 40; ++i) {
      const std::vector<TestRow>& from = rows.empty() ? all : rows;
      const bool back = !from.empty() && random() % 3 == 0;
      TestRow row =
          back ? from[random() % from.size()]
               : TestRow{static_cast<int64_t>(random() % 3), static_cast<int64_t>(random() % 5),
                         watermark + static_cast<int64_t>(random() % 40)};
      if (row.kind == RowKind::kDelete || row.time < watermark) continue;
      const auto is = [&](RowKind kind) {
        return [&row, kind](const TestRow& other) {
          return other.key == row.key && other.value == row.value && other.time == row.time &&
                 other.kind == kind;
        };
      };
      if (back) {
        auto there = std::count_if(all.begin(), all.end(), is(RowKind::kInsert)) +
                     std::count_if(rows.begin(), rows.end(), is(RowKind::kInsert)) -
                     std::count_if(all.begin(), all.end(), is(RowKind::kDelete)) -
                     std::count_if(rows.begin(), rows.end(), is(RowKind::kDelete));
        if (there <= 0) continue;
        row.kind = RowKind::kDelete;
      }
      rows.push_back(row);
    }
    for (const std::string& row : windows->Process(0, MakeRows(rows))) seen.push_back(row);
    all.insert(all.end(), rows.begin(), rows.end());
    if (watermark % 60 == 0) windows->SaveAndRestore();
    for (const std::string& row : windows->Watermark(watermark)) {
      if (row[0] == '+') seen.push_back(row);
    }
  }
  for (const std::string& row : windows->Watermark(kMaxWatermark)) {
    if (row[0] == '+') seen.push_back(row);
  }
  EXPECT_EQ(Sorted(seen), Expected(all, GetParam(), 30, slide));
}

INSTANTIATE_TEST_SUITE_P(Kinds, WindowChangelogTest,
                         testing::Values(Kind::kTumbling, Kind::kHopping, Kind::kCumulative));

}  // namespace
}  // namespace castor::window_aggregate
