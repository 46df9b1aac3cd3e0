// Nodes that make rows out of rows, or out of nothing: calc, expand, values.
#pragma once

#include <vector>

#include "plan/expression.h"
#include "plan/node.h"

namespace castor::plan {

struct Calc : Node {
  std::vector<ExpressionPtr> projection;  // one per output field
  ExpressionPtr condition;                // null: every row passes
};

// Each row gives one row per project; an output field is an input reference or a literal.
struct Expand : Node {
  std::vector<std::vector<ExpressionPtr>> projects;
};

struct Values : Node {
  std::vector<std::vector<ExpressionPtr>> tuples;  // of literals
};

}  // namespace castor::plan
