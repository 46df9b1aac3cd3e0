#include "operator/limit/limit.h"

#include <gmock/gmock.h>

#include "operator/api/operator_test_harness.h"
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
    return [this] { return MakeLimit({node_, bundle_, {}}).value(); };
  }
  static Batch Rows(const std::vector<std::optional<int32_t>>& values,
                    std::vector<WatermarkMark> marks = {}) {
    return MakeBatch({MakeColumn<int32_t>(LogicalType::Integer(), values)}, {}, std::move(marks));
  }

  plan::Rank node_;
  const plan::Bundle bundle_;
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

TEST_F(LimitTest, RefusesWhatItCannotDo) {
  node_.start = 1;
  node_.end = 3;
  node_.strategy = plan::Rank::Strategy::kRetract;
  EXPECT_EQ(MakeLimit({node_, bundle_, {}}).status().code(), StatusCode::kUnsupported);
  node_.strategy = plan::Rank::Strategy::kAppendFast;
  node_.end = INT64_MAX;
  EXPECT_EQ(MakeLimit({node_, bundle_, {}}).status().code(), StatusCode::kUnsupported);
}

}  // namespace
}  // namespace castor
