// The options of the format `parquet` (spec/options/format-parquet.json), those of the Parquet
// library included, under the names and with the defaults that Flink and parquet-mr give them.
#pragma once

#include <cstdint>
#include <string>

#include "format/api/format.h"

namespace castor::format::parquet {

enum class TimestampUnit : uint8_t { kMillis, kMicros, kNanos };

struct ParquetOptions {
  bool utc_timezone = false;
  TimestampUnit timestamp_unit = TimestampUnit::kMicros;  // of INT64 timestamps that are written
  bool write_int64_timestamp = false;
  int32_t batch_size = 2048;

  // Writing.
  std::string compression = "SNAPPY";
  int64_t row_group_bytes = int64_t{128} << 20;
  int64_t page_bytes = int64_t{1} << 20;
  int64_t dictionary_page_bytes = int64_t{1} << 20;
  bool dictionary = true;
  bool version_2 = false;

  static Result<ParquetOptions> Parse(const FormatOptions& options);
};

}  // namespace castor::format::parquet
