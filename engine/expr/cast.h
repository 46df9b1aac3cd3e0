// Conversions: SQL's CAST and TRY_CAST, and the implicit ones of Flink's code generation.
#pragma once

#include "expr/builder.h"

namespace castor::expr {

// `operand` as `type` by the rules of org.apache.flink.table.planner.functions.casting. With
// `try_cast` (or the legacy cast behaviour) a value that cannot be cast becomes NULL, otherwise it
// is the row's error. `operand` itself if nothing changes. Call Builder::Cast, which makes equal
// casts once.
Result<Node*> MakeCast(Builder& builder, Node* operand, const LogicalType& type, bool try_cast);

// An operand of decimal arithmetic: integers as DECIMAL(p, 0) of their type's digits, decimals as
// they are.
Result<Node*> MakeDecimalOperand(Builder& builder, Node* operand);

// A timestamp's ticks at a finer unit, saturating: for comparisons only.
Node* WidenTicks(Builder& builder, Node* operand, int64_t ticks_per_second);

// The same bytes under another type of the same physical form.
Node* MakeRetype(Builder& builder, Node* operand, const LogicalType& type);

// A DECIMAL as text with just `places` (INT) digits behind the point, which the value is cut to.
Node* MakeTruncatedText(Builder& builder, Node* decimal, Node* places);

// Milliseconds as TIMESTAMP and back, whatever the timestamp's unit.
Result<Node*> MakeTimestampReinterpret(Builder& builder, Node* operand, const LogicalType& type);

// The conversion families; nullptr if the pair of types is not theirs.
Result<Node*> MakeNumericCast(Builder& builder, Node* operand, const LogicalType& type);
Result<Node*> MakeCastToString(Builder& builder, Node* operand, const LogicalType& type);
Result<Node*> MakeCastFromString(Builder& builder, Node* operand, const LogicalType& type,
                                 bool try_cast);
Result<Node*> MakeTemporalCast(Builder& builder, Node* operand, const LogicalType& type);
Result<Node*> MakeNestedToString(Builder& builder, Node* operand, const LogicalType& type);
Result<Node*> MakeNestedCast(Builder& builder, Node* operand, const LogicalType& type,
                             bool try_cast);

}  // namespace castor::expr
