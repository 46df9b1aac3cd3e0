#include "operator/group_aggregate/global_group_aggregate.h"

#include <utility>

#include "operator/bundle/mini_batch.h"

namespace castor::group_aggregate {

Result<std::unique_ptr<Operator>> GlobalGroupAggregate::Make(const OperatorArguments& arguments) {
  const auto& node = static_cast<const plan::GlobalGroupAggregate&>(arguments.node);
  CASTOR_ASSIGN_OR_RETURN(const int64_t bundle_rows,
                          bundle::RequiredMiniBatchRows(node, arguments.bundle));
  aggregate::AggregateSpec spec;
  spec.calls = node.calls;
  spec.call_retractions = node.call_retractions;
  spec.input_row = node.local_input_type;
  spec.needs_retraction = node.need_retraction;
  spec.count_star = node.index_of_count_star;
  spec.maps_in_memory = true;
  CASTOR_ASSIGN_OR_RETURN(auto bundle_set, aggregate::AggregateSet::Compile(spec));
  spec.maps_in_memory = false;
  CASTOR_ASSIGN_OR_RETURN(auto set, aggregate::AggregateSet::Compile(spec));
  return std::unique_ptr<Operator>(std::make_unique<GlobalGroupAggregate>(
      node, arguments.input_types[0], bundle_rows, std::move(bundle_set), std::move(set)));
}

GlobalGroupAggregate::GlobalGroupAggregate(const plan::GlobalGroupAggregate& node,
                                           const LogicalType& input, int64_t bundle_rows,
                                           std::unique_ptr<aggregate::AggregateSet> bundle_set,
                                           std::unique_ptr<aggregate::AggregateSet> set)
    : bundle::BundleOperator(bundle_rows),
      key_fields_(node.grouping.size()),
      bundle_(std::move(bundle_set), state::KeyEncoder(input, node.grouping)),
      aggregation_(std::move(set), {node.need_retraction, node.generate_update_before,
                                    node.StateTtlMs(0), /*every_row_changes=*/false}) {}

Status GlobalGroupAggregate::OpenState(OperatorContext& context) {
  return aggregation_.Open(context.state());
}

Result<state::Readiness> GlobalGroupAggregate::Finish(Batch* changes) {
  if (!finishing_) {
    keys_ = &bundle_.Keys();
    key_columns_ = bundle_.KeyColumns();
    accumulators_ = bundle_.Accumulators();
    finishing_ = true;
  }
  CASTOR_ASSIGN_OR_RETURN(const state::Readiness readiness,
                          aggregation_.MergeBundle(accumulators_, *keys_, key_columns_, changes));
  if (readiness == state::Readiness::kPending) return readiness;
  bundle_.Clear();
  finishing_ = false;
  return readiness;
}

}  // namespace castor::group_aggregate
