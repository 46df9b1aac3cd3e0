#include "operator/join/mini_batch_join.h"

#include <gtest/gtest.h>

#include "operator/api/operator_test_harness.h"

namespace castor::join {
namespace {

using plan::JoinType;
using Rows = std::vector<std::string>;
using Keys = std::vector<std::vector<int32_t>>;

const LogicalType kRow =
    LogicalType::Row({{"k", LogicalType::BigInt()}, {"id", LogicalType::BigInt()}});

struct Change {
  RowKind kind;
  int64_t key;
  int64_t id;
};

constexpr RowKind kIns = RowKind::kInsert;
constexpr RowKind kBefore = RowKind::kUpdateBefore;
constexpr RowKind kAfter = RowKind::kUpdateAfter;
constexpr RowKind kDel = RowKind::kDelete;

Batch MakeChanges(const std::vector<Change>& changes) {
  std::vector<std::optional<int64_t>> keys;
  std::vector<std::optional<int64_t>> ids;
  std::vector<RowKind> kinds;
  for (const Change& change : changes) {
    keys.push_back(change.key), ids.push_back(change.id), kinds.push_back(change.kind);
  }
  return MakeBatch({MakeColumn<int64_t>(LogicalType::BigInt(), keys),
                    MakeColumn<int64_t>(LogicalType::BigInt(), ids)},
                   kinds);
}

std::unique_ptr<OperatorTestHarness> Harness(JoinType type, const Keys& unique_keys,
                                             int64_t bundle_rows) {
  plan::Join node;
  node.spec.type = type;
  node.spec.left_keys = {0};
  node.spec.right_keys = {0};
  node.spec.filter_nulls = {true};
  node.left_upsert_keys = unique_keys;
  node.right_upsert_keys = unique_keys;
  std::vector<LogicalType::Field> fields = kRow.fields();
  fields.insert(fields.end(), kRow.fields().begin(), kRow.fields().end());
  node.output_type = LogicalType::Row(fields);
  return std::make_unique<OperatorTestHarness>([node, bundle_rows] {
    return std::make_unique<MiniBatchJoin>(node, kRow, kRow, bundle_rows);
  });
}

TEST(MiniBatchJoin, ABundleOfRowsIsJoinedTheRightSideFirst) {
  const auto join = Harness(JoinType::kLeft, {}, 4);
  EXPECT_EQ(join->Process(0, MakeChanges({{kIns, 1, 10}, {kIns, 2, 20}})), Rows{});
  // The fourth row closes the bundle: no row is padded and taken back.
  EXPECT_EQ(join->Process(1, MakeChanges({{kIns, 1, 11}, {kIns, 1, 12}, {kIns, 2, 21}})),
            (Rows{"+I(1,10,1,11)", "+I(1,10,1,12)", "+I(2,20,null,null)"}));
  EXPECT_EQ(join->Watermark(5), (Rows{"-D(2,20,null,null)", "+I(2,20,2,21)", "W(5)"}));
}

TEST(MiniBatchJoin, RightJoinsTakeTheLeftSideFirst) {
  const auto join = Harness(JoinType::kRight, {}, 2);
  join->Process(1, MakeChanges({{kIns, 1, 11}}));
  EXPECT_EQ(join->Process(0, MakeChanges({{kIns, 1, 10}})), Rows{"+I(1,10,1,11)"});
}

TEST(MiniBatchJoin, EqualRowsVanishTogether) {
  const auto join = Harness(JoinType::kFull, {}, 100);
  join->Process(0, MakeChanges({{kIns, 1, 10},
                                {kIns, 1, 10},
                                {kDel, 1, 10},
                                {kBefore, 2, 20},
                                {kAfter, 2, 20},
                                {kIns, 3, 30}}));
  EXPECT_EQ(join->BeforeBarrier(), (Rows{"+I(1,10,null,null)", "+I(3,30,null,null)"}));
  join->SaveAndRestore();
  join->Process(1, MakeChanges({{kIns, 1, 11}}));
  EXPECT_EQ(join->BeforeBarrier(), (Rows{"-D(1,10,null,null)", "+I(1,10,1,11)"}));
}

// The rows that match an update see its two halves as one and are not padded in between.
TEST(MiniBatchJoin, VersionsOfARowBecomeOneUpdate) {
  const auto join = Harness(JoinType::kFull, {{1}}, 100);
  join->Process(1, MakeChanges({{kIns, 1, 11}}));
  join->Process(0, MakeChanges({{kIns, 1, 10}, {kIns, 5, 50}}));
  EXPECT_EQ(join->BeforeBarrier(), (Rows{"+I(null,null,1,11)", "-D(null,null,1,11)",
                                         "+I(1,10,1,11)", "+I(5,50,null,null)"}));
  join->Process(
      0,
      MakeChanges(
          {{kBefore, 1, 10}, {kAfter, 1, 10}, {kBefore, 1, 10}, {kAfter, 1, 10}, {kDel, 5, 50}}));
  EXPECT_EQ(join->BeforeBarrier(), (Rows{"-D(1,10,1,11)", "+I(1,10,1,11)", "-D(5,50,null,null)"}));
  // A row that comes and goes is never seen.
  join->Process(0, MakeChanges({{kIns, 6, 60}, {kDel, 6, 60}}));
  EXPECT_EQ(join->BeforeBarrier(), Rows{});
}

}  // namespace
}  // namespace castor::join
