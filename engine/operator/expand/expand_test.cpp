#include "operator/expand/expand.h"

#include <gmock/gmock.h>

#include "expr/testing.h"
#include "operator/api/operator_test_harness.h"
#include "plan/nodes/calc.h"

namespace castor {
namespace {

using expr::testing::Lit;
using expr::testing::Ref;
using testing::ElementsAre;

class ExpandTest : public testing::Test {
 protected:
  void SetUp() override {
    node_.output_type = LogicalType::Row({{"a", LogicalType::Integer()},
                                          {"b", LogicalType::String()},
                                          {"id", LogicalType::BigInt(false)}});
    node_.projects = {
        {Ref(0, "INT"), Ref(1, "VARCHAR(2147483647)"), Lit("0", "BIGINT NOT NULL")},
        {Ref(0, "INT"), Lit("NULL", "VARCHAR(2147483647)"), Lit("1", "BIGINT NOT NULL")}};
  }
  OperatorTestHarness::Make Make() {
    return [this] { return MakeExpand({node_, bundle_, {input_}}).value(); };
  }

  const LogicalType input_ =
      LogicalType::Row({{"a", LogicalType::Integer()}, {"b", LogicalType::String()}});
  plan::Expand node_;
  const plan::Bundle bundle_;
};

TEST_F(ExpandTest, RepeatsRowsWithTheirKindsAndMarks) {
  OperatorTestHarness harness(Make());
  EXPECT_THAT(
      harness.Process(0, MakeBatch({MakeColumn<int32_t>(LogicalType::Integer(), {7, std::nullopt}),
                                    MakeStrings({{"x"}, {"y"}})},
                                   {RowKind::kInsert, RowKind::kDelete}, {{0, 1}, {1, 5}, {2, 9}})),
      ElementsAre("W(1)", "+I(7,x,0)", "+I(7,null,1)", "W(5)", "-D(null,y,0)", "-D(null,null,1)",
                  "W(9)"));
}

TEST_F(ExpandTest, RefusesProjectsOfAnotherWidth) {
  node_.projects[1].pop_back();
  EXPECT_FALSE(MakeExpand({node_, bundle_, {input_}}).ok());
}

}  // namespace
}  // namespace castor
