// Literals of a plan as columns of one row.
#pragma once

#include <string_view>

#include "column/column.h"
#include "plan/expression.h"

namespace castor::expr {

// The literal as a constant of `type`. Symbols (units, trim flags) become strings of their name.
// SARGs are not values; SEARCH reads them itself.
Result<ColumnPtr> LiteralColumn(const plan::Literal& literal, const LogicalType& type);

// One value in the plan's textual form (see plan::Literal), as a constant.
Result<ColumnPtr> LiteralColumn(std::string_view text, const LogicalType& type);

}  // namespace castor::expr
