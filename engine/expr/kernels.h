// What kernels share: reading flat and constant operands, and combining nulls word-wise.
//
// A kernel computes on every row, null or not (values under nulls are defined, if meaningless), and
// ANDs the operands' bitmaps; only kernels that can fail or are expensive look at nulls row by row.
#pragma once

#include <cstdint>

#include "column/column.h"

namespace castor::expr {

// A flat or constant operand read row by row: `mask` is 0 for a constant, so that one code path
// without branches serves both. Kernels worth vectorising branch on `constant()` once instead.
template <typename T>
class Operand {
 public:
  explicit Operand(const Column& column)
      : values_(column.values<T>()),
        validity_(column.validity()),
        mask_(column.is_constant() ? 0 : -1) {}

  bool constant() const { return mask_ == 0; }
  const T* values() const { return values_; }
  const T& operator[](int32_t row) const { return values_[row & mask_]; }
  bool IsNull(int32_t row) const {
    return validity_ != nullptr && !bitmap::Get(validity_, row & mask_);
  }
  bool MayHaveNulls() const { return validity_ != nullptr; }

 private:
  const T* const values_;
  const uint8_t* const validity_;
  const int32_t mask_;
};

inline bool IsConstantNull(const Column& column) {
  return column.is_constant() && column.validity() != nullptr && !bitmap::Get(column.validity(), 0);
}

// The rows where all of the operands (flat, or constant and not NULL) are valid; nullptr: all rows.
// The bitmap of an operand is shared when no other has nulls.
BufferPtr CombinedValidity(const Column& a, const Column& b, int32_t count);
BufferPtr CombinedValidity(const ColumnPtr* operands, size_t operand_count, int32_t count);

// A bitmap of `count` rows, all valid.
BufferPtr AllValid(int32_t count);

// The result of a kernel over constants only: value 0 of `column`, for `count` rows.
ColumnPtr ToConstant(const Column& column, int32_t count);

// For result columns that have one operand's validity.
inline BufferPtr ValidityOf(const Column& a) {
  return a.is_constant() ? nullptr : a.validity_buffer();
}

}  // namespace castor::expr
