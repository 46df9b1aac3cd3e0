#include "operator/values/values.h"

#include <gmock/gmock.h>

#include "expr/testing.h"
#include "operator/api/operator_test_harness.h"
#include "plan/nodes/calc.h"

namespace castor {
namespace {

using expr::testing::Lit;
using testing::ElementsAre;
using testing::IsEmpty;

class ValuesTest : public testing::Test {
 protected:
  void SetUp() override {
    node_.output_type =
        LogicalType::Row({{"a", LogicalType::BigInt()}, {"b", LogicalType::String()}}, false);
    node_.tuples = {{Lit("1", "INT NOT NULL"), Lit("x", "CHAR(1) NOT NULL")},
                    {Lit("NULL", "BIGINT"), Lit("much longer than inline", "VARCHAR(30)")}};
  }
  OperatorTestHarness::Make Make() {
    return [this] { return MakeValues({node_, bundle_, {}}).value(); };
  }

  plan::Values node_;
  const plan::Bundle bundle_;
};

TEST_F(ValuesTest, EmitsItsRowsOnceAsTheColumnsTypes) {
  OperatorTestHarness harness(Make());
  EXPECT_THAT(harness.EndInput(0), ElementsAre("+I(1,x)", "+I(null,much longer than inline)"));
  EXPECT_THAT(harness.EndInput(0), IsEmpty());
}

TEST_F(ValuesTest, EmitsNothingAgainAfterARestore) {
  OperatorTestHarness first(Make());
  EXPECT_EQ(first.op().Snapshot().value(), "");
  first.EndInput(0);
  OperatorTestHarness second(Make());
  ASSERT_TRUE(second.op().Restore(first.op().Snapshot().value()).ok());
  EXPECT_THAT(second.EndInput(0), IsEmpty());
}

TEST_F(ValuesTest, NoRows) {
  node_.tuples.clear();
  OperatorTestHarness harness(Make());
  EXPECT_THAT(harness.EndInput(0), IsEmpty());
}

TEST_F(ValuesTest, RefusesRowsOfAnotherWidth) {
  node_.tuples.push_back({Lit("1", "BIGINT")});
  EXPECT_FALSE(MakeValues({node_, bundle_, {}}).ok());
}

}  // namespace
}  // namespace castor
