// Casts among DATE, TIME, TIMESTAMP and TIMESTAMP_LTZ.
#include "expr/cast.h"
#include "expr/date_time.h"
#include "expr/row_function.h"

namespace castor::expr {
namespace {

struct ScaleTicks {
  int64_t from;
  int64_t to;
  bool operator()(RowScope& scope, int64_t ticks, int64_t* out) const {
    if (InstantToTicks(TicksToInstant(ticks, from), to, out)) return true;
    return scope.Fail([] { return "timestamp out of range"; });
  }
};

}  // namespace

Result<Node*> MakeTimestampReinterpret(Builder& builder, Node* operand, const LogicalType& type) {
  const auto ticks = [](const LogicalType& t) {
    return t.IsTimestamp() ? t.TicksPerSecond() : kMillisPerSecond;
  };
  if (ticks(operand->type()) == ticks(type)) return MakeRetype(builder, operand, type);
  return builder.Make<RowNode<ScaleTicks, int64_t, int64_t>>(
      type, std::vector<Node*>{operand}, ScaleTicks{ticks(operand->type()), ticks(type)},
      OnError::kFail);
}

Result<Node*> MakeTemporalCast(Builder& builder, Node* operand, const LogicalType& type) {
  const LogicalType& from = operand->type();
  if (from.IsTimestamp() && from.kind() == type.kind()) {
    return MakeTimestampReinterpret(builder, operand, type);
  }
  return nullptr;
}

}  // namespace castor::expr
