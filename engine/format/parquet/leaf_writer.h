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

// For each row of a batch, or each element of its lists: how many of the optional and repeated
// fields on the way to a value are there (a value is there when the level is the highest), and in
// lists, in which of them an element goes on (0: a new row begins).
struct Levels {
  std::vector<int16_t> definitions;
  std::vector<int16_t> repetitions;  // empty where there is no list

  size_t size() const { return definitions.size(); }
};

class LeafWriter {
 public:
  LeafWriter(const LogicalType& type, int32_t index, TimestampCodec timestamps);

  // Which of the file's columns this is.
  int32_t index() const { return index_; }
  // `column` is flat; `levels` has its size. There is a value where the definition is `full`.
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
