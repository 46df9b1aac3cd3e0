// Reads one column of scalars out of a row group into columns of ours.
//
// Values of the same layout are handed over without a copy; strings take the one that Arrow makes
// out of the page. Used by one thread; Arrow's exceptions pass through to the caller.
#pragma once

#include <cstdint>
#include <memory>

#include "column/column.h"
#include "format/parquet/timestamp_codec.h"

namespace parquet {
class ColumnDescriptor;
class RowGroupReader;
namespace internal {
class RecordReader;
}
}  // namespace parquet

namespace castor::format::parquet {

class LeafReader {
 public:
  // `index`: the file's column. `lists`: in how many lists it is to be. Errors say which type the
  // file has in the place of `type`.
  static Result<std::unique_ptr<LeafReader>> Make(const ::parquet::ColumnDescriptor& descriptor,
                                                  int32_t index, const LogicalType& type,
                                                  int16_t lists, const LocalTime& zone);
  ~LeafReader();

  // Starts at row `skip` of the row group.
  Status Open(::parquet::RowGroupReader* row_group, int64_t skip);
  // The values of exactly `rows` rows: one each, or one per element of the lists that it is in;
  // kCorruption when the column chunk holds fewer.
  Result<MutableColumnPtr> Read(int32_t rows);
  // The definition levels of the rows read last; null when nothing above or in the column is
  // optional or repeated. And the repetition levels; null when nothing is repeated.
  const int16_t* levels() const;
  const int16_t* repetitions() const;
  int64_t level_count() const;

 private:
  enum class Conversion : uint8_t {
    kSame,
    kBool,
    kInt8,
    kInt16,
    kBytes,
    kInt32Decimal,
    kInt64Decimal,
    kBytesDecimal,
    kInt64Timestamp,
    kInt96Timestamp,
  };

  LeafReader(const ::parquet::ColumnDescriptor& descriptor, int32_t index, LogicalType type,
             Conversion conversion, TimestampCodec timestamps);

  static Result<Conversion> Choose(const ::parquet::ColumnDescriptor& descriptor,
                                   const LogicalType& type, int16_t lists);

  Result<MutableColumnPtr> ReadConverted(int32_t rows);
  // The values at hand, as many as `rows`.
  Result<MutableColumnPtr> ConvertValues(int32_t rows);
  BufferPtr TakeValidity();
  template <typename From, typename Convert>
  MutableColumnPtr Converted(int32_t rows, Convert convert);
  Result<MutableColumnPtr> SameValues(int32_t rows);
  Result<MutableColumnPtr> Bytes(int32_t rows);
  Result<MutableColumnPtr> BytesDecimal(int32_t rows);

  const ::parquet::ColumnDescriptor& descriptor_;
  const int32_t index_;
  const LogicalType type_;
  const Conversion conversion_;
  TimestampCodec timestamps_;
  std::shared_ptr<::parquet::internal::RecordReader> reader_;
};

}  // namespace castor::format::parquet
