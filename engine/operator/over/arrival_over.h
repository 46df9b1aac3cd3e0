// OVER windows by processing time that end with each row as it arrives: unbounded ones and those of
// a number of rows. Semantics: Flink's ProcTimeUnboundedPrecedingFunction and
// ProcTimeRowsBoundedPrecedingFunction. Single-threaded.
#pragma once

#include <vector>

#include "operator/over/frame_aggregation.h"

namespace castor::over {

class ArrivalOver final : public Operator {
 public:
  ArrivalOver(const plan::OverAggregate& node, const LogicalType& input)
      : key_encoder_(input, node.partition), frames_(node, input, /*times_group=*/false) {}

  bool HandlesMarks() const override { return true; }
  Status Open(OperatorContext& context) override { return frames_.Open(context); }
  Result<Progress> Process(int input, Batch batch, Output& out) override;
  Result<Progress> Continue(Output& out) override;

 private:
  const state::KeyEncoder key_encoder_;
  FrameAggregation frames_;
  Batch batch_;
  state::KeyBatch keys_;
  std::vector<FrameAggregation::FrameRow> rows_;
};

}  // namespace castor::over
