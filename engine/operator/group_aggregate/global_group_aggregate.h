// The second of two phases: merges the accumulators of a mini-batch per key, in memory first and
// then into state, and emits what has changed (Flink's MiniBatchGlobalGroupAggFunction).
#pragma once

#include <memory>
#include <vector>

#include "operator/api/registry.h"
#include "operator/bundle/bundle_operator.h"
#include "operator/group_aggregate/accumulator_bundle.h"
#include "operator/group_aggregate/keyed_aggregation.h"
#include "plan/nodes/aggregate.h"

namespace castor::group_aggregate {

class GlobalGroupAggregate final : public bundle::BundleOperator {
 public:
  // Of a plan::GlobalGroupAggregate.
  static Result<std::unique_ptr<Operator>> Make(const OperatorArguments& arguments);

  GlobalGroupAggregate(const plan::GlobalGroupAggregate& node, const LogicalType& input,
                       int64_t bundle_rows, std::unique_ptr<aggregate::AggregateSet> bundle_set,
                       std::unique_ptr<aggregate::AggregateSet> set);

 protected:
  Status OpenState(OperatorContext& context) override;
  Status Add(Batch part) override { return bundle_.Merge(part, key_fields_).status(); }
  Result<state::Readiness> Finish(Batch* changes) override;

 private:
  const size_t key_fields_;
  AccumulatorBundle bundle_;
  KeyedAggregation aggregation_;
  bool finishing_ = false;  // the members below are made
  const state::KeyBatch* keys_ = nullptr;
  std::vector<ColumnPtr> key_columns_;
  std::vector<ColumnPtr> accumulators_;
};

}  // namespace castor::group_aggregate
