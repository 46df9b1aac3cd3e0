// Values of ROW, ARRAY, MAP and MULTISET as bytes of their own: what stands for them in the
// variable part of a binary row or array.
//
// A ROW is a BinaryRowData as Flink's RowDataSerializer writes it. An array is a BinaryArrayData
// (`binary_array.h`); a map is a BinaryMapData: the size in bytes of the array of its keys, that
// array, the array of its values; a multiset is the map of its elements to their counts. Entries
// keep their order, as in Flink, where maps with equal entries in another order have other bytes.
//
// Codecs are immutable and thread-safe.
#pragma once

#include <memory>
#include <span>

#include "column/binary_row.h"

namespace castor {

class NestedValueCodec {
 public:
  // Null for scalars.
  static std::shared_ptr<const NestedValueCodec> Make(const LogicalType& type);

  virtual ~NestedValueCodec() = default;
  // `column` may have any encoding. What stands for a NULL is of no meaning.
  virtual void Encode(const ColumnPtr& column, EncodedRows* out) const = 0;
  // A null pointer stands for a NULL; `validity` agrees with that and becomes the result's.
  virtual ColumnPtr Decode(std::span<const char* const> values, BufferPtr validity) const = 0;
};

}  // namespace castor
