// Writes one column of scalars into a column chunk.
//
// Thread-compatible; Arrow's exceptions pass through to the caller.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "column/column.h"
#include "format/parquet/timestamp_codec.h"

namespace parquet {
class ColumnWriter;
}

namespace castor::format::parquet {

// For each row of a batch, how many of the optional fields on the way to a value are there. A value
// is there when the level is the highest.
using Levels = std::vector<int16_t>;

class LeafWriter {
 public:
  LeafWriter(const LogicalType& type, int32_t index, TimestampCodec timestamps);

  // Which of the file's columns this is.
  int32_t index() const { return index_; }
  // `column` is flat; `levels` has its size. A row has a value where its level is `full`.
  void Write(const Column& column, const Levels& levels, int16_t full,
             ::parquet::ColumnWriter* writer);

 private:
  template <typename ParquetType, typename From, typename Convert>
  void WriteAs(const Column& column, const Levels& levels, int16_t full,
               ::parquet::ColumnWriter* writer, Convert convert);
  template <typename ParquetType, typename Value>
  void WriteSame(const Column& column, const Levels& levels, int16_t full,
                 ::parquet::ColumnWriter* writer);
  void WriteDecimals(const Column& column, const Levels& levels, int16_t full,
                     ::parquet::ColumnWriter* writer);
  void WriteTimestamps(const Column& column, const Levels& levels, int16_t full,
                       ::parquet::ColumnWriter* writer);

  const LogicalType type_;
  const int32_t index_;
  TimestampCodec timestamps_;
  std::vector<uint8_t> bytes_;  // of a batch's values, reused
};

}  // namespace castor::format::parquet
