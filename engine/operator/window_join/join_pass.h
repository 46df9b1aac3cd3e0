// What a kind of join does with the rows of a window: one or two passes, each over the rows of one
// side (the outer one) and those of the other side that they match.
//
// A full join is a left join and then the right rows without a match, so no pass needs to remember
// what it saw of its inner side.
#pragma once

#include <vector>

#include "plan/nodes/join.h"

namespace castor::window_join {

struct JoinPass {
  int outer = 0;                 // input
  bool emits_pairs = false;      // each pair that matches
  bool emits_matched = false;    // an outer row that matches, once
  bool emits_unmatched = false;  // an outer row that matches nothing
};

std::vector<JoinPass> PassesOf(plan::JoinType type);

}  // namespace castor::window_join
