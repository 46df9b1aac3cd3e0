// OVER windows by processing time that end with each row as it arrives: unbounded ones and those of
// a number of rows. Semantics: Flink's ProcTimeUnboundedPrecedingFunction and
// ProcTimeRowsBoundedPrecedingFunction. A state TTL is that of the accumulators of the former and
// makes keys go in the latter. Single-threaded.
#pragma once

#include <vector>

#include "operator/over/frame_aggregation.h"
#include "operator/over/key_cleanup.h"

namespace castor::over {

class ArrivalOver final : public Operator {
 public:
  ArrivalOver(const plan::OverAggregate& node, const LogicalType& input, int64_t ttl_ms)
      : ttl_ms_(node.unbounded ? ttl_ms : 0),
        key_encoder_(input, node.partition),
        frames_(node, input, /*times_group=*/false),
        cleanup_(node.unbounded ? 0 : ttl_ms, ttl_ms + ttl_ms / 2) {}

  bool HandlesMarks() const override { return true; }
  Status Open(OperatorContext& context) override;
  Result<Progress> Process(int input, Batch batch, Output& out) override;
  Result<Progress> Continue(Output& out) override;
  Result<Progress> OnProcessingTime(TimestampMs now, Output& out) override;

 private:
  Result<Progress> Clean();

  const int64_t ttl_ms_;
  const state::KeyEncoder key_encoder_;
  FrameAggregation frames_;
  KeyCleanup cleanup_;
  TimestampMs cleans_until_ = kMaxWatermark;  // while keys are being forgotten
  OperatorContext* context_ = nullptr;
  Batch batch_;
  state::KeyBatch keys_;
  std::vector<FrameRow> rows_;
  bool touched_ = false;
};

}  // namespace castor::over
