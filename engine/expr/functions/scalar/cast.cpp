// CAST, TRY_CAST, REINTERPRET.
#include "expr/cast.h"

#include "expr/functions/registry.h"

namespace castor::expr {
namespace {

// A second operand is the number of places that the text of a DECIMAL shows.
Result<Node*> Cast(Call& call) {
  Node* operand = call.operands[0];
  if (call.arity() == 2) operand = MakeTruncatedText(call.builder, operand, call.operands[1]);
  return call.builder.Cast(operand, call.type());
}

Result<Node*> TryCast(Call& call) { return call.builder.Cast(call.operands[0], call.type(), true); }

// Temporal types as their numbers and back: ScalarOperatorGens.generateReinterpret. A timestamp is
// its milliseconds there.
Result<Node*> Reinterpret(Call& call) {
  Node* operand = call.operands[0];
  const TypeKind from = operand->type().kind();
  const TypeKind to = call.type().kind();
  const auto is = [&](TypeKind a, TypeKind b) { return from == a && to == b; };
  const bool same_bytes =
      is(TypeKind::kDate, TypeKind::kInteger) || is(TypeKind::kTime, TypeKind::kInteger) ||
      is(TypeKind::kInteger, TypeKind::kDate) || is(TypeKind::kInteger, TypeKind::kTime) ||
      operand->type().SameLayout(call.type());
  if (same_bytes) return MakeRetype(call.builder, operand, call.type());
  const bool timestamp_long =
      is(TypeKind::kTimestamp, TypeKind::kBigInt) || is(TypeKind::kBigInt, TypeKind::kTimestamp);
  if (timestamp_long) return MakeTimestampReinterpret(call.builder, operand, call.type());
  const bool widened =
      is(TypeKind::kDate, TypeKind::kBigInt) || is(TypeKind::kTime, TypeKind::kBigInt);
  if (widened) {
    const LogicalType integer = LogicalType::Integer(operand->type().nullable());
    return call.builder.Cast(MakeRetype(call.builder, operand, integer), call.type());
  }
  if (from == to && operand->type().IsTimestamp()) {
    return call.builder.Cast(operand, call.type());
  }
  const bool intervals = from == TypeKind::kIntervalYearMonth ||
                         from == TypeKind::kIntervalDayTime || to == TypeKind::kIntervalYearMonth ||
                         to == TypeKind::kIntervalDayTime;
  if (intervals) return call.builder.Cast(operand, call.type());
  return call.Unsupported("no reinterpretation as " + call.type().ToString());
}

constexpr FunctionEntry kFunctions[] = {
    {"CAST", Cast},
    {"TRY_CAST", TryCast},
    {"REINTERPRET", Reinterpret},
    {"Reinterpret", Reinterpret},
};

}  // namespace

std::span<const FunctionEntry> CastFunctions() { return kFunctions; }

}  // namespace castor::expr
