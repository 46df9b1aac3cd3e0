#include "plan/nodes/window_aggregate.h"

#include "plan/expression_reader.h"
#include "plan/nodes/readers.h"
#include "plan/type_reader.h"
#include "plan/window_reader.h"

namespace castor::plan {
namespace {

template <typename Aggregate>
void ReadKeysCallsAndWindow(JsonObject& fields, Aggregate* node) {
  node->grouping = fields.Get("grouping").Ints();
  node->calls = ReadAggregateCalls(fields.Get("aggCalls"));
  node->windowing = ReadWindowing(fields.Get("windowing"));
  node->need_retraction = fields.Find("needRetraction").BoolOr(false);
}

}  // namespace

NodePtr ReadWindowTableFunction(JsonObject& fields, const NodeReadContext&) {
  auto node = std::make_unique<WindowTableFunction>();
  node->windowing = ReadWindowing(fields.Get("windowing"));
  return node;
}

NodePtr ReadWindowAggregate(JsonObject& fields, const NodeReadContext&) {
  auto node = std::make_unique<WindowAggregate>();
  ReadKeysCallsAndWindow(fields, node.get());
  node->properties = ReadWindowProperties(fields.Get("namedWindowProperties"));
  return node;
}

NodePtr ReadGroupWindowAggregate(JsonObject& fields, const NodeReadContext&) {
  auto node = std::make_unique<WindowAggregate>();
  node->grouping = fields.Get("grouping").Ints();
  node->calls = ReadAggregateCalls(fields.Get("aggCalls"));
  node->windowing = ReadGroupWindow(fields.Get("window"));
  node->need_retraction = fields.Find("needRetraction").BoolOr(false);
  node->properties = ReadWindowProperties(fields.Get("namedWindowProperties"));
  return node;
}

NodePtr ReadLocalWindowAggregate(JsonObject& fields, const NodeReadContext&) {
  auto node = std::make_unique<LocalWindowAggregate>();
  ReadKeysCallsAndWindow(fields, node.get());
  return node;
}

NodePtr ReadGlobalWindowAggregate(JsonObject& fields, const NodeReadContext&) {
  auto node = std::make_unique<GlobalWindowAggregate>();
  ReadKeysCallsAndWindow(fields, node.get());
  node->properties = ReadWindowProperties(fields.Get("namedWindowProperties"));
  node->local_input_type = ReadRowType(fields.Get("localAggInputRowType"));
  return node;
}

}  // namespace castor::plan
