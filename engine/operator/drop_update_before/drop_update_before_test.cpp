#include "operator/drop_update_before/drop_update_before.h"

#include <gmock/gmock.h>

#include "operator/api/operator_test_harness.h"

namespace castor {
namespace {

using testing::ElementsAre;

class DropUpdateBeforeTest : public testing::Test {
 protected:
  const plan::Node node_;
  const plan::Bundle bundle_;
  const OperatorArguments arguments_{node_, bundle_, {}};
  OperatorTestHarness harness_{[this] { return MakeDropUpdateBefore(arguments_).value(); }};

  static ColumnPtr Numbers(const std::vector<std::optional<int32_t>>& values) {
    return MakeColumn<int32_t>(LogicalType::Integer(), values);
  }
};

constexpr RowKind kI = RowKind::kInsert, kUB = RowKind::kUpdateBefore, kUA = RowKind::kUpdateAfter,
                  kD = RowKind::kDelete;

TEST_F(DropUpdateBeforeTest, DropsThemAndMovesMarks) {
  EXPECT_THAT(harness_.Process(0, MakeBatch({Numbers({1, 2, 3, 4})}, {kI, kUB, kUA, kD},
                                            {{1, 10}, {2, 20}, {4, 40}})),
              ElementsAre("+I(1)", "W(10)", "W(20)", "+U(3)", "-D(4)", "W(40)"));
}

TEST_F(DropUpdateBeforeTest, InsertsPassUntouched) {
  EXPECT_THAT(harness_.Process(0, MakeBatch({Numbers({1, 2})}, {}, {{2, 5}})),
              ElementsAre("+I(1)", "+I(2)", "W(5)"));
}

TEST_F(DropUpdateBeforeTest, MarksOutliveTheirRows) {
  EXPECT_THAT(harness_.Process(0, MakeBatch({Numbers({1, 2})}, {kUB, kUB}, {{1, 5}})),
              ElementsAre("W(5)"));
}

}  // namespace
}  // namespace castor
