// Rows as bytes in the form of Flink's BinaryRowData: keys, join rows, and whatever state holds.
//
// Layout (org.apache.flink.table.data.binary.BinaryRowData): a header byte (row kind, always +I
// here) followed by one null bit per field, padded to 8 bytes; one 8-byte slot per field; then
// variable parts padded to 8 bytes. Strings and bytes of up to 7 bytes stand in their slot; DECIMAL
// of precision <= 18 is its unscaled long; TIMESTAMP of precision <= 3 its milliseconds. Larger
// decimals and finer timestamps have 16 and 8 bytes in the variable part, also when they are NULL
// (at the top level: Flink's generated projections reserve the room, its RowDataSerializer, which
// writes nested rows, does not). Equal values give equal bytes, so byte equality and
// `HashBinaryRow` (MurmurHashUtils, seed 42) serve as Flink's key equality and hash; golden tests
// compare both with Flink per type.
//
// ARRAY, MAP, MULTISET and ROW values stand in the variable part, in forms of their own
// (`nested_value.h`).
//
// A codec is immutable after construction and thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "column/batch.h"

namespace castor {

// Encoded rows of one batch, in one buffer. `fixed_width` > 0: all rows have that size.
struct EncodedRows {
  int32_t count = 0;
  int32_t fixed_width = 0;
  std::vector<char> bytes;
  std::vector<uint32_t> offsets;  // count + 1 entries, unless fixed_width > 0

  std::string_view row(int32_t i) const {
    if (fixed_width > 0) {
      return {bytes.data() + static_cast<size_t>(i) * fixed_width,
              static_cast<size_t>(fixed_width)};
    }
    return {bytes.data() + offsets[i], offsets[i + 1] - offsets[i]};
  }
};

class NestedValueCodec;

class BinaryRowCodec {
 public:
  // How a NULL of a type with room in the variable part is written.
  enum class NullForm : uint8_t { kReserved, kNoRoom };

  explicit BinaryRowCodec(std::vector<LogicalType> types, NullForm null_form = NullForm::kReserved);

  // Encodes the first `count` rows of `columns` (any encoding), reusing the memory of `out`.
  void Encode(std::span<const ColumnPtr> columns, int32_t count, EncodedRows* out) const;

  // Rebuilds flat columns from `rows`; strings are copied, so the rows may go away. A null
  // pointer among `rows` gives a row of NULLs.
  std::vector<ColumnPtr> Decode(std::span<const char* const> rows) const;
  // The same for one field only.
  ColumnPtr DecodeField(std::span<const char* const> rows, int field) const;

  const std::vector<LogicalType>& types() const { return types_; }
  // Bytes of header and slots.
  int32_t fixed_part() const { return fixed_part_; }
  // Whether all rows have the same size, `row_width()`: no field varies in size.
  bool fixed_width() const { return row_width_ > 0; }
  int32_t row_width() const { return row_width_; }

 private:
  std::vector<EncodedRows> EncodeNested(std::span<const ColumnPtr> columns, int32_t count) const;
  void SizeRows(std::span<const ColumnPtr> columns, const std::vector<EncodedRows>& nested,
                int32_t count, EncodedRows* out) const;
  // The fields [first, last).
  std::vector<ColumnPtr> DecodeFields(std::span<const char* const> rows, int first, int last) const;

  std::vector<LogicalType> types_;
  NullForm null_form_;
  int32_t header_bytes_;
  int32_t fixed_part_;
  int32_t row_width_;           // 0: varies
  std::vector<char> null_row_;  // a row of NULLs, decoded in the place of null pointers
  // By field; null where it is a scalar.
  std::vector<std::shared_ptr<const NestedValueCodec>> nested_;
};

// BinaryRowData.hashCode(): Murmur3 32 by words over the whole row. `row.size()` is a multiple
// of 8.
int32_t HashBinaryRow(std::string_view row);
// The same for all rows; `hashes` has room for `rows.count`.
void HashBinaryRows(const EncodedRows& rows, int32_t* hashes);

// MurmurHashUtils.hashUnsafeBytes: by words, then the last bytes one by one. The hash of a string
// or of bytes by itself.
int32_t HashBytes(std::string_view bytes);

// KeyGroupRangeAssignment: which key group a key hash falls into, which subtask owns a key group,
// and the groups [start, end] of a subtask.
int32_t KeyGroupOf(int32_t key_hash, int32_t max_parallelism);
void KeyGroupsOf(const int32_t* key_hashes, int32_t count, int32_t max_parallelism,
                 int32_t* groups);
int32_t SubtaskOfKeyGroup(int32_t key_group, int32_t parallelism, int32_t max_parallelism);
struct KeyGroupRange {
  int32_t start = 0;
  int32_t end = -1;  // inclusive
  bool Contains(int32_t group) const { return group >= start && group <= end; }
  int32_t size() const { return end - start + 1; }
};
KeyGroupRange KeyGroupRangeOf(int32_t subtask, int32_t parallelism, int32_t max_parallelism);
// Flink's default: a power of two between 128 and 32768, from the operator parallelism.
int32_t DefaultMaxParallelism(int32_t parallelism);

}  // namespace castor
