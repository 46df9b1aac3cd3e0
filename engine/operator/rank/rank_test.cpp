// The changelogs are those of Flink 2.3 for the same rows and query.
#include "operator/rank/rank.h"

#include <gtest/gtest.h>

#include "base/memory.h"
#include "operator/api/operator_test_harness.h"
#include "plan/nodes/rank.h"

namespace castor {
namespace {

using Rows = std::vector<std::string>;
using Strategy = plan::Rank::Strategy;

constexpr RowKind I = RowKind::kInsert, UB = RowKind::kUpdateBefore, UA = RowKind::kUpdateAfter,
                  D = RowKind::kDelete;

const LogicalType kInput = LogicalType::Row(
    {{"id", LogicalType::Integer()}, {"k", LogicalType::Integer()}, {"v", LogicalType::Integer()}});

struct Row {
  RowKind kind;
  int32_t id;
  int32_t k;
  int32_t v;
};

Batch MakeRows(const std::vector<Row>& rows) {
  std::vector<std::optional<int32_t>> columns[3];
  std::vector<RowKind> kinds;
  for (const Row& row : rows) {
    columns[0].push_back(row.id), columns[1].push_back(row.k), columns[2].push_back(row.v);
    kinds.push_back(row.kind);
  }
  std::vector<ColumnPtr> made;
  for (const auto& column : columns) {
    made.push_back(MakeColumn<int32_t>(LogicalType::Integer(), column));
  }
  return MakeBatch(std::move(made), kinds);
}

class RankTest : public testing::Test {
 protected:
  RankTest() {
    node_.partition = {1};
    node_.order = {{2, false, true}};
    node_.start = 1;
    node_.end = 2;
    node_.generate_update_before = true;
    node_.states = {{0, 0, "rankState"}};
  }
  void Number() {
    node_.output_row_number = true;
    std::vector<LogicalType::Field> fields = kInput.fields();
    fields.push_back({"n", LogicalType::BigInt(false)});
    node_.output_type = LogicalType::Row(fields);
  }
  std::unique_ptr<OperatorTestHarness> Harness() {
    return std::make_unique<OperatorTestHarness>(
        [this] { return MakeRank({node_, bundle_, {kInput}}).value(); });
  }
  // The rows one by one, with a restore in their midst.
  Rows Run(const std::vector<Row>& rows) {
    const auto rank = Harness();
    Rows seen;
    for (size_t i = 0; i < rows.size(); ++i) {
      if (i == rows.size() / 2) rank->SaveAndRestore();
      for (std::string& row : rank->Process(0, MakeRows({rows[i]}))) seen.push_back(std::move(row));
    }
    EXPECT_EQ(Harness()->Process(0, MakeRows(rows)), seen) << "in one batch";
    return seen;
  }

  plan::Rank node_;
  const plan::Bundle bundle_;
};

// Deletes and updates.
const std::vector<Row> kChanges = {{I, 1, 1, 10}, {I, 2, 1, 20}, {I, 3, 1, 15},  {I, 4, 1, 20},
                                   {I, 5, 2, 1},  {D, 2, 1, 20}, {UB, 3, 1, 15}, {UA, 3, 1, 30},
                                   {I, 6, 1, 30}, {D, 3, 1, 30}, {I, 7, 1, 5},   {D, 4, 1, 20},
                                   {D, 6, 1, 30}, {D, 1, 1, 10}, {I, 8, 1, 7}};
const std::vector<Row> kInserts = {{I, 1, 1, 10}, {I, 2, 1, 20}, {I, 3, 1, 15},
                                   {I, 4, 1, 20}, {I, 5, 2, 1},  {I, 3, 1, 30},
                                   {I, 6, 1, 30}, {I, 7, 1, 5},  {I, 8, 1, 7}};

TEST_F(RankTest, NumbersOverAChangelog) {
  node_.strategy = Strategy::kRetract;
  Number();
  EXPECT_EQ(Run(kChanges),
            (Rows{"+I(1,1,10,1)", "-U(1,1,10,1)", "+U(2,1,20,1)", "+I(1,1,10,2)", "-U(1,1,10,2)",
                  "+U(3,1,15,2)", "-U(3,1,15,2)", "+U(4,1,20,2)", "+I(5,2,1,1)",  "-U(2,1,20,1)",
                  "+U(4,1,20,1)", "-U(4,1,20,2)", "+U(3,1,15,2)", "-U(3,1,15,2)", "+U(1,1,10,2)",
                  "-U(4,1,20,1)", "+U(3,1,30,1)", "-U(1,1,10,2)", "+U(4,1,20,2)", "-U(4,1,20,2)",
                  "+U(6,1,30,2)", "-U(3,1,30,1)", "+U(6,1,30,1)", "-U(6,1,30,2)", "+U(4,1,20,2)",
                  "-U(4,1,20,2)", "+U(1,1,10,2)", "-U(6,1,30,1)", "+U(1,1,10,1)", "-U(1,1,10,2)",
                  "+U(7,1,5,2)",  "-U(1,1,10,1)", "+U(7,1,5,1)",  "-D(7,1,5,2)",  "-U(7,1,5,1)",
                  "+U(8,1,7,1)",  "+I(7,1,5,2)"}));
}

TEST_F(RankTest, TheCacheOfSortKeysIsChargedAndBounded) {
  node_.strategy = Strategy::kRetract;
  constexpr int kPartitions = 2000, kEach = 5;
  std::vector<Row> rows;
  for (int i = 0; i < kPartitions * kEach; ++i) rows.push_back({I, i, i / kEach, i});
  // What the rows take of the account with a cache of so many sort keys.
  const auto taken = [&](const std::string& sort_keys) {
    node_.configuration["table.exec.rank.topn-cache-size"] = sort_keys;
    const int64_t before = MemoryAccount::State().used();
    const auto rank = Harness();
    rank->Process(0, MakeRows(rows));
    return MemoryAccount::State().used() - before;
  };
  const int64_t before = MemoryAccount::State().used();
  const int64_t all = taken("1000000"), half = taken("5000"), none = taken("1");
  const int64_t least = kPartitions * kEach * int64_t{sizeof(std::string) + sizeof(int64_t)};
  EXPECT_GT(all - none, least);
  EXPECT_LT(half - none, (all - none) * 6 / 10);
  EXPECT_EQ(MemoryAccount::State().used(), before);
}

TEST_F(RankTest, WithoutNumbersOverAChangelog) {
  node_.strategy = Strategy::kRetract;
  EXPECT_EQ(
      Run(kChanges),
      (Rows{"+I(1,1,10)", "+I(2,1,20)", "-D(1,1,10)", "+I(3,1,15)", "-D(3,1,15)", "+I(4,1,20)",
            "+I(5,2,1)",  "-D(2,1,20)", "+I(3,1,15)", "-D(3,1,15)", "+I(1,1,10)", "-D(1,1,10)",
            "+I(3,1,30)", "-D(4,1,20)", "+I(6,1,30)", "-D(3,1,30)", "+I(4,1,20)", "-D(4,1,20)",
            "+I(1,1,10)", "-D(6,1,30)", "+I(7,1,5)",  "-D(1,1,10)", "+I(8,1,7)"}));
}

// Some deletions find nothing, because Flink has changed the kinds of the rows in its state.
TEST_F(RankTest, WithAnOffsetOverAChangelog) {
  node_.strategy = Strategy::kRetract;
  node_.start = 2;
  node_.end = 3;
  EXPECT_EQ(
      Run(kChanges),
      (Rows{"+I(1,1,10)", "-U(1,1,10)", "+U(3,1,15)", "+I(1,1,10)", "-U(3,1,15)", "+U(4,1,20)",
            "-U(1,1,10)", "+U(3,1,15)", "-U(4,1,20)", "+U(3,1,15)", "-U(3,1,15)", "+U(1,1,10)",
            "-U(1,1,10)", "+U(4,1,20)", "+I(1,1,10)", "-U(4,1,20)", "+U(6,1,30)", "-U(1,1,10)",
            "+U(4,1,20)", "-U(6,1,30)", "+U(4,1,20)", "-U(4,1,20)", "+U(1,1,10)", "+I(7,1,5)"}));
}

TEST_F(RankTest, NumbersOverInserts) {
  Number();
  EXPECT_EQ(Run(kInserts),
            (Rows{"+I(1,1,10,1)", "-U(1,1,10,1)", "+U(2,1,20,1)", "+I(1,1,10,2)", "-U(1,1,10,2)",
                  "+U(3,1,15,2)", "-U(3,1,15,2)", "+U(4,1,20,2)", "+I(5,2,1,1)", "-U(2,1,20,1)",
                  "+U(3,1,30,1)", "-U(4,1,20,2)", "+U(2,1,20,2)", "-U(2,1,20,2)", "+U(6,1,30,2)"}));
}

TEST_F(RankTest, WithoutNumbersOverInserts) {
  EXPECT_EQ(Run(kInserts), (Rows{"+I(1,1,10)", "+I(2,1,20)", "-D(1,1,10)", "+I(3,1,15)",
                                 "-D(3,1,15)", "+I(4,1,20)", "+I(5,2,1)", "-D(4,1,20)",
                                 "+I(3,1,30)", "-D(2,1,20)", "+I(6,1,30)"}));
}

TEST_F(RankTest, WithAnOffsetOverInserts) {
  node_.start = 2;
  node_.end = 3;
  EXPECT_EQ(Run(kInserts), (Rows{"+I(1,1,10)", "-U(1,1,10)", "+U(3,1,15)", "+I(1,1,10)",
                                 "-U(3,1,15)", "+U(4,1,20)", "-U(1,1,10)", "+U(3,1,15)",
                                 "-U(4,1,20)", "+U(2,1,20)", "-U(3,1,15)", "+U(4,1,20)",
                                 "-U(2,1,20)", "+U(6,1,30)", "-U(4,1,20)", "+U(2,1,20)"}));
}

// SELECT k, COUNT(*), MAX(v): rows (count, key, maximum), the counts of a key only grow.
const std::vector<Row> kCounts = {{I, 1, 1, 10},  {I, 1, 2, 20}, {I, 1, 3, 15},  {UA, 2, 1, 10},
                                  {UA, 2, 3, 15}, {I, 1, 4, 30}, {UA, 3, 1, 20}, {UA, 2, 2, 20},
                                  {UA, 2, 4, 30}, {I, 1, 5, 60}, {UA, 4, 1, 40}, {UA, 3, 3, 100}};

class UpdateRankTest : public RankTest {
 protected:
  UpdateRankTest() {
    node_.strategy = Strategy::kUpdateFast;
    node_.primary_keys = {1};
    node_.partition = {};
    node_.order = {{0, false, true}};
    node_.end = 3;
  }
};

TEST_F(UpdateRankTest, NumbersOverUpdates) {
  Number();
  EXPECT_EQ(Run(kCounts),
            (Rows{"+I(1,1,10,1)", "+I(1,2,20,2)", "+I(1,3,15,3)", "-U(1,1,10,1)", "+U(2,1,10,1)",
                  "-U(1,2,20,2)", "-U(1,3,15,3)", "+U(2,3,15,2)", "+U(1,2,20,3)", "-U(2,1,10,1)",
                  "+U(3,1,20,1)", "-U(1,2,20,3)", "+U(2,2,20,3)", "-U(3,1,20,1)", "+U(4,1,40,1)",
                  "-U(2,3,15,2)", "+U(3,3,100,2)"}));
}

TEST_F(UpdateRankTest, WithoutNumbersOverUpdates) {
  EXPECT_EQ(Run(kCounts),
            (Rows{"+I(1,1,10)", "+I(1,2,20)", "+I(1,3,15)", "-U(1,1,10)", "+U(2,1,10)",
                  "-U(1,3,15)", "+U(2,3,15)", "-U(2,1,10)", "+U(3,1,20)", "-U(1,2,20)",
                  "+U(2,2,20)", "-U(3,1,20)", "+U(4,1,40)", "-U(2,3,15)", "+U(3,3,100)"}));
}

TEST_F(UpdateRankTest, TheFirstOverUpdates) {
  node_.end = 1;
  EXPECT_EQ(Run(kCounts), (Rows{"+I(1,1,10)", "-U(1,1,10)", "+U(2,1,10)", "-U(2,1,10)",
                                "+U(3,1,20)", "-U(3,1,20)", "+U(4,1,40)"}));
}

TEST_F(RankTest, TheFirstRowOfItsPartitionDecidesAVariableEnd) {
  node_.variable_range = true;
  node_.end_field = 0;
  EXPECT_EQ(Run({{I, 1, 1, 10}, {I, 2, 1, 20}, {I, 2, 2, 5}, {I, 1, 2, 7}, {I, 1, 2, 6}}),
            (Rows{"+I(1,1,10)", "-D(1,1,10)", "+I(2,1,20)", "+I(2,2,5)", "+I(1,2,7)", "-D(2,2,5)",
                  "+I(1,2,6)"}));
}

TEST_F(RankTest, ProcessingTimeIsTheOrderOfArrival) {
  std::vector<LogicalType::Field> fields = kInput.fields();
  fields[2].type =
      LogicalType(TypeKind::kTimestampLtz, true, 3).WithTimeAttribute(TimeAttribute::kProctime);
  node_.order = {{2, true, false}};
  Number();
  OperatorTestHarness rank(
      [&] { return MakeRank({node_, bundle_, {LogicalType::Row(fields)}}).value(); });
  EXPECT_EQ(rank.Process(0, MakeRows({{I, 1, 1, 9}, {I, 2, 1, 8}, {I, 3, 2, 7}, {I, 4, 1, 6}})),
            (Rows{"+I(1,1,9,1)", "+I(2,1,8,2)", "+I(3,2,7,1)"}));
}

TEST_F(RankTest, ExpiredRowsAreForgotten) {
  node_.states[0].ttl_ms = 100;
  for (const Strategy strategy : {Strategy::kAppendFast, Strategy::kRetract}) {
    node_.strategy = strategy;
    const auto rank = Harness();
    rank->Process(0, MakeRows({{I, 1, 1, 10}, {I, 2, 1, 20}}));
    rank->context().manual_clock().Set(99);
    EXPECT_EQ(rank->Process(0, MakeRows({{I, 3, 1, 5}})), Rows{});
    rank->context().manual_clock().Set(300);
    EXPECT_EQ(rank->Process(0, MakeRows({{I, 4, 1, 5}})), Rows{"+I(4,1,5)"});
  }
}

TEST_F(RankTest, FewerSortKeysInTheCacheChangeNothing) {
  node_.strategy = Strategy::kRetract;
  const Rows expected = Run(kChanges);
  node_.configuration["table.exec.rank.topn-cache-size"] = "1";
  EXPECT_EQ(Run(kChanges), expected);
}

TEST_F(RankTest, RefusesRanksWithTies) {
  node_.function = plan::Rank::Function::kDenseRank;
  EXPECT_EQ(MakeRank({node_, bundle_, {kInput}}).status().code(), StatusCode::kUnsupported);
}

}  // namespace
}  // namespace castor
