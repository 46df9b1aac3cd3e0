// Nodes that make watermarks: watermark-assigner and mini-batch-assigner.
#pragma once

#include "plan/expression.h"
#include "plan/node.h"

namespace castor::plan {

struct WatermarkAssigner : Node {
  ExpressionPtr watermark;
  int32_t rowtime_field = -1;
};

struct MiniBatchAssigner : Node {
  // RowTime filters the watermarks of event time; ProcTime makes its own out of the clock.
  enum class Mode : uint8_t { kProcTime, kRowTime };
  int64_t interval_ms = 0;
  Mode mode = Mode::kProcTime;
};

}  // namespace castor::plan
