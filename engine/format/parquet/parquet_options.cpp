#include "format/parquet/parquet_options.h"

#include "format/api/option_reader.h"

namespace castor::format::parquet {
namespace {

int64_t PositiveBytes(OptionReader* reader, const std::string& key, int64_t fallback) {
  const int64_t bytes = reader->Int(key, fallback);
  if (bytes <= 0 || bytes > INT32_MAX) {
    reader->Refuse(key, "the size must be between 1 and 2147483647 bytes");
  }
  return bytes;
}

}  // namespace

Result<ParquetOptions> ParquetOptions::Parse(const FormatOptions& options) {
  OptionReader reader("parquet", options);
  ParquetOptions parsed;
  parsed.utc_timezone = reader.Bool("utc-timezone", false);
  const std::string unit =
      reader.Choice("timestamp.time.unit", "micros", {"nanos", "micros", "millis"});
  parsed.timestamp_unit = unit == "nanos"    ? TimestampUnit::kNanos
                          : unit == "millis" ? TimestampUnit::kMillis
                                             : TimestampUnit::kMicros;
  parsed.write_int64_timestamp = reader.Bool("write.int64.timestamp", false);
  const int64_t batch_size = reader.Int("batch-size", parsed.batch_size);
  if (batch_size <= 0 || batch_size > INT32_MAX) {
    reader.Refuse("batch-size", "the number of rows must be greater than 0");
  }
  parsed.batch_size = static_cast<int32_t>(batch_size);
  parsed.compression =
      reader.Choice("compression", parsed.compression,
                    {"UNCOMPRESSED", "SNAPPY", "GZIP", "BROTLI", "LZ4", "LZ4_RAW", "ZSTD"});
  parsed.row_group_bytes = PositiveBytes(&reader, "block.size", parsed.row_group_bytes);
  parsed.page_bytes = PositiveBytes(&reader, "page.size", parsed.page_bytes);
  parsed.dictionary_page_bytes =
      PositiveBytes(&reader, "dictionary.page.size", parsed.dictionary_page_bytes);
  parsed.dictionary = reader.Bool("enable.dictionary", true);
  const std::string version =
      reader.Choice("writer.version", "v1", {"v1", "v2", "PARQUET_1_0", "PARQUET_2_0"});
  parsed.version_2 = version == "v2" || version == "PARQUET_2_0";
  CASTOR_RETURN_NOT_OK(reader.Finish());
  return parsed;
}

}  // namespace castor::format::parquet
