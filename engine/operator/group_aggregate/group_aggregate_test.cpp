#include "operator/group_aggregate/group_aggregate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "operator/api/operator_test_harness.h"
#include "operator/group_aggregate/test_rows.h"

namespace castor::group_aggregate {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

plan::GroupAggregate Node(std::vector<plan::AggregateCall> calls) {
  plan::GroupAggregate node;
  node.grouping = {0};
  node.call_retractions.assign(calls.size(), false);
  node.calls = std::move(calls);
  node.generate_update_before = true;
  return node;
}

plan::GroupAggregate Retracting(plan::GroupAggregate node) {
  node.need_retraction = true;
  node.call_retractions.assign(node.calls.size(), true);
  return node;
}

plan::GroupAggregate MiniBatch(plan::GroupAggregate node, int size) {
  node.configuration = {{"table.exec.mini-batch.enabled", "true"},
                        {"table.exec.mini-batch.size", std::to_string(size)}};
  return node;
}

OperatorTestHarness Open(const plan::GroupAggregate& node) {
  return OperatorTestHarness([node] {
    const plan::Bundle bundle;
    auto made = GroupAggregate::Make({node, bundle, {TestInput()}});
    EXPECT_TRUE(made.ok()) << made.status().ToString();
    return std::move(*made);
  });
}

const std::vector<plan::AggregateCall> kCountSum = {CountStar(), Sum(1)};

TEST(GroupAggregateTest, EmitsEveryChange) {
  auto harness = Open(Node(kCountSum));
  EXPECT_THAT(harness.Process(0, Rows({{I, 1, 10}, {I, 2, 20}, {I, 1, 5}, {I, 1, {}}})),
              ElementsAre("+I(1,1,10)", "+I(2,1,20)", "-U(1,1,10)", "+U(1,2,15)", "-U(1,2,15)",
                          "+U(1,3,15)"));
  EXPECT_THAT(harness.Process(0, Rows({{I, 2, 1}})), ElementsAre("-U(2,1,20)", "+U(2,2,21)"));
}

TEST(GroupAggregateTest, LeavesOutUpdateBefore) {
  auto node = Node(kCountSum);
  node.generate_update_before = false;
  auto harness = Open(node);
  EXPECT_THAT(harness.Process(0, Rows({{I, 1, 10}, {I, 1, 5}})),
              ElementsAre("+I(1,1,10)", "+U(1,2,15)"));
}

TEST(GroupAggregateTest, UnchangedResultsAreNotEmitted) {
  auto harness = Open(Node({Max(1)}));
  EXPECT_THAT(harness.Process(0, Rows({{I, 1, {}}, {I, 1, {}}, {I, 1, 5}, {I, 1, 3}, {I, 1, 9}})),
              ElementsAre("+I(1,null)", "-U(1,null)", "+U(1,5)", "-U(1,5)", "+U(1,9)"));
}

TEST(GroupAggregateTest, UnchangedResultsKeepStateBelowAliveWhenItExpires) {
  auto node = Node({Max(1)});
  node.states = {{0, 1000, "groupAggregateState"}};
  auto harness = Open(node);
  EXPECT_THAT(harness.Process(0, Rows({{I, 1, 5}, {I, 1, 3}})),
              ElementsAre("+I(1,5)", "-U(1,5)", "+U(1,5)"));
  harness.context().manual_clock().Set(2000);
  EXPECT_THAT(harness.Process(0, Rows({{I, 1, 3}})), ElementsAre("+I(1,3)"));
}

TEST(GroupAggregateTest, NullIsAKeyAndNothingIsAGrouping) {
  auto harness = Open(Node({CountStar()}));
  EXPECT_THAT(harness.Process(0, Rows({{I, {}, 1}, {I, {}, 1}})),
              ElementsAre("+I(null,1)", "-U(null,1)", "+U(null,2)"));
  auto global = Node({CountStar()});
  global.grouping = {};
  auto all = Open(global);
  EXPECT_THAT(all.Process(0, Rows({{I, 1, 1}, {I, 2, 1}})), ElementsAre("+I(1)", "-U(1)", "+U(2)"));
  EXPECT_THAT(all.EndInput(0), IsEmpty());
}

TEST(GroupAggregateTest, RetractsAndDeletes) {
  auto harness = Open(Retracting(Node({Sum(1), CountStar()})));
  EXPECT_THAT(harness.Process(0, Rows({{I, 1, 10}, {I, 1, 5}, {UB, 1, 10}, {UA, 1, 7}, {D, 1, 5}})),
              ElementsAre("+I(1,10,1)", "-U(1,10,1)", "+U(1,15,2)", "-U(1,15,2)", "+U(1,5,1)",
                          "-U(1,5,1)", "+U(1,12,2)", "-U(1,12,2)", "+U(1,7,1)"));
  EXPECT_THAT(harness.Process(0, Rows({{D, 1, 7}})), ElementsAre("-D(1,7,1)"));
  EXPECT_THAT(harness.Process(0, Rows({{I, 1, 3}})), ElementsAre("+I(1,3,1)"));
}

TEST(GroupAggregateTest, RetractionOfNothingIsIgnored) {
  auto harness = Open(Retracting(Node({Sum(1)})));
  EXPECT_THAT(harness.Process(0, Rows({{D, 1, 7}, {UB, 2, 1}})), IsEmpty());
  EXPECT_THAT(harness.Process(0, Rows({{UA, 1, 3}})), ElementsAre("+I(1,3)"));
}

TEST(GroupAggregateTest, AKeyMayGoAndComeBackWithinABatch) {
  auto harness = Open(Retracting(Node({Sum(1)})));
  EXPECT_THAT(harness.Process(
                  0, Rows({{I, 1, 4}, {D, 1, {}}, {D, 1, 1}, {I, 1, 2}, {UB, 1, 2}, {UA, 1, 9}})),
              ElementsAre("+I(1,4)", "-D(1,4)", "+I(1,2)", "-D(1,2)", "+I(1,9)"));
}

TEST(GroupAggregateTest, RetractedSumsOfNothingButNullsAreNull) {
  auto harness = Open(Retracting(Node({Sum(1)})));
  EXPECT_THAT(harness.Process(0, Rows({{I, 1, {}}, {I, 1, 5}, {D, 1, 5}})),
              ElementsAre("+I(1,null)", "-U(1,null)", "+U(1,5)", "-U(1,5)", "+U(1,null)"));
}

TEST(GroupAggregateTest, Filters) {
  auto sum = Sum(1);
  sum.filter_arg = 3;
  auto harness = Open(Node({sum}));
  EXPECT_THAT(harness.Process(0, Rows({{I, 1, 4, "", false}, {I, 1, 5, "", true}, {I, 1, 6}})),
              ElementsAre("+I(1,null)", "-U(1,null)", "+U(1,5)"));
}

TEST(GroupAggregateTest, DistinctValuesAreCountedOnce) {
  auto harness = Open(Node({Distinct(Count(1)), Distinct(Count(2))}));
  EXPECT_THAT(harness.Process(0, Rows({{I, 1, 4, "x"}, {I, 1, 4, "y"}, {I, 1, {}, "x"}})),
              ElementsAre("+I(1,1,1)", "-U(1,1,1)", "+U(1,1,2)"));
  harness.SaveAndRestore();
  EXPECT_THAT(harness.Process(0, Rows({{I, 1, 4, "x"}, {I, 2, 4, "x"}, {I, 1, 5, {}}})),
              ElementsAre("+I(2,1,1)", "-U(1,1,2)", "+U(1,2,2)"));
}

TEST(GroupAggregateTest, DistinctCallsShareTheirMapWhateverTheirFilters) {
  auto harness =
      Open(Node({Distinct(Count(1)), Filtered(Distinct(Count(1)), 3), Distinct(Sum(1))}));
  EXPECT_THAT(
      harness.Process(0, Rows({{I, 1, 4, "", false},
                               {I, 1, 4, "", true},
                               {I, 1, 4, "", true},
                               {I, 1, 6, "", true}})),
      ElementsAre("+I(1,1,0,4)", "-U(1,1,0,4)", "+U(1,1,1,4)", "-U(1,1,1,4)", "+U(1,2,2,10)"));
}

TEST(GroupAggregateTest, DistinctValuesAreTakenBack) {
  auto harness = Open(Retracting(Node({Distinct(Count(1)), Distinct(Sum(1)), CountStar()})));
  EXPECT_THAT(harness.Process(0, Rows({{I, 1, 4}, {I, 1, 4}, {D, 1, 4}, {D, 1, 4}})),
              ElementsAre("+I(1,1,4,1)", "-U(1,1,4,1)", "+U(1,1,4,2)", "-U(1,1,4,2)", "+U(1,1,4,1)",
                          "-D(1,1,4,1)"));
  EXPECT_THAT(harness.Process(0, Rows({{I, 1, 4}})), ElementsAre("+I(1,1,4,1)"));
}

// What is left over of a key's earlier life (here: a value that was never taken back) must not be
// seen.
TEST(GroupAggregateTest, DistinctStartsOverWithItsKey) {
  auto harness = Open(Retracting(Node({Distinct(Count(1))})));
  EXPECT_THAT(harness.Process(0, Rows({{I, 1, 4}, {D, 1, 5}, {I, 1, 4}})),
              ElementsAre("+I(1,1)", "-D(1,1)", "+I(1,1)"));
  EXPECT_THAT(harness.Process(0, Rows({{I, 1, 5}})), ElementsAre("-U(1,1)", "+U(1,2)"));
  EXPECT_THAT(harness.Process(0, Rows({{D, 1, 9}, {D, 1, 9}})), ElementsAre("-D(1,2)"));
  EXPECT_THAT(harness.Process(0, Rows({{I, 1, 4}})), ElementsAre("+I(1,1)"));
}

// Flink writes an entry when it is new, not each time its value comes: it expires by its first
// occurrence.
TEST(GroupAggregateTest, DistinctValuesExpireByTheirFirstOccurrence) {
  auto node = Node({Distinct(Count(1))});
  node.states = {{0, 1000, "groupAggregateState"}};
  auto harness = Open(node);
  harness.Process(0, Rows({{I, 1, 4}}));
  harness.context().manual_clock().Set(600);
  EXPECT_THAT(harness.Process(0, Rows({{I, 1, 4}})), ElementsAre("-U(1,1)", "+U(1,1)"));
  harness.context().manual_clock().Set(1200);
  EXPECT_THAT(harness.Process(0, Rows({{I, 1, 4}, {I, 1, 4}})),
              ElementsAre("-U(1,1)", "+U(1,2)", "-U(1,2)", "+U(1,2)"));
}

TEST(GroupAggregateTest, ExtremesAreTakenBack) {
  auto harness = Open(Retracting(Node({Min(1), Max(1), MaxString(2)})));
  EXPECT_THAT(
      harness.Process(0, Rows({{I, 1, 5, "b"}, {I, 1, 3, "c"}, {I, 1, 9, "a"}})),
      ElementsAre("+I(1,5,5,b)", "-U(1,5,5,b)", "+U(1,3,5,c)", "-U(1,3,5,c)", "+U(1,3,9,c)"));
  EXPECT_THAT(harness.Process(0, Rows({{D, 1, 3, "c"}, {I, 1, 5, "b"}, {D, 1, 9, {}}})),
              ElementsAre("-U(1,3,9,c)", "+U(1,5,9,b)", "-U(1,5,9,b)", "+U(1,5,5,b)"));
  harness.SaveAndRestore();
  EXPECT_THAT(harness.Process(0, Rows({{D, 1, 5, "b"}, {I, 1, {}, "z"}, {D, 1, 5, "b"}})),
              ElementsAre("-U(1,5,5,b)", "+U(1,5,5,z)", "-U(1,5,5,z)", "+U(1,null,null,z)"));
}

// More values than a record holds, so that the map has to be walked; then the same by mini-batch.
TEST(GroupAggregateTest, ExtremesAreFoundAmongManyValues) {
  for (const bool mini_batch : {false, true}) {
    auto node = Retracting(Node({Min(1), Max(1)}));
    node.generate_update_before = false;
    auto harness = Open(mini_batch ? MiniBatch(node, 1) : node);
    std::vector<TestRow> rows;
    for (int64_t v = 0; v < 3000; ++v) rows.push_back({I, 1, (v * 7919) % 3000});
    harness.Process(0, Rows(rows));
    for (int64_t v = 0; v < 20; ++v) {
      EXPECT_THAT(harness.Process(0, Rows({{D, 1, v}})),
                  ElementsAre("+U(1," + std::to_string(v + 1) + ",2999)"));
    }
    EXPECT_THAT(harness.Process(0, Rows({{D, 1, 2999}, {I, 1, 7}})),
                ElementsAre("+U(1,20,2998)", "+U(1,7,2998)"));
  }
}

TEST(GroupAggregateTest, ExtremesStartOverWithTheirKey) {
  auto harness = Open(Retracting(Node({Max(1)})));
  EXPECT_THAT(harness.Process(0, Rows({{I, 1, 9}, {D, 1, 1}, {I, 1, 4}, {I, 1, 2}, {D, 1, 4}})),
              ElementsAre("+I(1,9)", "-D(1,9)", "+I(1,4)", "-U(1,4)", "+U(1,2)"));
}

TEST(GroupAggregateTest, ExtremesOfStrings) {
  auto harness = Open(Node({MinString(2), MaxString(2)}));
  EXPECT_THAT(harness.Process(0, Rows({{I, 1, 0, "a string that is not short"}, {I, 1, 0, "b"}})),
              ElementsAre("+I(1,a string that is not short,a string that is not short)",
                          "-U(1,a string that is not short,a string that is not short)",
                          "+U(1,a string that is not short,b)"));
  harness.SaveAndRestore();
  EXPECT_THAT(harness.Process(0, Rows({{I, 1, 0, ""}})),
              ElementsAre("-U(1,a string that is not short,b)", "+U(1,,b)"));
}

TEST(GroupAggregateTest, StateIsRestored) {
  auto harness = Open(Node({CountStar(), Average(1)}));
  harness.Process(0, Rows({{I, 1, 10}, {I, 1, 5}}));
  harness.SaveAndRestore();
  EXPECT_THAT(harness.Process(0, Rows({{I, 1, 5}})), ElementsAre("-U(1,2,7)", "+U(1,3,6)"));
}

TEST(GroupAggregateMiniBatchTest, EmitsOneChangePerKeyAndBundle) {
  auto harness = Open(MiniBatch(Node(kCountSum), 4));
  EXPECT_THAT(harness.Process(0, Rows({{I, 1, 10}, {I, 2, 20}, {I, 1, 5}})), IsEmpty());
  EXPECT_THAT(harness.Process(0, Rows({{I, 3, 1}, {I, 1, 1}})),
              UnorderedElementsAre("+I(1,2,15)", "+I(2,1,20)", "+I(3,1,1)"));
  EXPECT_THAT(harness.Watermark(77), ElementsAre("-U(1,2,15)", "+U(1,3,16)", "W(77)"));
  EXPECT_THAT(harness.Watermark(78), ElementsAre("W(78)"));
}

TEST(GroupAggregateMiniBatchTest, BarriersAndTheEndCloseBundles) {
  auto harness = Open(MiniBatch(Node(kCountSum), 100));
  harness.Process(0, Rows({{I, 1, 10}}));
  EXPECT_THAT(harness.BeforeBarrier(), ElementsAre("+I(1,1,10)"));
  harness.SaveAndRestore();
  harness.Process(0, Rows({{I, 1, 2}}));
  EXPECT_THAT(harness.EndInput(0), ElementsAre("-U(1,1,10)", "+U(1,2,12)"));
}

TEST(GroupAggregateMiniBatchTest, Retracts) {
  auto harness = Open(MiniBatch(Retracting(Node({Sum(1)})), 100));
  harness.Process(0, Rows({{D, 1, 7}, {I, 1, 5}, {I, 2, 1}, {D, 2, 1}, {UB, 3, 1}, {I, 4, 4}}));
  EXPECT_THAT(harness.Watermark(1), UnorderedElementsAre("+I(1,5)", "+I(4,4)", "W(1)"));
  harness.Process(0, Rows({{D, 1, 5}, {D, 4, 4}, {I, 4, 5}}));
  EXPECT_THAT(harness.Watermark(2), UnorderedElementsAre("-D(1,5)", "-U(4,4)", "+U(4,5)", "W(2)"));
  harness.Process(0, Rows({{UB, 4, 5}, {UA, 4, 5}, {I, 1, 1}}));
  EXPECT_THAT(harness.Watermark(3), UnorderedElementsAre("+I(1,1)", "W(3)"));
}

TEST(GroupAggregateMiniBatchTest, SizeMustBePositive) {
  const plan::Bundle bundle;
  const auto made = GroupAggregate::Make({MiniBatch(Node(kCountSum), 0), bundle, {TestInput()}});
  EXPECT_EQ(made.status().code(), StatusCode::kInvalidArgument);
}

TEST(GroupAggregateTest, UnknownFunctionsAreNamed) {
  auto call = Sum(1);
  call.function = "MODE";
  const plan::Bundle bundle;
  const auto made = GroupAggregate::Make({Node({call}), bundle, {TestInput()}});
  EXPECT_EQ(made.status().code(), StatusCode::kUnsupported);
  EXPECT_THAT(made.status().message(), ::testing::HasSubstr("MODE"));
}

}  // namespace
}  // namespace castor::group_aggregate
