// Grouped aggregation in one phase: Flink's GroupAggFunction, and MiniBatchGroupAggFunction when
// mini-batches are on. Emits nothing before the first row of a key, grouped by nothing included.
#pragma once

#include <memory>
#include <vector>

#include "operator/api/registry.h"
#include "operator/bundle/bundle_operator.h"
#include "operator/group_aggregate/keyed_aggregation.h"
#include "plan/nodes/aggregate.h"

namespace castor::group_aggregate {

class GroupAggregate final : public bundle::BundleOperator {
 public:
  // Of a plan::GroupAggregate.
  static Result<std::unique_ptr<Operator>> Make(const OperatorArguments& arguments);

  GroupAggregate(const plan::GroupAggregate& node, const LogicalType& input, int64_t bundle_rows,
                 std::unique_ptr<aggregate::AggregateSet> set);

 protected:
  Status OpenState(OperatorContext& context) override;
  Status Add(Batch part) override;
  Result<state::Readiness> Finish(Batch* changes) override;

 private:
  const std::vector<int32_t> grouping_;
  const std::vector<int32_t> used_;  // fields that keys and calls read
  const state::KeyEncoder key_encoder_;
  KeyedAggregation aggregation_;

  std::vector<Batch> parts_;  // of the open bundle
  bool finishing_ = false;    // `bundle_` and its keys are made
  Batch bundle_;
  state::KeyBatch keys_;
  std::vector<ColumnPtr> key_columns_;
};

}  // namespace castor::group_aggregate
