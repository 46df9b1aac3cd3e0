#include "operator/group_aggregate/local_group_aggregate.h"

#include <utility>

#include "operator/bundle/mini_batch.h"

namespace castor::group_aggregate {

Result<std::unique_ptr<Operator>> LocalGroupAggregate::Make(const OperatorArguments& arguments) {
  const auto& node = static_cast<const plan::LocalGroupAggregate&>(arguments.node);
  const LogicalType& input = arguments.input_types[0];
  CASTOR_ASSIGN_OR_RETURN(const int64_t bundle_rows,
                          bundle::RequiredMiniBatchRows(node, arguments.bundle));
  aggregate::AggregateSpec spec;
  spec.calls = node.calls;
  spec.call_retractions = node.call_retractions;
  spec.input_row = input;
  spec.needs_retraction = node.need_retraction;
  spec.maps_in_memory = true;
  CASTOR_ASSIGN_OR_RETURN(auto set, aggregate::AggregateSet::Compile(spec));
  return std::unique_ptr<Operator>(std::make_unique<LocalGroupAggregate>(
      bundle_rows, std::move(set), state::KeyEncoder(input, node.grouping)));
}

Result<state::Readiness> LocalGroupAggregate::Finish(Batch* changes) {
  *changes = bundle_.Columns();
  bundle_.Clear();
  return state::Readiness::kReady;
}

}  // namespace castor::group_aggregate
