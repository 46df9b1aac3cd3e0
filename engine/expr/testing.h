// For tests: expressions and columns from text, values as text. Text that is no type or no value of
// its type throws std::invalid_argument, which fails the test.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "expr/program.h"

namespace castor::expr::testing {

LogicalType Type(std::string_view text);

plan::ExpressionPtr Ref(int32_t index, std::string_view type);
// `value` in the plan's form; "NULL" is the NULL of the type.
plan::ExpressionPtr Lit(std::string_view value, std::string_view type);
plan::ExpressionPtr Symbol(std::string_view value);
plan::ExpressionPtr Call(std::string_view function, std::string_view type,
                         std::vector<plan::ExpressionPtr> operands);
plan::ExpressionPtr Field(plan::ExpressionPtr row, std::string_view name, std::string_view type);

// A flat column of values in the form of ToText; "NULL" is NULL.
ColumnPtr MakeColumn(std::string_view type, const std::vector<std::string>& values);
Batch MakeBatch(std::vector<ColumnPtr> columns);

// As in plans: numbers and text as they are, times in ISO form, binary in hexadecimal; rows as
// (a, b), arrays as [a, b], maps and multisets as {k=v, l=w}.
std::string ToText(const Column& column, int32_t row);
std::vector<std::string> ToTexts(const Column& column);

Result<ColumnPtr> EvaluateColumn(const plan::ExpressionPtr& expression, const Batch& batch,
                                 const std::map<std::string, std::string>& options = {});
// Evaluates one expression; an error is the only element, as text.
std::vector<std::string> Evaluate(const plan::ExpressionPtr& expression, const Batch& batch,
                                  const std::map<std::string, std::string>& options = {});
// The same over constants.
std::string EvaluateOne(const plan::ExpressionPtr& expression,
                        const std::map<std::string, std::string>& options = {});

}  // namespace castor::expr::testing
