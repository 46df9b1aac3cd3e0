// Row expressions of a compiled plan (Calcite RexNodes as Flink's RexNodeJsonSerializer writes
// them), as plain immutable structs. Evaluation is `expr`'s business.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "column/logical_type.h"

namespace castor::plan {

struct Expression;
using ExpressionPtr = std::shared_ptr<const Expression>;

enum class ExpressionKind : uint8_t {
  kInputRef,     // `index`: field of the input row (of both rows, left first, in join conditions)
  kLiteral,      // `literal`, of `type`
  kCall,         // `function` with `operands`
  kFieldAccess,  // field `name`, at position `index`, of the row `operands[0]`
  kCorrelVariable,
  kPatternInputRef,
};

// One range of a SEARCH operand. A missing bound is unbounded.
struct SargRange {
  std::optional<std::string> lower;
  std::optional<std::string> upper;
  bool lower_closed = false;
  bool upper_closed = false;
};

// Literal values keep their JSON text (numbers, Calcite's toString forms, symbol names, base64 for
// binary); `type` says how to read it.
struct Literal {
  bool is_null = false;
  std::string text;
  std::string symbol_class;       // of symbols, e.g. "TIME_UNIT_RANGE"
  std::vector<SargRange> ranges;  // of a sarg
  std::string sarg_null_as;       // "TRUE", "FALSE" or "UNKNOWN"
  bool is_sarg = false;
};

struct Expression {
  ExpressionKind kind = ExpressionKind::kLiteral;
  LogicalType type;
  int32_t index = -1;
  std::string name;
  // The operator's name without Flink's decoration: "$CAST$1" is "CAST", "$$SUM0$1" is "$SUM0",
  // "$-$1" "-". Empty for functions that are not Flink's own: a user's function may bear the name
  // of a built-in one.
  std::string function;
  // How the plan names it, for messages: "$CAST$1" or a user function's identifier.
  std::string function_id;
  Literal literal;
  std::vector<ExpressionPtr> operands;

  // SQL-like text for messages and `castor explain`.
  std::string ToString() const;
};

ExpressionPtr InputRef(int32_t index, LogicalType type);

// AggregateCall of a plan.
struct AggregateCall {
  std::string name;
  std::string function;  // as in Expression: "COUNT", "SUM", "$SUM0", "MAX" ...
  std::string function_id;
  std::vector<int32_t> args;
  int32_t filter_arg = -1;  // a BOOLEAN input field, or -1
  bool distinct = false;
  bool approximate = false;
  bool ignore_nulls = false;
  LogicalType type;

  std::string ToString() const;
};

}  // namespace castor::plan
