// The elements of many lists as Flink's BinaryArrayData: the number of elements (4 bytes), one null
// bit each, padded to 4 bytes; the values, as wide as their type (8 bytes for those of varying
// size, as slots of a binary row), padded to 8 bytes; then the variable part
// (org.apache.flink.table.data.writer.BinaryArrayWriter). NULL elements have zero values and no
// room in the variable part.
//
// A codec is immutable and thread-safe.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "column/binary_row.h"
#include "column/binary_row_layout.h"
#include "column/nested_value.h"

namespace castor {

class BinaryArrayCodec {
 public:
  // A child of a compact list column, with what is encoded of it beforehand.
  struct Elements {
    ColumnPtr column;
    const ListRef* lists;
    int32_t list_count;
    EncodedRows nested;
  };

  explicit BinaryArrayCodec(LogicalType element);

  Elements Prepare(ColumnPtr column, const ListRef* lists, int32_t list_count) const;
  // Adds to sizes[i] the bytes of array i.
  void AddSizes(const Elements& elements, uint32_t* sizes) const;
  // Writes array i at targets[i], which then points behind it.
  void Write(const Elements& elements, char** targets) const;

  // The elements of all arrays one after the other, and where each array's are. A null pointer is
  // an empty array.
  ColumnPtr Decode(std::span<const char* const> arrays, ListRef* lists) const;

 private:
  uint32_t VariableBytes(const Elements& elements, int32_t row) const;

  const LogicalType element_;
  const uint32_t width_;                            // of a value in the fixed part
  const bool in_slot_;                              // whether that holds the whole of every value
  std::shared_ptr<const NestedValueCodec> nested_;  // null for scalars
};

namespace binary_row {

inline uint32_t ArrayHeaderBytes(int32_t elements) {
  return 4 + (static_cast<uint32_t>(elements) + 31) / 32 * 4;
}

// BinaryArrayData.calculateFixLengthPartSize.
inline uint32_t ArrayElementWidth(const LogicalType& type) {
  const int32_t width = PhysicalWidth(type.physical());
  return width == 0 || width > 8 ? 8 : static_cast<uint32_t>(width);
}

}  // namespace binary_row

}  // namespace castor
