#include "plan/expression.h"

#include <cctype>

namespace castor::plan {
namespace {

// Whether SQL writes the call between its operands.
bool IsInfix(const Expression& call) {
  if (call.operands.size() < 2 || call.function.empty()) return false;
  if (call.function == "AND" || call.function == "OR" || call.function == "LIKE") return true;
  return std::ispunct(static_cast<unsigned char>(call.function[0])) != 0 && call.function[0] != '$';
}

std::string Joined(const std::vector<ExpressionPtr>& operands, const std::string& separator) {
  std::string text;
  for (const ExpressionPtr& operand : operands) {
    if (!text.empty()) text += separator;
    text += operand->ToString();
  }
  return text;
}

std::string CallText(const Expression& call) {
  const std::string& name = call.function.empty() ? call.function_id : call.function;
  if (IsInfix(call)) return "(" + Joined(call.operands, " " + name + " ") + ")";
  if ((name == "CAST" || name == "TRY_CAST" || name == "REINTERPRET") &&
      call.operands.size() == 1) {
    return name + "(" + call.operands[0]->ToString() + " AS " + call.type.ToString() + ")";
  }
  return name + "(" + Joined(call.operands, ", ") + ")";
}

std::string RangeText(const SargRange& range) {
  if (range.lower && range.upper && *range.lower == *range.upper) return *range.lower;
  std::string text = range.lower_closed ? "[" : "(";
  text += range.lower.value_or("-inf") + ".." + range.upper.value_or("+inf");
  return text + (range.upper_closed ? "]" : ")");
}

std::string LiteralText(const Expression& expression) {
  const Literal& literal = expression.literal;
  if (literal.is_sarg) {
    std::string text;
    for (const SargRange& range : literal.ranges) {
      text += (text.empty() ? "" : ", ") + RangeText(range);
    }
    return "Sarg[" + text + "]";
  }
  if (literal.is_null) return "NULL";
  if (expression.type.IsString()) return "'" + literal.text + "'";
  return literal.text;
}

}  // namespace

std::string Expression::ToString() const {
  switch (kind) {
    case ExpressionKind::kInputRef:
      return "$" + std::to_string(index);
    case ExpressionKind::kPatternInputRef:
      return name + ".$" + std::to_string(index);
    case ExpressionKind::kLiteral:
      return LiteralText(*this);
    case ExpressionKind::kCall:
      return CallText(*this);
    case ExpressionKind::kFieldAccess:
      return operands[0]->ToString() + "." + name;
    case ExpressionKind::kCorrelVariable:
      return name;
  }
  return {};
}

ExpressionPtr InputRef(int32_t index, LogicalType type) {
  auto expression = std::make_shared<Expression>();
  expression->kind = ExpressionKind::kInputRef;
  expression->index = index;
  expression->type = std::move(type);
  return expression;
}

std::string AggregateCall::ToString() const {
  std::string text = (function.empty() ? function_id : function) + "(";
  if (distinct) text += "DISTINCT ";
  if (args.empty() && function == "COUNT") text += "*";
  for (size_t i = 0; i < args.size(); ++i) {
    text += (i == 0 ? "$" : ", $") + std::to_string(args[i]);
  }
  text += ")";
  if (filter_arg >= 0) text += " FILTER $" + std::to_string(filter_arg);
  return text;
}

}  // namespace castor::plan
