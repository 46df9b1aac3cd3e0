#include "plan/nodes/aggregate.h"

#include "plan/expression_reader.h"
#include "plan/nodes/readers.h"
#include "plan/type_reader.h"

namespace castor::plan {
namespace {

template <typename Aggregate>
void ReadKeysAndCalls(JsonObject& fields, Aggregate* node) {
  node->grouping = fields.Get("grouping").Ints();
  node->calls = ReadAggregateCalls(fields.Get("aggCalls"));
  const JsonValue retractions = fields.Get("aggCallNeedRetractions");
  node->call_retractions = retractions.Bools();
  if (node->call_retractions.size() != node->calls.size()) {
    retractions.FailMalformed("one flag per aggregate call");
  }
  node->need_retraction = fields.Get("needRetraction").Bool();
}

}  // namespace

NodePtr ReadGroupAggregate(JsonObject& fields, const NodeReadContext&) {
  auto node = std::make_unique<GroupAggregate>();
  ReadKeysAndCalls(fields, node.get());
  node->generate_update_before = fields.Get("generateUpdateBefore").Bool();
  return node;
}

NodePtr ReadLocalGroupAggregate(JsonObject& fields, const NodeReadContext&) {
  auto node = std::make_unique<LocalGroupAggregate>();
  ReadKeysAndCalls(fields, node.get());
  return node;
}

NodePtr ReadGlobalGroupAggregate(JsonObject& fields, const NodeReadContext&) {
  auto node = std::make_unique<GlobalGroupAggregate>();
  ReadKeysAndCalls(fields, node.get());
  node->local_input_type = ReadRowType(fields.Get("localAggInputRowType"));
  node->generate_update_before = fields.Get("generateUpdateBefore").Bool();
  node->index_of_count_star = fields.Find("indexOfCountStar").IntOr(-1);
  return node;
}

NodePtr ReadIncrementalGroupAggregate(JsonObject& fields, const NodeReadContext&) {
  auto node = std::make_unique<IncrementalGroupAggregate>();
  node->partial_grouping = fields.Get("partialAggGrouping").Ints();
  node->final_grouping = fields.Get("finalAggGrouping").Ints();
  node->partial_calls = ReadAggregateCalls(fields.Get("partialOriginalAggCalls"));
  node->partial_call_retractions = fields.Get("partialAggCallNeedRetractions").Bools();
  node->partial_local_input_type = ReadRowType(fields.Get("partialLocalAggInputRowType"));
  node->partial_need_retraction = fields.Get("partialAggNeedRetraction").Bool();
  return node;
}

}  // namespace castor::plan
