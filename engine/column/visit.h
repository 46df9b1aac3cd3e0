// The loop over a column's rows that every kernel needs: picks the encoding once, then runs a tight
// loop with the callbacks inlined. Thread-safe on immutable columns; allocates nothing.
#pragma once

#include <cstdint>

#include "column/column.h"

namespace castor {

// Calls `value(row, const T&)` or `null(row)` for each row of [begin, end), in order. T is the C++
// type of the column's physical type.
template <typename T, typename Value, typename Null>
void VisitRows(const Column& column, int32_t begin, int32_t end, Value&& value, Null&& null) {
  if (column.is_constant()) {
    if (column.IsNull(0)) {
      for (int32_t row = begin; row < end; ++row) null(row);
      return;
    }
    const T constant = column.values<T>()[0];
    for (int32_t row = begin; row < end; ++row) value(row, constant);
    return;
  }
  const bool dictionary = column.encoding() == Encoding::kDictionary;
  const Column& flat = dictionary ? *column.base() : column;
  const T* values = flat.values<T>();
  const uint8_t* validity = flat.validity();
  if (dictionary) {
    const int32_t* indices = column.indices();
    for (int32_t row = begin; row < end; ++row) {
      const int32_t index = indices[row];
      if (index < 0 || (validity != nullptr && !bitmap::Get(validity, index))) {
        null(row);
      } else {
        value(row, values[index]);
      }
    }
  } else if (validity == nullptr) {
    for (int32_t row = begin; row < end; ++row) value(row, values[row]);
  } else {
    for (int32_t row = begin; row < end; ++row) {
      if (bitmap::Get(validity, row)) {
        value(row, values[row]);
      } else {
        null(row);
      }
    }
  }
}

// The same for the rows [0, count).
template <typename T, typename Value, typename Null>
void VisitRows(const Column& column, int32_t count, Value&& value, Null&& null) {
  VisitRows<T>(column, 0, count, value, null);
}

}  // namespace castor
