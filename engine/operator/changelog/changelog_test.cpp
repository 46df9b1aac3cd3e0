#include <gmock/gmock.h>

#include "operator/api/operator_test_harness.h"
#include "operator/changelog/from_changelog.h"
#include "operator/changelog/to_changelog.h"
#include "plan/nodes/changelog.h"

namespace castor::changelog {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr RowKind kI = RowKind::kInsert, kUB = RowKind::kUpdateBefore, kUA = RowKind::kUpdateAfter,
                  kD = RowKind::kDelete;

ColumnPtr Numbers(const std::vector<std::optional<int32_t>>& values) {
  return MakeColumn<int32_t>(LogicalType::Integer(), values);
}

using Make = Result<std::unique_ptr<Operator>> (*)(const OperatorArguments&);

OperatorTestHarness HarnessOf(Make make, const plan::Node& node) {
  static const plan::Bundle bundle;
  return OperatorTestHarness([&node, make] { return make({node, bundle, {}}).value(); });
}

plan::ToChangelog To() {
  plan::ToChangelog node;
  node.output_type =
      LogicalType::Row({{"op", LogicalType::String()}, {"n", LogicalType::Integer()}}, false);
  return node;
}

plan::FromChangelog From() {
  plan::FromChangelog node;
  node.code_field = 1;
  node.kinds = {{"c", kI}, {"before the update", kUB}, {"after the update", kUA}, {"d", kD}};
  return node;
}

TEST(ChangelogTest, KindsBecomeCodes) {
  plan::ToChangelog node = To();
  node.codes = {"INSERT", "a code of some length", "UPDATE_AFTER", "DELETE"};
  OperatorTestHarness harness = HarnessOf(MakeToChangelog, node);
  EXPECT_THAT(harness.Process(0, MakeBatch({Numbers({1, 2, 3, 4})}, {kI, kUB, kUA, kD}, {{1, 5}})),
              ElementsAre("+I(INSERT,1)", "W(5)", "+I(a code of some length,2)",
                          "+I(UPDATE_AFTER,3)", "+I(DELETE,4)"));
  EXPECT_THAT(harness.Process(0, MakeBatch({Numbers({7})})), ElementsAre("+I(INSERT,7)"));
}

TEST(ChangelogTest, KindsWithoutCodeAreDroppedAndMarksMove) {
  plan::ToChangelog node = To();
  node.codes[static_cast<size_t>(kUA)] = "U";
  OperatorTestHarness harness = HarnessOf(MakeToChangelog, node);
  EXPECT_THAT(harness.Process(
                  0, MakeBatch({Numbers({1, 2, 3, 4})}, {kI, kUB, kUA, kD}, {{1, 10}, {4, 40}})),
              ElementsAre("W(10)", "+I(U,3)", "W(40)"));
  EXPECT_THAT(harness.Process(0, MakeBatch({Numbers({7})}, {}, {{1, 50}})), ElementsAre("W(50)"));
}

TEST(ChangelogTest, CodesBecomeKinds) {
  const plan::FromChangelog node = From();
  OperatorTestHarness harness = HarnessOf(MakeFromChangelog, node);
  const ColumnPtr codes = MakeStrings({"c", "before the update", "after the update", "d"});
  EXPECT_THAT(harness.Process(0, MakeBatch({Numbers({1, 1, 2, 2}), codes, Numbers({5, 6, 7, 8})},
                                           {}, {{2, 9}})),
              ElementsAre("+I(1,5)", "-U(1,6)", "W(9)", "+U(2,7)", "-D(2,8)"));
}

TEST(ChangelogTest, EveryRowHasAKnownCode) {
  const plan::FromChangelog node = From();
  for (const std::optional<std::string>& code : {std::optional<std::string>("x"), {}}) {
    OperatorTestHarness harness = HarnessOf(MakeFromChangelog, node);
    EXPECT_THAT(harness.ErrorOf(0, MakeBatch({Numbers({1}), MakeStrings({code})})),
                HasSubstr(code ? "invalid op code 'x'" : "NULL op code"));
  }
}

}  // namespace
}  // namespace castor::changelog
