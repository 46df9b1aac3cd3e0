// Expressions and aggregate calls of a plan (RexNodeJsonSerializer, AggregateCallJsonSerializer).
#pragma once

#include <vector>

#include "plan/expression.h"
#include "plan/json_reader.h"

namespace castor::plan {

// Never null: a NULL literal stands for what could not be read (and is noted as a problem).
ExpressionPtr ReadExpression(const JsonValue& value);
// Null where the value is absent or null.
ExpressionPtr ReadOptionalExpression(const JsonValue& value);
std::vector<ExpressionPtr> ReadExpressions(const JsonValue& value);

std::vector<AggregateCall> ReadAggregateCalls(const JsonValue& value);

}  // namespace castor::plan
