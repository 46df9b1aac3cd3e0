// Local, exchange left out, global: the accumulators of one are the input of the other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "operator/api/operator_test_harness.h"
#include "operator/group_aggregate/global_group_aggregate.h"
#include "operator/group_aggregate/incremental_group_aggregate.h"
#include "operator/group_aggregate/local_group_aggregate.h"
#include "operator/group_aggregate/test_rows.h"

namespace castor::group_aggregate {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

struct Calls {
  std::vector<plan::AggregateCall> calls;
  bool retracts = false;
};

void Configure(plan::Node* node) {
  node->configuration = {{"table.exec.mini-batch.enabled", "true"},
                         {"table.exec.mini-batch.size", "1000"}};
}

plan::LocalGroupAggregate LocalNode(const Calls& calls) {
  plan::LocalGroupAggregate node;
  Configure(&node);
  node.grouping = {0};
  node.calls = calls.calls;
  node.call_retractions.assign(node.calls.size(), calls.retracts);
  node.need_retraction = calls.retracts;
  return node;
}

plan::GlobalGroupAggregate GlobalNode(const Calls& calls) {
  plan::GlobalGroupAggregate node;
  Configure(&node);
  node.grouping = {0};
  node.calls = calls.calls;
  node.call_retractions.assign(node.calls.size(), calls.retracts);
  node.need_retraction = calls.retracts;
  node.local_input_type = TestInput();
  node.generate_update_before = true;
  return node;
}

class TwoPhaseTest : public ::testing::Test {
 protected:
  void Make(const Calls& calls) {
    const auto local = LocalNode(calls);
    local_ = std::make_unique<OperatorTestHarness>([local] {
      const plan::Bundle bundle;
      auto made = LocalGroupAggregate::Make({local, bundle, {TestInput()}});
      EXPECT_TRUE(made.ok()) << made.status().ToString();
      return std::move(*made);
    });
    const auto global = GlobalNode(calls);
    global_ = std::make_unique<OperatorTestHarness>([global] {
      const plan::Bundle bundle;
      auto made = GlobalGroupAggregate::Make({global, bundle, {TestInput()}});
      EXPECT_TRUE(made.ok()) << made.status().ToString();
      return std::move(*made);
    });
  }

  // One local mini-batch of each list of rows, into the global aggregation's open mini-batch.
  void Send(const std::vector<TestRow>& rows) {
    Output out;
    ASSERT_TRUE(local_->op().Process(0, Rows(rows), out).ok());
    ASSERT_TRUE(local_->op().BeforeBarrier(out).ok());
    while (!out.empty()) {
      const Output::Element element = out.Pop();
      if (const auto* batch = std::get_if<Batch>(&element)) {
        EXPECT_THAT(global_->Process(0, *batch), IsEmpty());
      }
    }
  }
  std::vector<std::string> Close() { return global_->BeforeBarrier(); }

  std::unique_ptr<OperatorTestHarness> local_;
  std::unique_ptr<OperatorTestHarness> global_;
};

TEST_F(TwoPhaseTest, MergesAccumulators) {
  Make({{CountStar(), Sum(1), Average(1), Max(1), MinString(2)}});
  Send({{I, 1, 10, "b"}, {I, 2, 20, "a longer string, not inline"}, {I, 1, {}, {}}});
  Send({{I, 1, 3, "a"}});
  EXPECT_THAT(Close(), UnorderedElementsAre("+I(1,3,13,6,10,a)",
                                            "+I(2,1,20,20,20,a longer string, not inline)"));
  global_->SaveAndRestore();
  Send({{I, 1, 30, "c"}, {I, 2, {}, {}}});
  EXPECT_THAT(Close(), UnorderedElementsAre("-U(1,3,13,6,10,a)", "+U(1,4,43,14,30,a)",
                                            "-U(2,1,20,20,20,a longer string, not inline)",
                                            "+U(2,2,20,20,20,a longer string, not inline)"));
}

TEST_F(TwoPhaseTest, UnchangedResultsAreNotEmitted) {
  Make({{Max(1)}});
  Send({{I, 1, 10}});
  EXPECT_THAT(Close(), ElementsAre("+I(1,10)"));
  Send({{I, 1, 9}});
  EXPECT_THAT(Close(), IsEmpty());
}

TEST_F(TwoPhaseTest, Retracts) {
  Make({{Sum(1)}, true});
  Send({{I, 1, 10}, {I, 1, 5}, {D, 1, 10}, {I, 2, 1}});
  EXPECT_THAT(Close(), UnorderedElementsAre("+I(1,5)", "+I(2,1)"));
  Send({{D, 1, 5}, {UB, 2, 1}, {UA, 2, 2}});
  EXPECT_THAT(Close(), UnorderedElementsAre("-D(1,5)", "-U(2,1)", "+U(2,2)"));
}

// Flink's global aggregation does not know that a retraction came before everything else.
TEST_F(TwoPhaseTest, ARetractionMayComeFirst) {
  Make({{Sum(1), CountStar()}, true});
  Send({{D, 1, 5}});
  EXPECT_THAT(Close(), ElementsAre("+I(1,-5,-1)"));
  Send({{I, 1, 5}});
  EXPECT_THAT(Close(), ElementsAre("-D(1,-5,-1)"));
}

TEST_F(TwoPhaseTest, DistinctValuesAreCountedOnce) {
  Make({{Distinct(Count(1)), Distinct(Sum(1)), Distinct(CountString(2)), CountStar()}});
  Send({{I, 1, 10, "a"}, {I, 1, 10, "b"}, {I, 1, 7, "a"}, {I, 1, {}, {}}});
  Send({{I, 1, 10, "c"}, {I, 2, 10, "a"}});
  EXPECT_THAT(Close(), UnorderedElementsAre("+I(1,2,17,3,5)", "+I(2,1,10,1,1)"));
  global_->SaveAndRestore();
  Send({{I, 1, 7, "a"}, {I, 1, 1, "d"}});
  EXPECT_THAT(Close(), ElementsAre("-U(1,2,17,3,5)", "+U(1,3,18,4,7)"));
}

TEST_F(TwoPhaseTest, DistinctValuesAreTakenBack) {
  Make({{Distinct(Count(1)), Filtered(Distinct(Sum(1)), 3)}, true});
  Send({{I, 1, 10, "", true}, {I, 1, 10, "", false}, {I, 1, 7, "", false}});
  EXPECT_THAT(Close(), ElementsAre("+I(1,2,10)"));
  Send({{D, 1, 10, "", true}});
  EXPECT_THAT(Close(), ElementsAre("-U(1,2,10)", "+U(1,2,null)"));
  Send({{D, 1, 10, "", false}, {D, 1, 7, "", false}, {I, 1, 8, "", true}});
  EXPECT_THAT(Close(), ElementsAre("-U(1,2,null)", "+U(1,1,8)"));
}

TEST_F(TwoPhaseTest, ExtremesAreTakenBack) {
  Make({{Min(1), Max(1), MinString(2)}, true});
  Send({{I, 1, 5, "b"}, {I, 1, 9, "c"}, {I, 1, 3, "a"}, {D, 1, 3, "a"}});
  Send({{I, 1, 5, "b"}});
  EXPECT_THAT(Close(), ElementsAre("+I(1,5,9,b)"));
  Send({{D, 1, 9, "c"}, {I, 1, 4, "d"}});
  EXPECT_THAT(Close(), ElementsAre("-U(1,5,9,b)", "+U(1,4,5,b)"));
  global_->SaveAndRestore();
  Send({{D, 1, 5, "b"}});
  EXPECT_THAT(Close(), IsEmpty());
  Send({{D, 1, 5, "b"}, {D, 1, 4, "d"}, {I, 1, {}, {}}});
  EXPECT_THAT(Close(), ElementsAre("-U(1,4,5,b)", "+U(1,null,null,null)"));
}

// SELECT k, COUNT(DISTINCT v), SUM(v) ... GROUP BY k, split by buckets f of v.
class IncrementalTest : public ::testing::Test {
 protected:
  static constexpr bool kRetracts = true;

  IncrementalTest() {
    const Calls partial{{Sum(1), Distinct(Count(1)), CountStar()}, kRetracts};
    auto local = LocalNode(partial);
    local.grouping = {0, 3};
    local_ = std::make_unique<OperatorTestHarness>([local] {
      const plan::Bundle bundle;
      return LocalGroupAggregate::Make({local, bundle, {TestInput()}}).value();
    });

    plan::IncrementalGroupAggregate incremental;
    Configure(&incremental);
    incremental.partial_grouping = {0, 1};
    incremental.final_grouping = {0};
    incremental.partial_calls = partial.calls;
    incremental.partial_call_retractions.assign(3, kRetracts);
    incremental.partial_local_input_type = TestInput();
    incremental.partial_need_retraction = kRetracts;
    const LogicalType input =
        LogicalType::Row({{"k", LogicalType::BigInt()}, {"f", LogicalType::Boolean()}}, false);
    incremental_ = std::make_unique<OperatorTestHarness>([incremental, input] {
      const plan::Bundle bundle;
      return IncrementalGroupAggregate::Make({incremental, bundle, {input}}).value();
    });

    // Over (k, f, sum, count, count).
    auto global = GlobalNode({{Sum(2), MakeCall("$SUM0", {3}, LogicalType::BigInt(false)),
                               MakeCall("$SUM0", {4}, LogicalType::BigInt(false))},
                              kRetracts});
    global.index_of_count_star = 2;
    const LogicalType bigint = LogicalType::BigInt();
    global.local_input_type = LogicalType::Row({{"k", bigint},
                                                {"f", LogicalType::Boolean()},
                                                {"s", bigint},
                                                {"d", bigint},
                                                {"c", bigint}});
    global_ = std::make_unique<OperatorTestHarness>([global] {
      const plan::Bundle bundle;
      return GlobalGroupAggregate::Make({global, bundle, {TestInput()}}).value();
    });
  }

  static void Pass(OperatorTestHarness& from, Batch batch, OperatorTestHarness& to) {
    Output out;
    ASSERT_TRUE(from.op().Process(0, std::move(batch), out).ok());
    ASSERT_TRUE(from.op().BeforeBarrier(out).ok());
    while (!out.empty()) {
      const Output::Element element = out.Pop();
      if (const auto* made = std::get_if<Batch>(&element)) to.Process(0, *made);
    }
  }

  // All three in mini-batches that end with `rows`.
  std::vector<std::string> Send(const std::vector<TestRow>& rows) {
    Pass(*local_, Rows(rows), *incremental_);
    Output out;
    EXPECT_TRUE(incremental_->op().BeforeBarrier(out).ok());
    while (!out.empty()) {
      const Output::Element element = out.Pop();
      if (const auto* made = std::get_if<Batch>(&element)) global_->Process(0, *made);
    }
    return global_->BeforeBarrier();
  }

  std::unique_ptr<OperatorTestHarness> local_;
  std::unique_ptr<OperatorTestHarness> incremental_;
  std::unique_ptr<OperatorTestHarness> global_;
};

TEST_F(IncrementalTest, CountsDistinctValuesAcrossBucketsAndMiniBatches) {
  EXPECT_THAT(Send({{I, 1, 10, "", true}, {I, 1, 10, "", true}, {I, 1, 7, "", false}}),
              ElementsAre("+I(1,27,2,3)"));
  incremental_->SaveAndRestore();
  EXPECT_THAT(Send({{I, 1, 10, "", true}, {I, 1, 8, "", true}}),
              ElementsAre("-U(1,27,2,3)", "+U(1,45,3,5)"));
  EXPECT_THAT(Send({{D, 1, 7, "", false}, {D, 1, 10, "", true}}),
              ElementsAre("-U(1,45,3,5)", "+U(1,28,2,3)"));
  EXPECT_THAT(Send({{D, 1, 10, "", true}, {D, 1, 10, "", true}, {D, 1, 8, "", true}}),
              ElementsAre("-D(1,28,2,3)"));
}

TEST(GlobalGroupAggregateTest, NeedsMiniBatches) {
  plan::GlobalGroupAggregate node = GlobalNode({{CountStar()}});
  node.configuration.clear();
  const plan::Bundle bundle;
  const auto made = GlobalGroupAggregate::Make({node, bundle, {TestInput()}});
  EXPECT_EQ(made.status().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace castor::group_aggregate
