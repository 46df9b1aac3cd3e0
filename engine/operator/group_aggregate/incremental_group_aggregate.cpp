#include "operator/group_aggregate/incremental_group_aggregate.h"

#include <utility>

#include "operator/bundle/mini_batch.h"

namespace castor::group_aggregate {
namespace {

// The row of the fields `fields` of `row`.
LogicalType Project(const LogicalType& row, const std::vector<int32_t>& fields) {
  std::vector<LogicalType::Field> projected;
  for (const int32_t field : fields) projected.push_back(row.fields()[static_cast<size_t>(field)]);
  return LogicalType::Row(std::move(projected), false);
}

}  // namespace

Result<std::unique_ptr<Operator>> IncrementalGroupAggregate::Make(
    const OperatorArguments& arguments) {
  const auto& node = static_cast<const plan::IncrementalGroupAggregate&>(arguments.node);
  CASTOR_ASSIGN_OR_RETURN(const int64_t bundle_rows,
                          bundle::RequiredMiniBatchRows(node, arguments.bundle));
  aggregate::AggregateSpec spec;
  spec.calls = node.partial_calls;
  spec.call_retractions = node.partial_call_retractions;
  spec.input_row = node.partial_local_input_type;
  spec.needs_retraction = node.partial_need_retraction;
  spec.maps_in_memory = true;
  CASTOR_ASSIGN_OR_RETURN(auto partial_set, aggregate::AggregateSet::Compile(spec));
  spec.maps_in_memory = false;
  spec.function_maps_in_memory = true;
  CASTOR_ASSIGN_OR_RETURN(auto final_set, aggregate::AggregateSet::Compile(spec));
  return std::unique_ptr<Operator>(std::make_unique<IncrementalGroupAggregate>(
      node, arguments.input_types[0], bundle_rows, std::move(partial_set), std::move(final_set)));
}

IncrementalGroupAggregate::IncrementalGroupAggregate(
    const plan::IncrementalGroupAggregate& node, const LogicalType& input, int64_t bundle_rows,
    std::unique_ptr<aggregate::AggregateSet> partial_set,
    std::unique_ptr<aggregate::AggregateSet> final_set)
    : bundle::BundleOperator(bundle_rows),
      key_fields_(node.partial_grouping.size()),
      ttl_ms_(node.StateTtlMs(0)),
      partial_(std::move(partial_set), state::KeyEncoder(input, node.partial_grouping)),
      final_(std::move(final_set),
             state::KeyEncoder(Project(input, node.partial_grouping), node.final_grouping)) {}

Result<state::Readiness> IncrementalGroupAggregate::Finish(Batch* changes) {
  if (!finishing_) {
    accumulators_ = partial_.Columns();
    finishing_ = true;
  }
  // The maps in state belong to the partial keys.
  CASTOR_ASSIGN_OR_RETURN(const state::Readiness readiness,
                          final_.Merge(accumulators_, key_fields_, &partial_.Keys()));
  if (readiness == state::Readiness::kPending) return readiness;
  finishing_ = false;
  *changes = final_.Columns();
  partial_.Clear();
  final_.Clear();
  return readiness;
}

}  // namespace castor::group_aggregate
