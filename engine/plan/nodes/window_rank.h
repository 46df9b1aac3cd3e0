// Nodes that keep some rows of each window and key: window-rank, window-deduplicate.
#pragma once

#include <vector>

#include "plan/node.h"
#include "plan/nodes/rank.h"
#include "plan/window.h"

namespace castor::plan {

// Windows are attached to the rows. Also window-deduplicate: the first row in the order of time.
struct WindowRank : Node {
  std::vector<int32_t> partition;
  std::vector<SortField> order;
  int64_t start = 1;  // 1-based
  int64_t end = 1;    // inclusive
  bool output_row_number = false;
  bool latest_first = false;  // of rows with equal sort keys the one that came last is the first
  WindowingStrategy windowing;
};

}  // namespace castor::plan
