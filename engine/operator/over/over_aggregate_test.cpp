// The results are those of Flink 2.3 for the same rows and query.
#include "operator/over/over_aggregate.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "operator/api/operator_test_harness.h"
#include "plan/nodes/over.h"

namespace castor {
namespace {

using Rows = std::vector<std::string>;

LogicalType InputOf(TimeAttribute time) {
  return LogicalType::Row({{"k", LogicalType::Integer()},
                           {"v", LogicalType::BigInt()},
                           {"t", LogicalType::Timestamp(3).WithTimeAttribute(time)}});
}

plan::AggregateCall Call(const std::string& function, std::vector<int32_t> args,
                         bool distinct = false) {
  plan::AggregateCall call;
  call.name = call.function = call.function_id = function;
  call.args = std::move(args);
  call.distinct = distinct;
  call.type = LogicalType::BigInt(function != "COUNT");
  return call;
}

struct Row {
  int32_t k;
  std::optional<int64_t> v;
  int64_t t;
};

Batch MakeRows(const std::vector<Row>& rows) {
  std::vector<std::optional<int32_t>> k;
  std::vector<std::optional<int64_t>> v, t;
  for (const Row& row : rows) k.push_back(row.k), v.push_back(row.v), t.push_back(row.t);
  return MakeBatch({MakeColumn<int32_t>(LogicalType::Integer(), k),
                    MakeColumn<int64_t>(LogicalType::BigInt(), v),
                    MakeColumn<int64_t>(LogicalType::Timestamp(3), t)});
}

// SELECT *, SUM(v) OVER w, COUNT(*) OVER w, COUNT(DISTINCT v) OVER w, MAX(v) OVER w.
class OverAggregateTest : public testing::Test {
 protected:
  void SetUp() override {
    UseCalls({Call("SUM", {1}), Call("COUNT", {}), Call("COUNT", {1}, true), Call("MAX", {1})});
  }
  void UseCalls(std::vector<plan::AggregateCall> calls) {
    node_.partition = {0};
    node_.order = {{2, true, false}};
    node_.input_fields = 3;
    node_.calls = std::move(calls);
    std::vector<LogicalType::Field> fields = InputOf(TimeAttribute::kRowtime).fields();
    for (const plan::AggregateCall& call : node_.calls) {
      fields.push_back({"f" + std::to_string(fields.size()), call.type});
    }
    node_.output_type = LogicalType::Row(fields);
  }
  void Preceding(int64_t preceding) {
    node_.unbounded = false;
    node_.preceding = preceding;
  }
  std::unique_ptr<OperatorTestHarness> Harness(TimeAttribute time = TimeAttribute::kRowtime) {
    return std::make_unique<OperatorTestHarness>(
        [this, time] { return MakeOverAggregate({node_, bundle_, {InputOf(time)}}).value(); });
  }
  // The rows by event time, with restores in between; those of one time in any order of keys.
  Rows Run() {
    const auto over = Harness();
    over->context().set_batch_rows(2);
    over->Process(0, MakeRows({{1, 10, 1000}, {1, 20, 3000}, {2, 5, 2000}, {1, 30, 3000}}));
    over->SaveAndRestore();
    over->Process(0, MakeRows({{1, 40, 2000}}));
    Rows seen = over->Watermark(3000);
    over->SaveAndRestore();
    over->Process(0, MakeRows({{1, 7, 3000},
                               {1, std::nullopt, 4000},
                               {2, 6, 2500},
                               {2, 9, 9000},
                               {1, 10, 10000},
                               {1, 50, 6000},
                               {1, 60, 6000}}));
    for (std::string& row : over->Watermark(kMaxWatermark)) seen.push_back(std::move(row));
    late_ = over->context().metrics().Counter("numLateRecordsDropped")->Get();
    std::erase_if(seen, [](const std::string& row) { return row[0] == 'W'; });
    std::sort(seen.begin(), seen.end());
    return seen;
  }

  plan::OverAggregate node_;
  plan::Bundle bundle_;
  int64_t late_ = 0;
};

TEST_F(OverAggregateTest, RangeFromTheBeginning) {
  EXPECT_EQ(Run(),
            (Rows{"+I(1,10,1000,10,1,1,10)", "+I(1,10,10000,220,8,6,60)",
                  "+I(1,20,3000,100,4,4,40)", "+I(1,30,3000,100,4,4,40)", "+I(1,40,2000,50,2,2,40)",
                  "+I(1,50,6000,210,7,6,60)", "+I(1,60,6000,210,7,6,60)",
                  "+I(1,null,4000,100,5,4,40)", "+I(2,5,2000,5,1,1,5)", "+I(2,9,9000,14,2,2,9)"}));
  EXPECT_EQ(late_, 2);
}

TEST_F(OverAggregateTest, RangeOfTwoSeconds) {
  Preceding(2000);
  EXPECT_EQ(Run(),
            (Rows{"+I(1,10,1000,10,1,1,10)", "+I(1,10,10000,10,1,1,10)", "+I(1,20,3000,100,4,4,40)",
                  "+I(1,30,3000,100,4,4,40)", "+I(1,40,2000,50,2,2,40)", "+I(1,50,6000,110,3,2,60)",
                  "+I(1,60,6000,110,3,2,60)", "+I(1,null,4000,90,4,3,40)", "+I(2,5,2000,5,1,1,5)",
                  "+I(2,6,2500,11,2,2,6)", "+I(2,9,9000,9,1,1,9)"}));
  EXPECT_EQ(late_, 1);  // not later than the last row of its key that was taken
}

TEST_F(OverAggregateTest, TwoRowsBefore) {
  node_.is_rows = true;
  Preceding(2);
  EXPECT_EQ(Run(),
            (Rows{"+I(1,10,1000,10,1,1,10)", "+I(1,10,10000,120,3,3,60)", "+I(1,20,3000,70,3,3,40)",
                  "+I(1,30,3000,90,3,3,40)", "+I(1,40,2000,50,2,2,40)", "+I(1,50,6000,80,3,2,50)",
                  "+I(1,60,6000,110,3,2,60)", "+I(1,null,4000,50,3,2,30)", "+I(2,5,2000,5,1,1,5)",
                  "+I(2,6,2500,11,2,2,6)", "+I(2,9,9000,20,3,3,9)"}));
}

TEST_F(OverAggregateTest, LagLooksBack) {
  UseCalls({Call("LAG", {1})});
  EXPECT_EQ(Run(),
            (Rows{"+I(1,10,1000,null)", "+I(1,10,10000,60)", "+I(1,20,3000,20)", "+I(1,30,3000,20)",
                  "+I(1,40,2000,10)", "+I(1,50,6000,50)", "+I(1,60,6000,50)", "+I(1,null,4000,30)",
                  "+I(2,5,2000,null)", "+I(2,9,9000,5)"}));
}

TEST_F(OverAggregateTest, ByProcessingTimeRowsEndTheirFramesAsTheyArrive) {
  UseCalls({Call("SUM", {1}), Call("ROW_NUMBER", {})});
  node_.calls[1].type = LogicalType::BigInt(false);
  const auto unbounded = Harness(TimeAttribute::kProctime);
  EXPECT_EQ(unbounded->Process(0, MakeRows({{1, 1, 0}, {2, 5, 0}, {1, 2, 0}})),
            (Rows{"+I(1,1,0,1,1)", "+I(2,5,0,5,1)", "+I(1,2,0,3,2)"}));
  unbounded->SaveAndRestore();
  EXPECT_EQ(unbounded->Process(0, MakeRows({{1, 4, 0}})), Rows{"+I(1,4,0,7,3)"});
  UseCalls({Call("SUM", {1}), Call("MAX", {1})});
  node_.is_rows = true;
  Preceding(1);
  const auto two = Harness(TimeAttribute::kProctime);
  EXPECT_EQ(two->Process(0, MakeRows({{1, 4, 0}, {1, 2, 0}, {1, 1, 0}})),
            (Rows{"+I(1,4,0,4,4)", "+I(1,2,0,6,4)", "+I(1,1,0,3,2)"}));
}

TEST_F(OverAggregateTest, ByProcessingTimeRowsOfAMillisecondAreInEachOthersRange) {
  UseCalls({Call("SUM", {1})});
  Preceding(10);
  const auto over = Harness(TimeAttribute::kProctime);
  over->context().manual_clock().Set(5);
  EXPECT_EQ(over->Process(0, MakeRows({{1, 1, 0}, {1, 2, 0}})), Rows{});
  EXPECT_EQ(over->PassTime(6), (Rows{"+I(1,1,0,3)", "+I(1,2,0,3)"}));
  over->context().manual_clock().Set(15);
  over->Process(0, MakeRows({{1, 4, 0}}));
  over->SaveAndRestore();
  EXPECT_EQ(over->PassTime(16), Rows{"+I(1,4,0,7)"});
  over->Process(0, MakeRows({{1, 8, 0}}));
  EXPECT_EQ(over->PassTime(100), Rows{"+I(1,8,0,12)"});  // and the key has been forgotten
  over->Process(0, MakeRows({{1, 16, 0}}));
  EXPECT_EQ(over->PassTime(101), Rows{"+I(1,16,0,16)"});
}

// A state TTL of 100 ms. Keys go one and a half times that after a row, if none came meanwhile.
class OverTtlTest : public OverAggregateTest {
 protected:
  void SetUp() override {
    UseCalls({Call("SUM", {1})});
    bundle_.configuration.Set("table.exec.state.ttl", "100 ms");
  }
};

TEST_F(OverTtlTest, KeysOfEventTimeGoUnlessRowsWait) {
  const auto over = Harness();
  over->Process(0, MakeRows({{1, 1, 1000}}));
  EXPECT_EQ(over->Watermark(1000), (Rows{"+I(1,1,1000,1)", "W(1000)"}));
  over->PassTime(60);
  over->Process(0, MakeRows({{1, 2, 2000}}));  // would go at 150, now at 210
  over->SaveAndRestore();
  EXPECT_EQ(over->PassTime(209), Rows{});
  EXPECT_EQ(over->PassTime(300), Rows{});  // the row waits: decided on anew at 210
  EXPECT_EQ(over->Watermark(2000), (Rows{"+I(1,2,2000,3)", "W(2000)"}));
  EXPECT_EQ(over->PassTime(1000), Rows{});
  over->Process(0, MakeRows({{1, 4, 3000}}));
  EXPECT_EQ(over->Watermark(3000), (Rows{"+I(1,4,3000,4)", "W(3000)"}));
}

TEST_F(OverTtlTest, KeysOfBoundedRowsByProcessingTimeGo) {
  node_.is_rows = true;
  Preceding(5);
  const auto over = Harness(TimeAttribute::kProctime);
  EXPECT_EQ(over->Process(0, MakeRows({{1, 1, 0}})), Rows{"+I(1,1,0,1)"});
  over->PassTime(149);
  over->SaveAndRestore();
  EXPECT_EQ(over->Process(0, MakeRows({{1, 2, 0}})), Rows{"+I(1,2,0,3)"});
  over->PassTime(299);
  EXPECT_EQ(over->Process(0, MakeRows({{1, 4, 0}})), Rows{"+I(1,4,0,4)"});
}

TEST_F(OverTtlTest, AccumulatorsOfUnboundedFramesByProcessingTimeExpire) {
  const auto over = Harness(TimeAttribute::kProctime);
  EXPECT_EQ(over->Process(0, MakeRows({{1, 1, 0}})), Rows{"+I(1,1,0,1)"});
  over->PassTime(99);
  EXPECT_EQ(over->Process(0, MakeRows({{1, 2, 0}})), Rows{"+I(1,2,0,3)"});
  over->PassTime(199);
  EXPECT_EQ(over->Process(0, MakeRows({{1, 4, 0}})), Rows{"+I(1,4,0,4)"});
}

TEST_F(OverTtlTest, PartitionsInAnOrderThatIsNotByTimeGoAfterTheTtl) {
  const auto over = Harness(TimeAttribute::kNone);
  EXPECT_EQ(over->Process(0, MakeRows({{1, 1, 5}, {2, 7, 5}})),
            (Rows{"+I(1,1,5,1)", "+I(2,7,5,7)"}));
  over->PassTime(50);
  over->Process(0, MakeRows({{2, 1, 6}}));
  over->SaveAndRestore();
  over->PassTime(100);
  EXPECT_EQ(over->Process(0, MakeRows({{1, 2, 6}, {2, 1, 7}})),
            (Rows{"+I(1,2,6,2)", "+I(2,1,7,9)"}));
}

// SELECT k, v, t, SUM(v), COUNT(*) in the order of t, which is no time.
class SortedOverTest : public OverAggregateTest {
 protected:
  void SetUp() override { UseCalls({Call("SUM", {1}), Call("COUNT", {})}); }

  static Batch Changes(const std::vector<Row>& rows, const std::vector<RowKind>& kinds) {
    Batch batch = MakeRows(rows);
    batch.row_kinds = Buffer::Allocate(kinds.size());
    std::copy(kinds.begin(), kinds.end(), batch.row_kinds->as<RowKind>());
    return batch;
  }
  Rows RunChanges() {
    constexpr RowKind I = RowKind::kInsert, UB = RowKind::kUpdateBefore, UA = RowKind::kUpdateAfter,
                      D = RowKind::kDelete;
    const auto over = Harness(TimeAttribute::kNone);
    Rows seen = over->Process(
        0, Changes({{1, 10, 5}, {1, 20, 7}, {1, 5, 6}, {1, 0, 6}, {2, 9, 1}, {1, 10, 5}},
                   {I, I, I, I, I, UB}));
    over->SaveAndRestore();
    for (std::string& row : over->Process(
             0, Changes({{1, 11, 5}, {1, 5, 6}, {1, 3, 7}, {1, 20, 7}, {1, 99, 7}, {1, 1, 1}},
                        {UA, D, I, D, D, I}))) {
      seen.push_back(std::move(row));
    }
    return seen;
  }
};

TEST_F(SortedOverTest, RowsOfTheSameSortKeyAreInEachOthersRange) {
  EXPECT_EQ(RunChanges(),
            (Rows{"+I(1,10,5,10,1)", "+I(1,20,7,30,2)", "+I(1,5,6,15,2)",  "-U(1,20,7,30,2)",
                  "+U(1,20,7,35,3)", "-U(1,5,6,15,2)",  "+U(1,5,6,15,3)",  "+I(1,0,6,15,3)",
                  "-U(1,20,7,35,3)", "+U(1,20,7,35,4)", "+I(2,9,1,9,1)",   "-D(1,10,5,10,1)",
                  "-U(1,5,6,15,3)",  "+U(1,5,6,5,2)",   "-U(1,0,6,15,3)",  "+U(1,0,6,5,2)",
                  "-U(1,20,7,35,4)", "+U(1,20,7,25,3)", "+U(1,11,5,11,1)", "-U(1,5,6,5,2)",
                  "+U(1,5,6,16,3)",  "-U(1,0,6,5,2)",   "+U(1,0,6,16,3)",  "-U(1,20,7,25,3)",
                  "+U(1,20,7,36,4)", "-D(1,5,6,16,3)",  "-U(1,0,6,16,3)",  "+U(1,0,6,11,2)",
                  "-U(1,20,7,36,4)", "+U(1,20,7,31,3)", "-U(1,20,7,31,3)", "+U(1,20,7,34,4)",
                  "+I(1,3,7,34,4)",  "-D(1,20,7,34,4)", "-U(1,3,7,34,4)",  "+U(1,3,7,14,3)",
                  "+I(1,1,1,1,1)",   "-U(1,11,5,11,1)", "+U(1,11,5,12,2)", "-U(1,0,6,11,2)",
                  "+U(1,0,6,12,3)",  "-U(1,3,7,14,3)",  "+U(1,3,7,15,4)"}));
}

TEST_F(SortedOverTest, RowsOfTheSameSortKeyFollowEachOther) {
  node_.is_rows = true;
  EXPECT_EQ(RunChanges(),
            (Rows{"+I(1,10,5,10,1)", "+I(1,20,7,30,2)", "+I(1,5,6,15,2)",  "-U(1,20,7,30,2)",
                  "+U(1,20,7,35,3)", "+I(1,0,6,15,3)",  "-U(1,20,7,35,3)", "+U(1,20,7,35,4)",
                  "+I(2,9,1,9,1)",   "-D(1,10,5,10,1)", "-U(1,5,6,15,2)",  "+U(1,5,6,5,1)",
                  "-U(1,0,6,15,3)",  "+U(1,0,6,5,2)",   "-U(1,20,7,35,4)", "+U(1,20,7,25,3)",
                  "+U(1,11,5,11,1)", "-U(1,5,6,5,1)",   "+U(1,5,6,16,2)",  "-U(1,0,6,5,2)",
                  "+U(1,0,6,16,3)",  "-U(1,20,7,25,3)", "+U(1,20,7,36,4)", "-D(1,5,6,16,2)",
                  "-U(1,0,6,16,3)",  "+U(1,0,6,11,2)",  "-U(1,20,7,36,4)", "+U(1,20,7,31,3)",
                  "+I(1,3,7,34,4)",  "-D(1,20,7,31,3)", "-U(1,3,7,34,4)",  "+U(1,3,7,14,3)",
                  "+I(1,1,1,1,1)",   "-U(1,11,5,11,1)", "+U(1,11,5,12,2)", "-U(1,0,6,11,2)",
                  "+U(1,0,6,12,3)",  "-U(1,3,7,14,3)",  "+U(1,3,7,15,4)"}));
}

TEST_F(SortedOverTest, RefusesFramesWithABeginning) {
  Preceding(1);
  EXPECT_EQ(MakeOverAggregate({node_, bundle_, {InputOf(TimeAttribute::kNone)}}).status().code(),
            StatusCode::kUnsupported);
}

TEST_F(OverAggregateTest, RefusesDescendingOrders) {
  node_.order[0].ascending = false;
  EXPECT_EQ(MakeOverAggregate({node_, bundle_, {InputOf(TimeAttribute::kNone)}}).status().code(),
            StatusCode::kUnsupported);
}

}  // namespace
}  // namespace castor
