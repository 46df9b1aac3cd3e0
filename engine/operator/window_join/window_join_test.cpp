#include "operator/window_join/window_join.h"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <random>

#include "operator/joining/test_rows.h"

namespace castor::window_join {
namespace {

using joining::MakeRows;
using joining::TestRow;
using joining::ValuesDiffer;
using plan::JoinType;
using Rows = std::vector<std::string>;

const LogicalType kLocalTime(TypeKind::kTimestampLtz, true, 3);
const LogicalType kRow = LogicalType::Row({{"k", LogicalType::BigInt()},
                                           {"v", LogicalType::BigInt()},
                                           {"window_end", joining::kTestTime}});

plan::WindowJoin MakeNode(JoinType type) {
  plan::WindowJoin node;
  node.spec.type = type;
  node.spec.left_keys = {0};
  node.spec.right_keys = {0};
  node.spec.filter_nulls = {true};
  plan::WindowingStrategy windowing;
  windowing.kind = plan::WindowingStrategy::Kind::kWindowAttached;
  windowing.window.kind = plan::WindowSpec::Kind::kTumbling;
  windowing.window.size_ms = 10;
  windowing.time_attribute_type = joining::kTestTime;
  windowing.window_end = 2;
  node.left_windowing = node.right_windowing = windowing;
  std::vector<LogicalType::Field> fields = kRow.fields();
  if (type != JoinType::kSemi && type != JoinType::kAnti) {
    fields.insert(fields.end(), kRow.fields().begin(), kRow.fields().end());
  }
  node.output_type = LogicalType::Row(fields);
  return node;
}

std::unique_ptr<OperatorTestHarness> Harness(plan::WindowJoin node) {
  return std::make_unique<OperatorTestHarness>(
      [node] { return std::make_unique<WindowJoin>(node, kRow, kRow); });
}

constexpr std::nullopt_t kNull = std::nullopt;

TEST(WindowJoin, JoinsAWindowWhenTheWatermarkHasPassedIt) {
  const auto join = Harness(MakeNode(JoinType::kInner));
  EXPECT_EQ(join->Process(0, MakeRows({{1, 10, 10}, {1, 11, 20}, {2, 12, 10}, {kNull, 13, 10}})),
            Rows{});
  EXPECT_EQ(join->Process(1, MakeRows({{1, 20, 10}, {1, 21, 20}, {1, 22, 10}, {kNull, 23, 10}})),
            Rows{});
  EXPECT_EQ(join->Watermark(8), Rows{"W(8)"});
  EXPECT_EQ(join->Watermark(9), (Rows{"+I(1,10,10,1,20,10)", "+I(1,10,10,1,22,10)", "W(9)"}));
  EXPECT_EQ(join->Watermark(kMaxWatermark), (Rows{"+I(1,11,20,1,21,20)", "W(max)"}));
}

TEST(WindowJoin, LateRowsAreDroppedAndCountedAlsoAfterARestart) {
  const auto join = Harness(MakeNode(JoinType::kLeft));
  join->Watermark(9);
  join->SaveAndRestore();
  join->Process(0, MakeRows({{1, 10, 10}, {1, 11, 20}}));
  join->Process(1, MakeRows({{1, 20, 10}, {kNull, 21, 10}, {1, 22, 10}}));
  EXPECT_EQ(join->context().metrics().Counter("leftNumLateRecordsDropped")->Get(), 1);
  EXPECT_EQ(join->context().metrics().Counter("rightNumLateRecordsDropped")->Get(), 3);
  EXPECT_EQ(join->Watermark(19), (Rows{"+I(1,11,20,null,null,null)", "W(19)"}));
}

TEST(WindowJoin, OuterJoinsPadWhatMatchesNothing) {
  const std::map<JoinType, Rows> expected = {
      {JoinType::kLeft,
       {"+I(1,1,10,1,1,10)", "+I(2,2,10,null,null,null)", "+I(null,3,10,null,null,null)"}},
      {JoinType::kRight,
       {"+I(1,1,10,1,1,10)", "+I(null,null,null,4,4,10)", "+I(null,null,null,null,5,10)"}},
      {JoinType::kFull,
       {"+I(1,1,10,1,1,10)", "+I(2,2,10,null,null,null)", "+I(null,3,10,null,null,null)",
        "+I(null,null,null,4,4,10)", "+I(null,null,null,null,5,10)"}},
      {JoinType::kSemi, {"+I(1,1,10)"}},
      {JoinType::kAnti, {"+I(2,2,10)", "+I(null,3,10)"}}};
  for (const auto& [type, rows] : expected) {
    const auto join = Harness(MakeNode(type));
    join->Process(0, MakeRows({{1, 1, 10}, {2, 2, 10}, {kNull, 3, 10}}));
    join->Process(1, MakeRows({{1, 1, 10}, {4, 4, 10}, {kNull, 5, 10}}));
    Rows results = join->Watermark(kMaxWatermark);
    results.pop_back();
    EXPECT_EQ(results, rows) << plan::JoinTypeName(type);
  }
}

TEST(WindowJoin, NullEqualsNullWhereTheKeyIsNotFiltered) {
  plan::WindowJoin node = MakeNode(JoinType::kInner);
  node.spec.filter_nulls = {false};
  const auto join = Harness(node);
  join->Process(0, MakeRows({{kNull, 1, 10}}));
  join->Process(1, MakeRows({{kNull, 2, 10}, {3, 3, 10}}));
  EXPECT_EQ(join->Watermark(9), (Rows{"+I(null,1,10,null,2,10)", "W(9)"}));
}

TEST(WindowJoin, WindowsEndByTheClockOnTheWall) {
  plan::WindowJoin node = MakeNode(JoinType::kInner);
  node.left_windowing.time_attribute_type = kLocalTime;
  node.right_windowing.time_attribute_type = kLocalTime;
  Configuration configuration;
  configuration.Set("table.local-time-zone", "Asia/Shanghai");
  OperatorTestHarness join([node] { return std::make_unique<WindowJoin>(node, kRow, kRow); },
                           configuration);
  const TimestampMs hours_8 = 8 * 3'600'000;
  join.Process(0, MakeRows({{1, 1, hours_8 + 10}}));
  join.Process(1, MakeRows({{1, 2, hours_8 + 10}}));
  EXPECT_EQ(join.Watermark(8), Rows{"W(8)"});
  EXPECT_EQ(join.Watermark(9), (Rows{"+I(1,1,28800010,1,2,28800010)", "W(9)"}));
}

// Whatever the windows are: rows bring their ends. Without keys all rows of a window are
// candidates.
TEST(WindowJoin, SessionsWithoutKeysByCondition) {
  plan::WindowJoin node = MakeNode(JoinType::kInner);
  node.left_windowing.window.kind = plan::WindowSpec::Kind::kSession;
  node.right_windowing.window.kind = plan::WindowSpec::Kind::kSession;
  node.spec.left_keys = node.spec.right_keys = {};
  node.spec.filter_nulls = {};
  node.spec.condition = ValuesDiffer();
  const auto join = Harness(node);
  join->Process(0, MakeRows({{1, 1, 13}, {kNull, 2, 13}, {3, 3, 14}}));
  join->Process(1, MakeRows({{9, 2, 13}, {9, 3, 14}}));
  EXPECT_EQ(join->Watermark(kMaxWatermark), (Rows{"+I(1,1,13,9,2,13)", "W(max)"}));
}

TEST(WindowJoin, RefusesProcessingTimeAndUpdates) {
  plan::WindowJoin node = MakeNode(JoinType::kInner);
  node.left_windowing.is_rowtime = node.right_windowing.is_rowtime = false;
  TestOperatorContext context;
  const Status refused = WindowJoin(node, kRow, kRow).Open(context);
  EXPECT_EQ(refused.code(), StatusCode::kUnsupported);
  const auto join = Harness(MakeNode(JoinType::kInner));
  Batch deletion = MakeRows({{1, 1, 10}});
  deletion = MakeBatch(deletion.columns, {RowKind::kDelete});
  EXPECT_NE(join->ErrorOf(0, deletion), "");
}

TEST(WindowJoin, AHotKeyIsWorkedOffInPages) {
  const auto join = Harness(MakeNode(JoinType::kInner));
  join->context().set_batch_rows(100);
  const std::vector<TestRow> rows(3000, TestRow{1, 5, 10});
  join->Process(0, MakeRows({{1, 1, 10}, {1, 2, 10}}));
  join->Process(1, MakeRows(rows));
  const Rows joined = join->Watermark(9);
  EXPECT_EQ(std::count(joined.begin(), joined.end(), "+I(1,1,10,1,5,10)"), 3000);
  EXPECT_EQ(std::count(joined.begin(), joined.end(), "+I(1,2,10,1,5,10)"), 3000);
  EXPECT_EQ(joined.size(), 6001u);
}

struct Case {
  JoinType type;
  bool residual;
};
class RandomWindowJoin : public testing::TestWithParam<Case> {};

// A model that knows nothing of state: nested loops over all rows.
std::multiset<std::string> NestedLoops(const Case& c, const std::vector<TestRow> (&sides)[2]) {
  const auto show = [](const TestRow& row) {
    return (row.key ? std::to_string(*row.key) : "null") + "," + std::to_string(row.value) + "," +
           std::to_string(row.time);
  };
  const auto matches = [&c](const TestRow& l, const TestRow& r) {
    return l.key && l.key == r.key && l.time == r.time && (!c.residual || l.value != r.value);
  };
  const bool pairs = c.type != JoinType::kSemi && c.type != JoinType::kAnti;
  const bool pads_left = c.type == JoinType::kLeft || c.type == JoinType::kFull;
  const bool pads_right = c.type == JoinType::kRight || c.type == JoinType::kFull;
  std::multiset<std::string> result;
  for (const TestRow& l : sides[0]) {
    bool any = false;
    for (const TestRow& r : sides[1]) {
      if (!matches(l, r)) continue;
      any = true;
      if (pairs) result.insert("+I(" + show(l) + "," + show(r) + ")");
    }
    if (!any && pads_left) result.insert("+I(" + show(l) + ",null,null,null)");
    if (c.type == (any ? JoinType::kSemi : JoinType::kAnti)) result.insert("+I(" + show(l) + ")");
  }
  for (const TestRow& r : sides[1]) {
    const bool any = std::any_of(sides[0].begin(), sides[0].end(),
                                 [&](const TestRow& l) { return matches(l, r); });
    if (!any && pads_right) result.insert("+I(null,null,null," + show(r) + ")");
  }
  return result;
}

TEST_P(RandomWindowJoin, EqualsNestedLoops) {
  std::mt19937_64 random(7);
  for (int run = 0; run < 30; ++run) {
    plan::WindowJoin node = MakeNode(GetParam().type);
    if (GetParam().residual) node.spec.condition = ValuesDiffer();
    const auto join = Harness(node);
    join->context().set_batch_rows(1 + static_cast<int32_t>(random() % 8));
    std::vector<TestRow> sides[2];
    std::multiset<std::string> results;
    const auto collect = [&results](const Rows& rows) {
      for (const std::string& row : rows) {
        if (row[0] != 'W') results.insert(row);
      }
    };
    TimestampMs watermark = 0;
    for (int step = 0; step < 20; ++step) {
      const size_t side = random() % 2;
      std::vector<TestRow> rows;
      for (size_t i = 0; i < 1 + random() % 12; ++i) {
        const TimestampMs window_end =
            10 * (1 + watermark / 10 + static_cast<int64_t>(random() % 3));
        TestRow row{static_cast<int64_t>(random() % 4), static_cast<int64_t>(random() % 3),
                    window_end};
        if (random() % 10 == 0) row.key = kNull;
        rows.push_back(row);
        if (watermark < window_end - 1) sides[side].push_back(row);
      }
      collect(join->Process(static_cast<int>(side), MakeRows(rows)));
      if (random() % 3 == 0)
        collect(join->Watermark(watermark += static_cast<int64_t>(random() % 8)));
      if (random() % 5 == 0) join->SaveAndRestore();
    }
    collect(join->Watermark(kMaxWatermark));
    ASSERT_EQ(results, NestedLoops(GetParam(), sides)) << "run " << run;
  }
}

INSTANTIATE_TEST_SUITE_P(AllKinds, RandomWindowJoin,
                         testing::Values(Case{JoinType::kInner, false},
                                         Case{JoinType::kInner, true}, Case{JoinType::kLeft, false},
                                         Case{JoinType::kLeft, true}, Case{JoinType::kRight, false},
                                         Case{JoinType::kRight, true}, Case{JoinType::kFull, false},
                                         Case{JoinType::kFull, true}, Case{JoinType::kSemi, false},
                                         Case{JoinType::kSemi, true}, Case{JoinType::kAnti, false},
                                         Case{JoinType::kAnti, true}));

}  // namespace
}  // namespace castor::window_join
