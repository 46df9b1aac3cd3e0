// Window table functions and window aggregates, in one phase or two.
#pragma once

#include <vector>

#include "plan/expression.h"
#include "plan/node.h"
#include "plan/window.h"

namespace castor::plan {

struct WindowTableFunction : Node {
  WindowingStrategy windowing;
};

// Output: grouping keys, one field per call, then the properties. Also group-window-aggregate,
// whose windows are computed from a time attribute.
struct WindowAggregate : Node {
  std::vector<int32_t> grouping;
  std::vector<AggregateCall> calls;
  WindowingStrategy windowing;
  std::vector<WindowProperty> properties;
  bool need_retraction = false;
};

// Output: grouping keys, accumulators, slice end.
struct LocalWindowAggregate : Node {
  std::vector<int32_t> grouping;
  std::vector<AggregateCall> calls;
  WindowingStrategy windowing;
  bool need_retraction = false;
};

// Calls refer to `local_input_type`, the rest to this node's input.
struct GlobalWindowAggregate : Node {
  std::vector<int32_t> grouping;
  std::vector<AggregateCall> calls;
  WindowingStrategy windowing;
  std::vector<WindowProperty> properties;
  LogicalType local_input_type;
  bool need_retraction = false;
};

}  // namespace castor::plan
