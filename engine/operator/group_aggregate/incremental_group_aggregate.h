// Between the local and the global phase of DISTINCT calls that were split by buckets of their
// values: merges the accumulators of a mini-batch per partial key (final key and bucket), counts
// values that its state has not seen, and emits accumulators per final key (Flink's
// MiniBatchIncrementalGroupAggFunction). Only the maps of DISTINCT are state; accumulators are what
// a mini-batch adds.
#pragma once

#include <memory>
#include <vector>

#include "operator/api/registry.h"
#include "operator/bundle/bundle_operator.h"
#include "operator/group_aggregate/accumulator_bundle.h"
#include "plan/nodes/aggregate.h"

namespace castor::group_aggregate {

class IncrementalGroupAggregate final : public bundle::BundleOperator {
 public:
  // Of a plan::IncrementalGroupAggregate.
  static Result<std::unique_ptr<Operator>> Make(const OperatorArguments& arguments);

  // `partial_set` has its maps in memory, `final_set` in state.
  IncrementalGroupAggregate(const plan::IncrementalGroupAggregate& node, const LogicalType& input,
                            int64_t bundle_rows,
                            std::unique_ptr<aggregate::AggregateSet> partial_set,
                            std::unique_ptr<aggregate::AggregateSet> final_set);

 protected:
  Status OpenState(OperatorContext& context) override {
    return final_.OpenMaps(context.state(), ttl_ms_);
  }
  Status Add(Batch part) override { return partial_.Merge(part, key_fields_).status(); }
  Result<state::Readiness> Finish(Batch* changes) override;

 private:
  const size_t key_fields_;
  const int64_t ttl_ms_;
  AccumulatorBundle partial_;
  AccumulatorBundle final_;
  bool finishing_ = false;  // the members below are made
  Batch accumulators_;      // partial keys and their accumulators
};

}  // namespace castor::group_aggregate
