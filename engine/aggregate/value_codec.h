// Argument values as the user keys of map states, and back: the plain bytes of a fixed-width value
// or of a string, a BinaryRowData for several arguments and for nested types. A NULL has a key only
// in a BinaryRowData: most functions ignore NULLs, for the others `keeps_nulls` asks for that form.
//
// Keys may point into the columns they were made of. Not thread-safe (scratch memory).
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "column/binary_row.h"
#include "column/column.h"

namespace castor::aggregate {

class ValueCodec {
 public:
  explicit ValueCodec(std::vector<LogicalType> types, bool keeps_nulls = false);

  // keys[j] = the values of `columns` (flat) at rows[j]; valid as long as the columns are, and
  // until the next call.
  void Encode(std::span<const ColumnPtr> columns, std::span<const int32_t> rows,
              std::vector<std::string_view>* keys);
  std::vector<ColumnPtr> Decode(std::span<const std::string_view> keys) const;

  const std::vector<LogicalType>& types() const { return types_; }

 private:
  template <typename T>
  void EncodeFixed(const Column& column, std::span<const int32_t> rows,
                   std::vector<std::string_view>* keys);

  const std::vector<LogicalType> types_;
  std::unique_ptr<BinaryRowCodec> row_codec_;  // null: plain bytes
  EncodedRows rows_;
  std::vector<double> canonical_;  // floating-point values with one NaN
};

}  // namespace castor::aggregate
