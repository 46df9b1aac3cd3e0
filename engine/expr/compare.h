// Comparisons of two values, for the operators of SQL and for what contains them (SEARCH, NULLIF,
// CASE).
#pragma once

#include "expr/builder.h"

namespace castor::expr {

enum class Comparison : uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual
};

// left <comparison> right with the implicit conversions of Flink's ScalarOperatorGens (Java's
// numeric promotion, exact decimals, DECIMAL with FLOAT or DOUBLE as by Double.compare, text with
// times as times). Types that Flink does not compare are kUnsupported, named by `call`.
Result<Node*> MakeComparison(const Call& call, Comparison comparison, Node* left, Node* right);

}  // namespace castor::expr
