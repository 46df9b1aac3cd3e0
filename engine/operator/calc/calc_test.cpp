#include "operator/calc/calc.h"

#include <gmock/gmock.h>

#include "expr/testing.h"
#include "operator/api/operator_test_harness.h"
#include "plan/nodes/calc.h"

namespace castor {
namespace {

using expr::testing::Call;
using expr::testing::Lit;
using expr::testing::Ref;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr RowKind kUB = RowKind::kUpdateBefore, kUA = RowKind::kUpdateAfter;

// (a BIGINT, b STRING) -> a + 1, b WHERE a > 10.
class CalcTest : public testing::Test {
 protected:
  void SetUp() override {
    node_.projection = {Call("+", "BIGINT", {Ref(0, "BIGINT"), Lit("1", "BIGINT NOT NULL")}),
                        Ref(1, "VARCHAR(2147483647)")};
    node_.condition = Call(">", "BOOLEAN", {Ref(0, "BIGINT"), Lit("10", "BIGINT NOT NULL")});
  }
  OperatorTestHarness::Make Make() {
    return [this] { return MakeCalc({node_, bundle_, {input_}}).value(); };
  }
  static Batch Rows(const std::vector<std::optional<int64_t>>& a,
                    const std::vector<RowKind>& kinds = {}, std::vector<WatermarkMark> marks = {}) {
    std::vector<std::optional<std::string>> b;
    for (const auto& value : a) b.push_back("v" + std::to_string(value.value_or(0)));
    return MakeBatch({MakeColumn<int64_t>(LogicalType::BigInt(), a), MakeStrings(b)}, kinds,
                     std::move(marks));
  }

  const LogicalType input_ =
      LogicalType::Row({{"a", LogicalType::BigInt()}, {"b", LogicalType::String()}});
  plan::Calc node_;
  const plan::Bundle bundle_;
};

TEST_F(CalcTest, FiltersAndProjects) {
  OperatorTestHarness harness(Make());
  EXPECT_THAT(harness.Process(0, Rows({5, 11, std::nullopt, 20})),
              ElementsAre("+I(12,v11)", "+I(21,v20)"));
}

TEST_F(CalcTest, KeepsKindsEvenOfHalfAnUpdate) {
  OperatorTestHarness harness(Make());
  EXPECT_THAT(harness.Process(0, Rows({5, 11, 12, 6}, {kUB, kUA, kUB, kUA})),
              ElementsAre("+U(12,v11)", "-U(13,v12)"));
}

TEST_F(CalcTest, MarksKeepTheirPlaceAmongTheRows) {
  OperatorTestHarness harness(Make());
  ASSERT_TRUE(harness.op().HandlesMarks());
  EXPECT_THAT(harness.Process(0, Rows({1, 11, 2, 12}, {}, {{0, 1}, {1, 2}, {3, 3}, {4, 4}})),
              ElementsAre("W(1)", "W(2)", "+I(12,v11)", "W(3)", "+I(13,v12)", "W(4)"));
  EXPECT_THAT(harness.Process(0, Rows({1, 2}, {}, {{1, 7}})), ElementsAre("W(7)"));
  EXPECT_THAT(harness.Process(0, Rows({1, 2})), IsEmpty());
}

TEST_F(CalcTest, WithoutConditionColumnsArePassedOn) {
  node_.condition = nullptr;
  node_.projection = {Ref(1, "VARCHAR(2147483647)")};
  Output out;
  const auto op = MakeCalc({node_, bundle_, {input_}}).value();
  TestOperatorContext context;
  ASSERT_TRUE(op->Open(context).ok());
  const Batch batch = Rows({1, 2}, {kUB, kUA}, {{2, 9}});
  ASSERT_TRUE(op->Process(0, batch, out).ok());
  const auto result = std::get<Batch>(out.Pop());
  EXPECT_EQ(result.columns[0].get(), batch.columns[1].get());
  EXPECT_EQ(result.row_kinds.get(), batch.row_kinds.get());
  EXPECT_EQ(result.marks.size(), 1u);
}

TEST_F(CalcTest, AFailingRowFailsUnlessItIsFilteredOut) {
  node_.projection = {Call("/", "BIGINT", {Lit("1", "BIGINT NOT NULL"), Ref(0, "BIGINT")})};
  OperatorTestHarness harness(Make());
  EXPECT_EQ(harness.ErrorOf(0, Rows({0, 11})), "");
  node_.condition = nullptr;
  OperatorTestHarness unfiltered(Make());
  EXPECT_NE(unfiltered.ErrorOf(0, Rows({0, 11})), "");
}

TEST_F(CalcTest, RefusesUnknownFunctionsByName) {
  node_.projection = {Call("NO_SUCH_FUNCTION", "BIGINT", {Ref(0, "BIGINT")})};
  const auto op = MakeCalc({node_, bundle_, {input_}}).value();
  TestOperatorContext context;
  const Status status = op->Open(context);
  EXPECT_EQ(status.code(), StatusCode::kUnsupported);
  EXPECT_THAT(status.message(), HasSubstr("NO_SUCH_FUNCTION"));
}

}  // namespace
}  // namespace castor
