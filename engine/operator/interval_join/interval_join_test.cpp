#include "operator/interval_join/interval_join.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <set>

#include "operator/joining/test_rows.h"

namespace castor::interval_join {
namespace {

using joining::MakeRows;
using joining::TestRow;
using joining::ValuesDiffer;
using plan::JoinType;
using Rows = std::vector<std::string>;

const LogicalType kRow = LogicalType::Row(
    {{"k", LogicalType::BigInt()}, {"v", LogicalType::BigInt()}, {"t", joining::kTestTime}});

// left.t BETWEEN right.t - 10 AND right.t + 5
plan::IntervalJoin MakeNode(JoinType type) {
  plan::IntervalJoin node;
  node.spec.type = type;
  node.spec.left_keys = node.spec.right_keys = {0};
  node.spec.filter_nulls = {true};
  node.lower_bound_ms = -10;
  node.upper_bound_ms = 5;
  node.left_time_field = node.right_time_field = 2;
  std::vector<LogicalType::Field> fields = kRow.fields();
  fields.insert(fields.end(), kRow.fields().begin(), kRow.fields().end());
  node.output_type = LogicalType::Row(fields);
  return node;
}

std::unique_ptr<OperatorTestHarness> Harness(const plan::IntervalJoin& node,
                                             Configuration configuration = {}) {
  return std::make_unique<OperatorTestHarness>(
      [node] { return std::make_unique<IntervalJoin>(node, kRow, kRow); }, configuration);
}

constexpr std::nullopt_t kNull = std::nullopt;

TEST(IntervalJoin, RowsJoinWithinTheBounds) {
  const auto join = Harness(MakeNode(JoinType::kInner));
  join->Process(0, MakeRows({{1, 1, 90}, {1, 2, 89}, {1, 3, 105}, {1, 4, 106}, {2, 5, 100}}));
  EXPECT_EQ(join->Process(1, MakeRows({{1, 9, 100}, {kNull, 8, 100}})),
            (Rows{"+I(1,1,90,1,9,100)", "+I(1,3,105,1,9,100)"}));
  join->SaveAndRestore();
  EXPECT_EQ(join->Process(0, MakeRows({{1, 1, 95}, {1, 1, 95}})),
            (Rows{"+I(1,1,95,1,9,100)", "+I(1,1,95,1,9,100)"}));
  // Results may be held back by as much as rows wait for partners.
  EXPECT_EQ(join->Watermark(200), Rows{"W(190)"});
  EXPECT_EQ(join->Watermark(kMaxWatermark), Rows{"W(max)"});
}

TEST(IntervalJoin, RowsThatFoundNoPartnerArePaddedWhenNoneCanCome) {
  const auto join = Harness(MakeNode(JoinType::kFull));
  join->Process(0, MakeRows({{1, 1, 100}, {kNull, 2, 100}, {2, 3, 100}}));
  join->Process(1, MakeRows({{1, 4, 100}, {3, 5, 100}}));
  // A right row waits for left rows that are up to 5 later, a left row for right ones up to 10.
  EXPECT_EQ(join->Watermark(105), Rows{"W(95)"});
  EXPECT_EQ(join->Watermark(106), (Rows{"+I(null,null,null,3,5,100)", "W(96)"}));
  EXPECT_EQ(join->Watermark(110), Rows{"W(100)"});
  join->SaveAndRestore();
  Rows padded = join->Watermark(111);
  std::sort(padded.begin(), padded.end());
  EXPECT_EQ(padded,
            (Rows{"+I(2,3,100,null,null,null)", "+I(null,2,100,null,null,null)", "W(101)"}));
}

TEST(IntervalJoin, ALateRowJoinsWhatIsStillThere) {
  const auto join = Harness(MakeNode(JoinType::kLeft));
  join->Process(1, MakeRows({{1, 1, 100}, {1, 2, 90}}));  // looked at again when 100 expires
  join->Watermark(105);
  // 90 has expired but is there for the first row, and has gone for the second; neither row waits.
  EXPECT_EQ(join->Process(0, MakeRows({{1, 3, 94}, {1, 4, 94}})),
            (Rows{"+I(1,3,94,1,1,100)", "+I(1,3,94,1,2,90)", "+I(1,4,94,1,1,100)"}));
  EXPECT_EQ(join->Process(0, MakeRows({{1, 5, 89}})), Rows{"+I(1,5,89,null,null,null)"});
  EXPECT_EQ(join->Watermark(kMaxWatermark), Rows{"W(max)"});
}

TEST(IntervalJoin, ProcessingTime) {
  plan::IntervalJoin node = MakeNode(JoinType::kLeft);
  node.is_event_time = false;
  const auto join = Harness(node);
  join->context().manual_clock().Set(1000);
  join->Process(0, MakeRows({{1, 1, 0}, {2, 2, 0}}));
  join->context().manual_clock().Set(1010);
  EXPECT_EQ(join->Process(1, MakeRows({{1, 3, 0}})), Rows{"+I(1,1,0,1,3,0)"});
  EXPECT_EQ(join->Watermark(50), Rows{"W(50)"});
  join->SaveAndRestore();
  EXPECT_EQ(join->PassTime(1010), Rows{});
  EXPECT_EQ(join->PassTime(1011), Rows{"+I(2,2,0,null,null,null)"});
  join->context().manual_clock().Set(1014);
  EXPECT_EQ(join->Process(0, MakeRows({{1, 4, 0}})), Rows{"+I(1,4,0,1,3,0)"});
}

TEST(IntervalJoin, ExpiredRowsMayStayForACleanupInterval) {
  Configuration configuration;
  configuration.Set("table.exec.interval-join.min-cleanup-interval", "20 ms");
  const auto join = Harness(MakeNode(JoinType::kRight), configuration);
  join->Process(1, MakeRows({{1, 1, 100}}));
  EXPECT_EQ(join->Watermark(125), Rows{"W(115)"});
  EXPECT_EQ(join->Watermark(126), (Rows{"+I(null,null,null,1,1,100)", "W(116)"}));
}

TEST(IntervalJoin, BoundsThatNothingMeets) {
  plan::IntervalJoin node = MakeNode(JoinType::kLeft);
  node.lower_bound_ms = 5;
  node.upper_bound_ms = -5;
  const auto join = Harness(node);
  EXPECT_EQ(join->Process(1, MakeRows({{1, 1, 100}})), Rows{});
  EXPECT_EQ(join->Process(0, MakeRows({{1, 1, 100}})), Rows{"+I(1,1,100,null,null,null)"});
  EXPECT_EQ(join->Watermark(50), Rows{"W(50)"});
}

TEST(IntervalJoin, RefusesSemiJoinsAndDeletes) {
  TestOperatorContext context;
  EXPECT_EQ(IntervalJoin(MakeNode(JoinType::kSemi), kRow, kRow).Open(context).code(),
            StatusCode::kUnsupported);
  const Batch row = MakeRows({{1, 1, 1}});
  EXPECT_NE(
      Harness(MakeNode(JoinType::kInner))->ErrorOf(0, MakeBatch(row.columns, {RowKind::kDelete})),
      "");
}

struct Case {
  JoinType type;
  bool residual;
};
class RandomIntervalJoin : public testing::TestWithParam<Case> {};

std::string Show(const TestRow& row) {
  return (row.key ? std::to_string(*row.key) : "null") + "," + std::to_string(row.value) + "," +
         std::to_string(row.time);
}

std::multiset<std::string> NestedLoops(const Case& c, const std::vector<TestRow> (&sides)[2]) {
  std::multiset<std::string> result;
  const auto matches = [&c](const TestRow& l, const TestRow& r) {
    return l.key && l.key == r.key && l.time >= r.time - 10 && l.time <= r.time + 5 &&
           (!c.residual || l.value != r.value);
  };
  for (const TestRow& l : sides[0]) {
    bool any = false;
    for (const TestRow& r : sides[1]) {
      if (!matches(l, r)) continue;
      any = true;
      result.insert("+I(" + Show(l) + "," + Show(r) + ")");
    }
    const bool pads = c.type == JoinType::kLeft || c.type == JoinType::kFull;
    if (!any && pads) result.insert("+I(" + Show(l) + ",null,null,null)");
  }
  if (c.type != JoinType::kRight && c.type != JoinType::kFull) return result;
  for (const TestRow& r : sides[1]) {
    const bool any = std::any_of(sides[0].begin(), sides[0].end(),
                                 [&](const TestRow& l) { return matches(l, r); });
    if (!any) result.insert("+I(null,null,null," + Show(r) + ")");
  }
  return result;
}

TEST_P(RandomIntervalJoin, EqualsNestedLoopsWhenNoRowIsLate) {
  std::mt19937_64 random(23);
  for (int run = 0; run < 30; ++run) {
    plan::IntervalJoin node = MakeNode(GetParam().type);
    if (GetParam().residual) node.spec.condition = ValuesDiffer();
    const auto join = Harness(node);
    join->context().set_batch_rows(1 + static_cast<int32_t>(random() % 8));
    std::vector<TestRow> sides[2];
    std::multiset<std::string> results;
    TimestampMs watermark = 100;
    TimestampMs sent = 0;
    const auto collect = [&](const Rows& rows) {
      for (const std::string& row : rows) {
        if (row[0] == '+') results.insert(row);
        if (row[0] == 'W' && row != "W(max)") sent = std::stoll(row.substr(2));
      }
    };
    for (int step = 0; step < 40; ++step) {
      const size_t side = random() % 2;
      std::vector<TestRow> rows;
      for (size_t i = 0; i < 1 + random() % 6; ++i) {
        rows.push_back({static_cast<int64_t>(random() % 3), static_cast<int64_t>(random() % 3),
                        watermark + 1 + static_cast<int64_t>(random() % 20)});
        if (random() % 10 == 0) rows.back().key = kNull;
      }
      sides[side].insert(sides[side].end(), rows.begin(), rows.end());
      collect(join->Process(static_cast<int>(side), MakeRows(rows)));
      if (random() % 2 == 0) {
        watermark += static_cast<int64_t>(random() % 12);
        collect(join->Watermark(watermark));
        ASSERT_EQ(sent, watermark - 10);
      }
      if (random() % 5 == 0) join->SaveAndRestore();
    }
    collect(join->Watermark(kMaxWatermark));
    ASSERT_EQ(results, NestedLoops(GetParam(), sides)) << "run " << run;
  }
}

INSTANTIATE_TEST_SUITE_P(AllKinds, RandomIntervalJoin,
                         testing::Values(Case{JoinType::kInner, false},
                                         Case{JoinType::kInner, true}, Case{JoinType::kLeft, false},
                                         Case{JoinType::kLeft, true}, Case{JoinType::kRight, false},
                                         Case{JoinType::kRight, true}, Case{JoinType::kFull, false},
                                         Case{JoinType::kFull, true}));

}  // namespace
}  // namespace castor::interval_join
