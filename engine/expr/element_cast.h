// A cast compiled for itself and applied to whole columns: what casts of nested types do to their
// fields and elements (RowToRowCastRule, ArrayToArrayCastRule,
// MapToMapAndMultisetToMultisetCastRule).
//
// Made once per job; not thread-safe (scratch memory).
#pragma once

#include <memory>

#include "expr/builder.h"

namespace castor::expr {

class ElementCast {
 public:
  // kUnsupported names a pair of types that has no cast. With `try_cast` values that cannot be cast
  // are marked instead of failing the call.
  static Result<std::unique_ptr<ElementCast>> Make(const Settings& settings,
                                                   const LogicalType& from, const LogicalType& to,
                                                   bool try_cast);
  virtual ~ElementCast() = default;

  // `column` is flat and is read as a whole. Sets failed[i] where value i, or something within it,
  // could not be cast: Flink gives up on the outermost value then. `failed` may be null if nobody
  // asked to try.
  virtual Result<ColumnPtr> Run(const ColumnPtr& column, const EvalContext& context,
                                uint8_t* failed) = 0;
};

// Field `index` of a flat ROW column, flat, NULL where the row is.
ColumnPtr FlatField(const Column& row, size_t index);

}  // namespace castor::expr
