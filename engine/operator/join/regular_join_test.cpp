#include "operator/join/regular_join.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "operator/api/operator_test_harness.h"

namespace castor::join {
namespace {

using plan::JoinType;
using Rows = std::vector<std::string>;

const LogicalType kLeft =
    LogicalType::Row({{"k", LogicalType::BigInt()}, {"v", LogicalType::String()}});
const LogicalType kRight =
    LogicalType::Row({{"k", LogicalType::BigInt()}, {"w", LogicalType::BigInt()}});

plan::Join MakeNode(JoinType type) {
  plan::Join node;
  node.spec.type = type;
  node.spec.left_keys = {0};
  node.spec.right_keys = {0};
  node.spec.filter_nulls = {true};
  std::vector<LogicalType::Field> fields = kLeft.fields();
  if (type != JoinType::kSemi && type != JoinType::kAnti) {
    fields.insert(fields.end(), kRight.fields().begin(), kRight.fields().end());
  }
  node.output_type = LogicalType::Row(fields);
  return node;
}

std::unique_ptr<OperatorTestHarness> Harness(plan::Join node) {
  return std::make_unique<OperatorTestHarness>(
      [node] { return std::make_unique<RegularJoin>(node, kLeft, kRight); });
}

BufferPtr Kinds(const std::vector<RowKind>& kinds) {
  BufferPtr buffer = Buffer::Allocate(kinds.size());
  std::copy(kinds.begin(), kinds.end(), buffer->as<RowKind>());
  return buffer;
}

struct LeftRow {
  RowKind kind;
  std::optional<int64_t> key;
  std::string value;
};
struct RightRow {
  RowKind kind;
  std::optional<int64_t> key;
  int64_t value;
};

Batch Left(const std::vector<LeftRow>& rows) {
  std::vector<std::optional<int64_t>> keys;
  std::vector<std::optional<std::string>> values;
  std::vector<RowKind> kinds;
  for (const LeftRow& row : rows) {
    keys.push_back(row.key), values.push_back(row.value), kinds.push_back(row.kind);
  }
  Batch batch(static_cast<int32_t>(rows.size()),
              {MakeColumn<int64_t>(LogicalType::BigInt(), keys), MakeStrings(values)});
  batch.row_kinds = Kinds(kinds);
  return batch;
}

Batch Right(const std::vector<RightRow>& rows) {
  std::vector<std::optional<int64_t>> keys;
  std::vector<std::optional<int64_t>> values;
  std::vector<RowKind> kinds;
  for (const RightRow& row : rows) {
    keys.push_back(row.key), values.push_back(row.value), kinds.push_back(row.kind);
  }
  Batch batch(static_cast<int32_t>(rows.size()),
              {MakeColumn<int64_t>(LogicalType::BigInt(), keys),
               MakeColumn<int64_t>(LogicalType::BigInt(), values)});
  batch.row_kinds = Kinds(kinds);
  return batch;
}

constexpr RowKind kIns = RowKind::kInsert;
constexpr RowKind kBefore = RowKind::kUpdateBefore;
constexpr RowKind kAfter = RowKind::kUpdateAfter;
constexpr RowKind kDel = RowKind::kDelete;

TEST(RegularJoin, InnerKeepsTheKindOfTheRowThatArrives) {
  const auto join = Harness(MakeNode(JoinType::kInner));
  EXPECT_EQ(join->Process(0, Left({{kIns, 1, "a"}, {kIns, std::nullopt, "null"}, {kIns, 1, "b"}})),
            Rows{});
  EXPECT_EQ(join->Process(1, Right({{kIns, 1, 10}, {kIns, std::nullopt, 11}, {kIns, 2, 12}})),
            (Rows{"+I(1,a,1,10)", "+I(1,b,1,10)"}));
  EXPECT_EQ(join->Process(0, Left({{kBefore, 1, "a"}, {kAfter, 1, "c"}, {kIns, 2, "d"}})),
            (Rows{"-U(1,a,1,10)", "+U(1,c,1,10)", "+I(2,d,2,12)"}));
  EXPECT_EQ(join->Process(1, Right({{kDel, 1, 10}})), (Rows{"-D(1,c,1,10)", "-D(1,b,1,10)"}));
}

TEST(RegularJoin, RowsExpireByTheTtlOfTheirSide) {
  plan::Join node = MakeNode(JoinType::kInner);
  node.states = {{0, 1000, "leftState"}, {1, 0, "rightState"}};
  const auto join = Harness(node);
  join->context().manual_clock().Set(1);
  join->Process(0, Left({{kIns, 1, "a"}}));
  join->context().manual_clock().Set(1000);
  EXPECT_EQ(join->Process(1, Right({{kIns, 1, 10}})), Rows{"+I(1,a,1,10)"});  // does not refresh
  join->SaveAndRestore();
  join->context().manual_clock().Set(1001);
  EXPECT_EQ(join->Process(1, Right({{kIns, 1, 11}})), Rows{});
  join->context().manual_clock().Set(9999);
  EXPECT_EQ(join->Process(0, Left({{kIns, 1, "b"}})), (Rows{"+I(1,b,1,10)", "+I(1,b,1,11)"}));
}

TEST(RegularJoin, LeftOuterReplacesThePaddedRow) {
  const auto join = Harness(MakeNode(JoinType::kLeft));
  EXPECT_EQ(join->Process(0, Left({{kIns, 1, "a"}, {kIns, std::nullopt, "n"}})),
            (Rows{"+I(1,a,null,null)", "+I(null,n,null,null)"}));
  EXPECT_EQ(join->Process(1, Right({{kIns, 1, 10}, {kIns, 1, 11}})),
            (Rows{"-D(1,a,null,null)", "+I(1,a,1,10)", "+I(1,a,1,11)"}));
  join->SaveAndRestore();
  EXPECT_EQ(join->Process(1, Right({{kDel, 1, 11}, {kBefore, 1, 10}})),
            (Rows{"-D(1,a,1,11)", "-U(1,a,1,10)", "+I(1,a,null,null)"}));
  EXPECT_EQ(join->Process(0, Left({{kDel, 1, "a"}, {kDel, std::nullopt, "n"}})),
            (Rows{"-D(1,a,null,null)", "-D(null,n,null,null)"}));
}

TEST(RegularJoin, FullOuterPadsBothSides) {
  const auto join = Harness(MakeNode(JoinType::kFull));
  EXPECT_EQ(join->Process(1, Right({{kIns, 1, 10}})), Rows{"+I(null,null,1,10)"});
  EXPECT_EQ(join->Process(0, Left({{kIns, 1, "a"}})), (Rows{"-D(null,null,1,10)", "+I(1,a,1,10)"}));
  EXPECT_EQ(join->Process(0, Left({{kDel, 1, "a"}})), (Rows{"-D(1,a,1,10)", "+I(null,null,1,10)"}));
}

TEST(RegularJoin, SemiAndAntiFollowTheFirstAndLastMatch) {
  const auto semi = Harness(MakeNode(JoinType::kSemi));
  EXPECT_EQ(semi->Process(0, Left({{kIns, 1, "a"}})), Rows{});
  EXPECT_EQ(semi->Process(1, Right({{kIns, 1, 10}, {kIns, 1, 11}})), Rows{"+I(1,a)"});
  EXPECT_EQ(semi->Process(1, Right({{kDel, 1, 10}})), Rows{});
  EXPECT_EQ(semi->Process(1, Right({{kDel, 1, 11}})), Rows{"-D(1,a)"});

  const auto anti = Harness(MakeNode(JoinType::kAnti));
  EXPECT_EQ(anti->Process(0, Left({{kIns, 1, "a"}, {kIns, std::nullopt, "n"}})),
            (Rows{"+I(1,a)", "+I(null,n)"}));
  EXPECT_EQ(anti->Process(1, Right({{kIns, 1, 10}})), Rows{"-D(1,a)"});
  EXPECT_EQ(anti->Process(1, Right({{kDel, 1, 10}})), Rows{"+I(1,a)"});
}

TEST(RegularJoin, RowsOfAUniqueKeyAreReplaced) {
  plan::Join node = MakeNode(JoinType::kInner);
  node.right_upsert_keys = {{0}};
  const auto join = Harness(node);
  join->Process(1, Right({{kIns, 1, 10}}));
  join->Process(1, Right({{kAfter, 1, 20}}));
  EXPECT_EQ(join->Process(0, Left({{kIns, 1, "a"}})), Rows{"+I(1,a,1,20)"});
  join->Process(1, Right({{kDel, 1, 20}}));
  EXPECT_EQ(join->Process(0, Left({{kIns, 1, "b"}})), Rows{});
}

// A primary key is declared, not enforced: Flink keeps the last row of it.
TEST(RegularJoin, InsertsWithAUniqueKeyReplaceEachOther) {
  plan::Join node = MakeNode(JoinType::kInner);
  node.right_upsert_keys = {{0}};
  node.right_insert_only = true;
  const auto join = Harness(node);
  join->Process(1, Right({{kIns, 1, 10}, {kIns, 1, 20}}));
  EXPECT_EQ(join->Process(0, Left({{kIns, 1, "a"}})), Rows{"+I(1,a,1,20)"});
}

TEST(RegularJoin, AHotKeyIsWorkedOffInPages) {
  plan::Join node = MakeNode(JoinType::kInner);
  node.left_insert_only = node.right_insert_only = true;
  const auto join = Harness(node);
  join->context().set_batch_rows(7);
  std::vector<RightRow> rights(500, RightRow{kIns, 1, 5});
  join->Process(1, Right(rights));
  const Rows rows = join->Process(0, Left({{kIns, 1, "a"}, {kIns, 2, "x"}, {kIns, 1, "b"}}));
  EXPECT_EQ(std::count(rows.begin(), rows.end(), "+I(1,a,1,5)"), 500);
  EXPECT_EQ(std::count(rows.begin(), rows.end(), "+I(1,b,1,5)"), 500);
  EXPECT_EQ(rows.size(), 1000u);
}

// A model that knows nothing of state: the multiset of joined rows over what is there now.
class NestedLoopModel {
 public:
  void Add(int side, std::optional<int64_t> key, const std::string& value, int change) {
    sides_[side][{key, value}] += change;
    if (sides_[side][{key, value}] == 0) sides_[side].erase({key, value});
  }
  std::map<std::string, int> Result(JoinType type) const {
    std::map<std::string, int> result;
    for (const auto& [left, times] : sides_[0]) {
      int matches = 0;
      for (const auto& [right, right_times] : sides_[1]) {
        if (!left.first || left.first != right.first) continue;
        matches += right_times;
        if (type <= JoinType::kFull) result[Show(left) + "," + Show(right)] += times * right_times;
      }
      if (type == JoinType::kSemi && matches > 0) result[Show(left)] += times;
      if (type == JoinType::kAnti && matches == 0) result[Show(left)] += times;
      const bool pads = type == JoinType::kLeft || type == JoinType::kFull;
      if (pads && matches == 0) result[Show(left) + ",null,null"] += times;
    }
    if (type != JoinType::kRight && type != JoinType::kFull) return result;
    for (const auto& [right, times] : sides_[1]) {
      const bool matched = std::any_of(sides_[0].begin(), sides_[0].end(), [&](const auto& left) {
        return right.first && left.first.first == right.first;
      });
      if (!matched) result["null,null," + Show(right)] += times;
    }
    return result;
  }

 private:
  using Row = std::pair<std::optional<int64_t>, std::string>;
  static std::string Show(const Row& row) {
    return (row.first ? std::to_string(*row.first) : "null") + "," + row.second;
  }
  std::map<Row, int> sides_[2];
};

class RandomJoin : public testing::TestWithParam<JoinType> {};

TEST_P(RandomJoin, MaterialisesToTheNestedLoopJoin) {
  std::mt19937_64 random(42);
  for (int run = 0; run < 20; ++run) {
    const auto join = Harness(MakeNode(GetParam()));
    join->context().set_batch_rows(1 + static_cast<int32_t>(random() % 8));
    NestedLoopModel model;
    std::vector<std::pair<std::optional<int64_t>, int64_t>> present[2];
    std::map<std::string, int> materialised;
    for (int step = 0; step < 60; ++step) {
      const int side = static_cast<int>(random() % 2);
      std::vector<LeftRow> lefts;
      std::vector<RightRow> rights;
      for (size_t i = 0; i < 1 + random() % 6; ++i) {
        auto& rows = present[side];
        const bool remove = !rows.empty() && random() % 3 == 0;
        std::pair<std::optional<int64_t>, int64_t> row(static_cast<int64_t>(random() % 4),
                                                       static_cast<int64_t>(random() % 3));
        if (random() % 10 == 0) row.first = std::nullopt;
        if (remove) {
          const size_t victim = random() % rows.size();
          row = rows[victim];
          rows.erase(rows.begin() + static_cast<ptrdiff_t>(victim));
        } else {
          rows.push_back(row);
        }
        const RowKind kind = remove ? kDel : kIns;
        const std::string text = std::to_string(row.second);
        side == 0 ? lefts.push_back({kind, row.first, text})
                  : rights.push_back({kind, row.first, row.second});
        model.Add(side, row.first, text, remove ? -1 : 1);
      }
      for (const std::string& row : join->Process(side, side == 0 ? Left(lefts) : Right(rights))) {
        int& times = materialised[row.substr(3, row.size() - 4)];
        times += row[0] == '+' ? 1 : -1;
        if (times == 0) materialised.erase(row.substr(3, row.size() - 4));
      }
      ASSERT_EQ(materialised, model.Result(GetParam())) << "run " << run << ", step " << step;
      if (random() % 10 == 0) join->SaveAndRestore();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(AllKinds, RandomJoin,
                         testing::Values(JoinType::kInner, JoinType::kLeft, JoinType::kRight,
                                         JoinType::kFull, JoinType::kSemi, JoinType::kAnti));

}  // namespace
}  // namespace castor::join
