// Sort keys of rows as bytes that compare as the rows do: memcmp of two keys is the order of
// their rows, and equal keys are equal bytes. Defines the order of Flink's generated record
// comparators (ComparatorCodeGenerator).
//
// Per field a byte that puts NULLs first or last, then the value: numbers big-endian with the sign
// flipped, strings and bytes with zeros escaped and an end; all bits of a descending value are
// flipped. -0.0 equals 0.0, NaN comes last. Immutable, thread-safe.
#pragma once

#include <vector>

#include "base/status.h"
#include "column/binary_row.h"

namespace castor {

struct SortKeyField {
  int32_t field = -1;
  bool ascending = true;
  bool nulls_last = false;
};

class SortKeyEncoder {
 public:
  // Errors name the column: its type has no order (kInvalidArgument), or none here (kUnsupported).
  static Result<SortKeyEncoder> Make(const LogicalType& row, std::vector<SortKeyField> fields);

  void Encode(const Batch& batch, EncodedRows* keys) const;

 private:
  explicit SortKeyEncoder(std::vector<SortKeyField> fields) : fields_(std::move(fields)) {}

  std::vector<SortKeyField> fields_;
};

}  // namespace castor
