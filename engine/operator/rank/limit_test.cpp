#include <gmock/gmock.h>

#include "operator/api/operator_test_harness.h"
#include "operator/rank/rank.h"
#include "plan/nodes/rank.h"

namespace castor {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class LimitTest : public testing::Test {
 protected:
  OperatorTestHarness::Make Make(int64_t start, int64_t end) {
    node_.start = start;
    node_.end = end;
    return [this] { return MakeRank({node_, bundle_, {input_}}).value(); };
  }
  static Batch Rows(const std::vector<std::optional<int32_t>>& values,
                    std::vector<WatermarkMark> marks = {}) {
    return MakeBatch({MakeColumn<int32_t>(LogicalType::Integer(), values)}, {}, std::move(marks));
  }

  plan::Rank node_;
  const plan::Bundle bundle_;
  LogicalType input_ = LogicalType::Row({{"n", LogicalType::Integer()}});
};

TEST_F(LimitTest, TheFirstRowsPass) {
  OperatorTestHarness harness(Make(1, 4));
  EXPECT_THAT(harness.Process(0, Rows({1, 2, 3})), ElementsAre("+I(1)", "+I(2)", "+I(3)"));
  EXPECT_THAT(harness.Process(0, Rows({4, 5, 6}, {{1, 10}, {3, 30}})),
              ElementsAre("+I(4)", "W(10)", "W(30)"));
  EXPECT_THAT(harness.Process(0, Rows({7}, {{0, 40}})), ElementsAre("W(40)"));
  EXPECT_THAT(harness.Process(0, Rows({8})), IsEmpty());
}

TEST_F(LimitTest, AnOffsetSkips) {
  OperatorTestHarness harness(Make(4, 5));
  EXPECT_THAT(harness.Process(0, Rows({1, 2})), IsEmpty());
  EXPECT_THAT(harness.Process(0, Rows({3, 4, 5, 6}, {{1, 10}, {2, 20}})),
              ElementsAre("W(10)", "+I(4)", "W(20)", "+I(5)"));
}

TEST_F(LimitTest, TheCountSurvivesARestore) {
  OperatorTestHarness harness(Make(1, 3));
  harness.Process(0, Rows({1, 2}));
  harness.SaveAndRestore();
  EXPECT_THAT(harness.Process(0, Rows({3, 4})), ElementsAre("+I(3)"));
}

TEST_F(LimitTest, RefusesAnOffsetWithoutALimit) {
  Make(1, INT64_MAX);
  EXPECT_EQ(MakeRank({node_, bundle_, {input_}}).status().code(), StatusCode::kUnsupported);
}

constexpr RowKind kI = RowKind::kInsert, kUB = RowKind::kUpdateBefore, kUA = RowKind::kUpdateAfter,
                  kD = RowKind::kDelete;

// The changelogs are those of Flink 2.3 for the same input.
class RetractLimitTest : public LimitTest {
 protected:
  OperatorTestHarness::Make Make(int64_t start, int64_t end) {
    node_.strategy = plan::Rank::Strategy::kRetract;
    input_ = LogicalType::Row({{"id", LogicalType::Integer()}, {"text", LogicalType::String()}});
    node_.generate_update_before = true;
    node_.start = start;
    node_.end = end;
    return [this] { return MakeRank({node_, bundle_, {input_}}).value(); };
  }
  struct Change {
    RowKind kind;
    int32_t id;
    std::string text;
  };
  static Batch Changes(const std::vector<Change>& changes, std::vector<WatermarkMark> marks = {}) {
    std::vector<std::optional<int32_t>> ids;
    std::vector<std::optional<std::string>> texts;
    std::vector<RowKind> kinds;
    for (const Change& change : changes) {
      ids.push_back(change.id), texts.push_back(change.text), kinds.push_back(change.kind);
    }
    return MakeBatch({MakeColumn<int32_t>(LogicalType::Integer(), ids), MakeStrings(texts)}, kinds,
                     std::move(marks));
  }
  static Batch Script() {
    return Changes({{kI, 1, "a"},
                    {kI, 2, "b"},
                    {kI, 3, "c"},
                    {kI, 4, "d"},
                    {kD, 3, "c"},
                    {kD, 1, "a"},
                    {kUB, 2, "b"},
                    {kUA, 2, "bb"},
                    {kI, 5, "e"},
                    {kD, 4, "d"},
                    {kD, 5, "e"},
                    {kD, 2, "bb"},
                    {kI, 6, "f"}});
  }
};

TEST_F(RetractLimitTest, RowsMoveUp) {
  OperatorTestHarness harness(Make(1, 2));
  EXPECT_THAT(harness.Process(0, Script()),
              ElementsAre("+I(1,a)", "+I(2,b)", "-D(1,a)", "+I(4,d)", "-D(2,b)", "+I(2,bb)",
                          "-D(4,d)", "+I(5,e)", "-D(5,e)", "-D(2,bb)", "+I(6,f)"));
}

// Flink finds rows by equality with their kinds, which emitting has changed in the rows that its
// heap state holds: some are not found any more.
TEST_F(RetractLimitTest, WithAnOffsetRowsTakeEachOthersPlaces) {
  OperatorTestHarness harness(Make(2, 3));
  EXPECT_THAT(harness.Process(0, Script()),
              ElementsAre("+I(2,b)", "+I(3,c)", "-U(3,c)", "+U(4,d)", "-U(2,b)", "+U(4,d)",
                          "-D(4,d)", "+I(2,bb)", "+I(5,e)", "-D(2,bb)"));
  harness.SaveAndRestore();
  EXPECT_THAT(harness.Process(0, Changes({{kI, 7, "g"}, {kI, 8, "h"}, {kD, 6, "f"}})),
              ElementsAre("+I(7,g)", "+I(8,h)", "-U(6,f)", "+U(7,g)"));
}

TEST_F(RetractLimitTest, EqualRowsGoOneByOne) {
  OperatorTestHarness harness(Make(1, 1));
  EXPECT_THAT(harness.Process(0, Changes({{kI, 1, "a"}, {kI, 1, "a"}, {kI, 1, "a"}, {kI, 2, "b"}})),
              ElementsAre("+I(1,a)"));
  EXPECT_THAT(harness.Process(0, Changes({{kD, 1, "a"}, {kD, 1, "a"}}, {{1, 7}})),
              ElementsAre("-D(1,a)", "+I(1,a)", "W(7)", "-D(1,a)", "+I(1,a)"));
  EXPECT_THAT(harness.Process(0, Changes({{kD, 9, "?"}}, {{1, 8}})), ElementsAre("W(8)"));
  EXPECT_THAT(harness.Process(0, Changes({{kD, 1, "a"}, {kD, 2, "b"}, {kI, 3, "c"}})),
              ElementsAre("-D(1,a)", "+I(2,b)", "-D(2,b)", "+I(3,c)"));
}

TEST_F(RetractLimitTest, TheRowsBehindTheLimitSurviveARestore) {
  OperatorTestHarness harness(Make(1, 1));
  harness.Process(0, Changes({{kI, 1, "a"}, {kI, 2, "a text that is not inline"}, {kI, 3, "c"}}));
  harness.SaveAndRestore();
  EXPECT_THAT(harness.Process(0, Changes({{kD, 1, "a"}})),
              ElementsAre("-D(1,a)", "+I(2,a text that is not inline)"));
  EXPECT_THAT(harness.Process(0, Changes({{kD, 3, "c"}, {kD, 2, "a text that is not inline"}})),
              ElementsAre("-D(2,a text that is not inline)"));
}

}  // namespace
}  // namespace castor
