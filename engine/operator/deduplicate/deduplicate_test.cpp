// The changelogs are those of Flink 2.3 for the same rows and query.
#include "operator/deduplicate/deduplicate.h"

#include <gtest/gtest.h>

#include "operator/api/operator_test_harness.h"
#include "plan/nodes/rank.h"

namespace castor {
namespace {

using Rows = std::vector<std::string>;

constexpr RowKind I = RowKind::kInsert, UA = RowKind::kUpdateAfter, D = RowKind::kDelete;

const LogicalType kInput =
    LogicalType::Row({{"k", LogicalType::Integer()},
                      {"v", LogicalType::Integer()},
                      {"t", LogicalType::Timestamp(3).WithTimeAttribute(TimeAttribute::kRowtime)}});

struct Row {
  int32_t k;
  std::optional<int32_t> v;
  int64_t t = 0;
  RowKind kind = I;
};

Batch MakeRows(const std::vector<Row>& rows) {
  std::vector<std::optional<int32_t>> k, v;
  std::vector<std::optional<int64_t>> t;
  std::vector<RowKind> kinds;
  for (const Row& row : rows) {
    k.push_back(row.k), v.push_back(row.v), t.push_back(row.t), kinds.push_back(row.kind);
  }
  return MakeBatch({MakeColumn<int32_t>(LogicalType::Integer(), k),
                    MakeColumn<int32_t>(LogicalType::Integer(), v),
                    MakeColumn<int64_t>(LogicalType::Timestamp(3), t)},
                   kinds);
}

// Runs `rows` one by one with a restore in their midst.
Rows RunRows(const OperatorTestHarness::Make& make, const std::vector<Row>& rows) {
  OperatorTestHarness harness(make);
  Rows seen;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i == rows.size() / 2) harness.SaveAndRestore();
    for (std::string& row : harness.Process(0, MakeRows({rows[i]}))) seen.push_back(std::move(row));
  }
  EXPECT_EQ(OperatorTestHarness(make).Process(0, MakeRows(rows)), seen) << "in one batch";
  return seen;
}

class DeduplicateTest : public testing::Test {
 protected:
  DeduplicateTest() {
    node_.unique_keys = {0};
    node_.keep_last_row = true;
    node_.generate_update_before = true;
    node_.states = {{0, 0, "deduplicateState"}};
  }
  OperatorTestHarness::Make Make() {
    return [this] { return MakeDeduplicate({node_, bundle_, {kInput}}).value(); };
  }
  void MiniBatches() {
    bundle_.configuration.Set("table.exec.mini-batch.enabled", "true");
    bundle_.configuration.Set("table.exec.mini-batch.size", "100");
  }

  plan::Deduplicate node_;
  plan::Bundle bundle_;
};

const std::vector<Row> kArrivals = {{1, 10}, {1, 10}, {2, 20}, {1, 12},
                                    {1, 12}, {1, 13}, {2, 20}, {3, 1}};

TEST_F(DeduplicateTest, TheLastToArrive) {
  EXPECT_EQ(RunRows(Make(), kArrivals),
            (Rows{"+I(1,10,0)", "+I(2,20,0)", "-U(1,10,0)", "+U(1,12,0)", "-U(1,12,0)",
                  "+U(1,12,0)", "-U(1,12,0)", "+U(1,13,0)", "+I(3,1,0)"}));
}

TEST_F(DeduplicateTest, TheLastToArriveWithoutState) {
  node_.generate_update_before = false;
  bundle_.configuration.Set("table.exec.deduplicate.insert-update-after-sensitive-enabled",
                            "false");
  EXPECT_EQ(RunRows(Make(), {{1, 10}, {1, 10}, {2, 20}}),
            (Rows{"+U(1,10,0)", "+U(1,10,0)", "+U(2,20,0)"}));
}

TEST_F(DeduplicateTest, TheLastToArriveOfEachMiniBatch) {
  MiniBatches();
  OperatorTestHarness harness(Make());
  EXPECT_EQ(harness.Process(0, MakeRows(kArrivals)), Rows{});
  EXPECT_EQ(harness.Watermark(1), (Rows{"+I(1,13,0)", "+I(2,20,0)", "+I(3,1,0)", "W(1)"}));
  harness.Process(0, MakeRows({{1, 5}, {1, 6}}));
  EXPECT_EQ(harness.BeforeBarrier(), (Rows{"-U(1,13,0)", "+U(1,6,0)"}));
}

TEST_F(DeduplicateTest, TheFirstToArrive) {
  node_.keep_last_row = false;
  EXPECT_EQ(RunRows(Make(), kArrivals), (Rows{"+I(1,10,0)", "+I(2,20,0)", "+I(3,1,0)"}));
}

TEST_F(DeduplicateTest, ForgetsKeysAfterTheirTtl) {
  node_.states[0].ttl_ms = 100;
  for (const bool last : {false, true}) {
    node_.keep_last_row = last;
    OperatorTestHarness harness(Make());
    EXPECT_EQ(harness.Process(0, MakeRows({{1, 10}})), Rows{"+I(1,10,0)"});
    harness.context().manual_clock().Set(99);
    // A last row that is not changed is sent on, to keep state below alive.
    EXPECT_EQ(harness.Process(0, MakeRows({{1, 10}})),
              last ? (Rows{"-U(1,10,0)", "+U(1,10,0)"}) : Rows{});
    harness.context().manual_clock().Set(200);
    EXPECT_EQ(harness.Process(0, MakeRows({{1, 11}})), Rows{"+I(1,11,0)"});
  }
}

const std::vector<Row> kTimed = {{1, 10, 5}, {1, 11, 3}, {2, 20, 1}, {1, 12, 5}};

TEST_F(DeduplicateTest, TheLatestByEventTime) {
  node_.is_rowtime = true;
  std::vector<Row> rows = kTimed;
  rows.insert(rows.end(), {{3, 30, 2}, {1, 13, 2}, {2, 21, 9}, {4, 40, 4}});
  EXPECT_EQ(RunRows(Make(), rows), (Rows{"+I(1,10,5)", "+I(2,20,1)", "-U(1,10,5)", "+U(1,12,5)",
                                         "+I(3,30,2)", "-U(2,20,1)", "+U(2,21,9)", "+I(4,40,4)"}));
}

TEST_F(DeduplicateTest, TheEarliestByEventTimeOnceTheWatermarkHasPassedIt) {
  node_.is_rowtime = true;
  node_.keep_last_row = false;
  node_.output_insert_only = true;
  OperatorTestHarness harness(Make());
  harness.context().set_batch_rows(1);
  EXPECT_EQ(harness.Process(0, MakeRows(kTimed)), Rows{});
  harness.SaveAndRestore();
  EXPECT_EQ(harness.Watermark(4), (Rows{"+I(2,20,1)", "+I(1,11,3)", "W(4)"}));
  harness.SaveAndRestore();
  harness.Process(0, MakeRows({{3, 30, 2}, {1, 13, 2}, {2, 21, 9}, {4, 40, 4}}));
  EXPECT_EQ(harness.Watermark(kMaxWatermark), (Rows{"+I(4,40,4)", "W(max)"}));
  EXPECT_EQ(harness.context().metrics().Counter("numLateRecordsDropped")->Get(), 2);
}

TEST_F(DeduplicateTest, TheEarliestByEventTimeInMiniBatches) {
  MiniBatches();
  node_.is_rowtime = true;
  node_.keep_last_row = false;
  for (const bool compact : {false, true}) {
    bundle_.configuration.Set("table.exec.deduplicate.mini-batch.compact-changes-enabled",
                              compact ? "true" : "false");
    OperatorTestHarness harness(Make());
    harness.Process(0, MakeRows(kTimed));
    EXPECT_EQ(harness.Watermark(0),
              compact ? (Rows{"+I(1,11,3)", "+I(2,20,1)", "W(0)"})
                      : (Rows{"+I(1,10,5)", "-U(1,10,5)", "+U(1,11,3)", "+I(2,20,1)", "W(0)"}));
  }
}

class ChangelogNormalizeTest : public testing::Test {
 protected:
  ChangelogNormalizeTest() {
    node_.unique_keys = {0};
    node_.generate_update_before = true;
    node_.states = {{0, 0, "changelogNormalizeState"}};
  }
  OperatorTestHarness::Make Make() {
    return [this] { return MakeChangelogNormalize({node_, bundle_, {kInput}}).value(); };
  }

  plan::ChangelogNormalize node_;
  plan::Bundle bundle_;
};

const std::vector<Row> kUpserts = {{1, 10},        {1, 10},       {2, 20, 0, UA}, {1, 12, 0, UA},
                                   {3, 1, 0, D},   {1, {}, 0, D}, {1, 12, 0, UA}, {2, 5, 0, UA},
                                   {2, 30, 0, UA}, {1, 1}};

TEST_F(ChangelogNormalizeTest, UpsertsBecomeChangesOfWholeRows) {
  EXPECT_EQ(
      RunRows(Make(), kUpserts),
      (Rows{"+I(1,10,0)", "+I(2,20,0)", "-U(1,10,0)", "+U(1,12,0)", "-D(1,12,0)", "+I(1,12,0)",
            "-U(2,20,0)", "+U(2,5,0)", "-U(2,5,0)", "+U(2,30,0)", "-U(1,12,0)", "+U(1,1,0)"}));
}

TEST_F(ChangelogNormalizeTest, RowsThatDoNotPassTheFilterAreNotKept) {
  plan::Expression ten;
  ten.type = LogicalType::Integer(false);
  ten.literal.text = "10";
  plan::Expression greater;
  greater.kind = plan::ExpressionKind::kCall;
  greater.function = greater.function_id = ">";
  greater.type = LogicalType::Boolean();
  greater.operands = {plan::InputRef(1, LogicalType::Integer()),
                      std::make_shared<plan::Expression>(ten)};
  node_.filter = std::make_shared<plan::Expression>(greater);
  EXPECT_EQ(RunRows(Make(), kUpserts), (Rows{"+I(2,20,0)", "+I(1,12,0)", "-D(1,12,0)", "+I(1,12,0)",
                                             "-D(2,20,0)", "+I(2,30,0)", "-D(1,12,0)"}));
}

TEST_F(ChangelogNormalizeTest, TheLastChangeOfAMiniBatchCounts) {
  bundle_.configuration.Set("table.exec.mini-batch.enabled", "true");
  bundle_.configuration.Set("table.exec.mini-batch.size", "5");
  OperatorTestHarness harness(Make());
  EXPECT_EQ(
      harness.Process(0, MakeRows(kUpserts)),
      (Rows{"+I(1,12,0)", "+I(2,20,0)", "-U(1,12,0)", "+U(1,1,0)", "-U(2,20,0)", "+U(2,30,0)"}));
}

}  // namespace
}  // namespace castor
