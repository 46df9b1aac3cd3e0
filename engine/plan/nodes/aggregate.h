// Grouped aggregation in one phase (group-aggregate) and in several (local, incremental, global).
#pragma once

#include <vector>

#include "plan/expression.h"
#include "plan/node.h"

namespace castor::plan {

struct GroupAggregate : Node {
  std::vector<int32_t> grouping;
  std::vector<AggregateCall> calls;
  std::vector<bool> call_retractions;  // per call: rows are taken back from it
  bool generate_update_before = false;
  bool need_retraction = false;  // the input has updates or deletes
};

struct LocalGroupAggregate : Node {
  std::vector<int32_t> grouping;
  std::vector<AggregateCall> calls;
  std::vector<bool> call_retractions;
  bool need_retraction = false;
};

// Calls, their arguments and filters refer to the local aggregate's input, `local_input_type`;
// grouping refers to this node's input, which is what the local aggregate made: keys first, then
// accumulators.
struct GlobalGroupAggregate : Node {
  std::vector<int32_t> grouping;
  std::vector<AggregateCall> calls;
  std::vector<bool> call_retractions;
  LogicalType local_input_type;
  bool generate_update_before = false;
  bool need_retraction = false;
  int32_t index_of_count_star = -1;  // in `calls`, a COUNT(*) the query has anyway; -1: none
};

// Between local and global aggregates of DISTINCT calls that were split by buckets: merges partial
// accumulators of `partial_grouping` and pre-aggregates them for `final_grouping`.
struct IncrementalGroupAggregate : Node {
  std::vector<int32_t> partial_grouping;
  std::vector<int32_t> final_grouping;
  std::vector<AggregateCall> partial_calls;
  std::vector<bool> partial_call_retractions;
  LogicalType partial_local_input_type;
  bool partial_need_retraction = false;
};

}  // namespace castor::plan
