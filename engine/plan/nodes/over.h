// Aggregates over the rows before each row: over-aggregate.
#pragma once

#include <vector>

#include "plan/expression.h"
#include "plan/node.h"
#include "plan/nodes/rank.h"

namespace castor::plan {

// A frame that ends with the current row. Output: the input's fields, then one per call. Calls
// refer to the input's fields with the constants behind them.
struct OverAggregate : Node {
  std::vector<int32_t> partition;
  std::vector<SortField> order;
  bool is_rows = false;  // else RANGE: rows of the same time are in each other's frames
  bool unbounded = true;
  int64_t preceding = 0;  // where bounded: rows before the current one, or milliseconds
  std::vector<AggregateCall> calls;
  std::vector<ExpressionPtr> constants;
  int32_t input_fields = 0;
};

}  // namespace castor::plan
