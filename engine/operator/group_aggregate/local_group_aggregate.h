// The first of two phases: accumulates the rows of a mini-batch per key, in memory, and emits
// accumulators (Flink's MiniBatchLocalGroupAggFunction). Has no state. The columns behind the keys
// are AggregateSet's, not Flink's; see engine/aggregate/README.md.
#pragma once

#include <memory>

#include "operator/api/registry.h"
#include "operator/bundle/bundle_operator.h"
#include "operator/group_aggregate/accumulator_bundle.h"
#include "plan/nodes/aggregate.h"

namespace castor::group_aggregate {

class LocalGroupAggregate final : public bundle::BundleOperator {
 public:
  // Of a plan::LocalGroupAggregate.
  static Result<std::unique_ptr<Operator>> Make(const OperatorArguments& arguments);

  LocalGroupAggregate(int64_t bundle_rows, std::unique_ptr<aggregate::AggregateSet> set,
                      state::KeyEncoder keys)
      : bundle::BundleOperator(bundle_rows), bundle_(std::move(set), std::move(keys)) {}

 protected:
  Status OpenState(OperatorContext& context) override {
    (void)context;
    return Status::OK();
  }
  Status Add(Batch part) override { return bundle_.Accumulate(part); }
  Result<state::Readiness> Finish(Batch* changes) override;

 private:
  AccumulatorBundle bundle_;
};

}  // namespace castor::group_aggregate
