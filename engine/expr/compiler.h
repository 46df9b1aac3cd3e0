// Turns plan expressions into nodes: shares common subexpressions, folds constants, finds
// functions.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "expr/node.h"
#include "expr/program.h"
#include "plan/expression.h"

namespace castor::expr {

struct CompiledNodes {
  std::vector<std::unique_ptr<Node>> nodes;
  std::vector<Node*> roots;  // one per expression
  int32_t slots = 0;
};

Result<CompiledNodes> CompileNodes(std::span<const plan::ExpressionPtr> expressions,
                                   const CompileOptions& options);

}  // namespace castor::expr
