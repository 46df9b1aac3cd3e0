#include "operator/group_aggregate/group_aggregate.h"

#include <utility>

#include "operator/bundle/mini_batch.h"
#include "operator/group_aggregate/calls.h"

namespace castor::group_aggregate {

Result<std::unique_ptr<Operator>> GroupAggregate::Make(const OperatorArguments& arguments) {
  const auto& node = static_cast<const plan::GroupAggregate&>(arguments.node);
  const LogicalType& input = arguments.input_types[0];
  CASTOR_ASSIGN_OR_RETURN(const int64_t bundle_rows, bundle::MiniBatchRows(node, arguments.bundle));
  aggregate::AggregateSpec spec;
  spec.calls = node.calls;
  spec.call_retractions = node.call_retractions;
  spec.input_row = input;
  spec.needs_retraction = node.need_retraction;
  CASTOR_ASSIGN_OR_RETURN(auto set, aggregate::AggregateSet::Compile(spec));
  return std::unique_ptr<Operator>(
      std::make_unique<GroupAggregate>(node, input, bundle_rows, std::move(set)));
}

GroupAggregate::GroupAggregate(const plan::GroupAggregate& node, const LogicalType& input,
                               int64_t bundle_rows, std::unique_ptr<aggregate::AggregateSet> set)
    : bundle::BundleOperator(bundle_rows),
      grouping_(node.grouping),
      used_(UsedFields(node.grouping, node.calls)),
      key_encoder_(input, node.grouping),
      aggregation_(std::move(set), {node.need_retraction, node.generate_update_before,
                                    node.StateTtlMs(0), EveryRowChanges(node.calls)}) {}

Status GroupAggregate::OpenState(OperatorContext& context) {
  return aggregation_.Open(context.state());
}

Status GroupAggregate::Add(Batch part) {
  parts_.push_back(std::move(part));
  return Status::OK();
}

Result<state::Readiness> GroupAggregate::Finish(Batch* changes) {
  if (!finishing_) {
    bundle_ = bundle::JoinBatches(parts_, used_);
    parts_.clear();
    key_encoder_.Encode(bundle_, &keys_);
    key_columns_.clear();
    for (const int32_t field : grouping_) {
      key_columns_.push_back(bundle_.columns[static_cast<size_t>(field)]);
    }
    finishing_ = true;
  }
  CASTOR_ASSIGN_OR_RETURN(const state::Readiness readiness,
                          mini_batch()
                              ? aggregation_.ProcessBundle(bundle_, keys_, key_columns_, changes)
                              : aggregation_.ProcessRows(bundle_, keys_, key_columns_, changes));
  if (readiness == state::Readiness::kPending) return readiness;
  finishing_ = false;
  bundle_ = Batch();
  return readiness;
}

}  // namespace castor::group_aggregate
