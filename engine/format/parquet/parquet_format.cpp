#include "format/parquet/parquet_format.h"

#include <string>
#include <utility>

#include "format/api/decode_check.h"
#include "format/parquet/local_time.h"
#include "format/parquet/parquet_options.h"
#include "format/parquet/parquet_reader.h"
#include "format/parquet/parquet_schema.h"
#include "format/parquet/parquet_writer.h"

namespace castor::format::parquet {
namespace {

struct Settings {
  ParquetOptions options;
  std::string time_zone;  // empty: UTC

  static Result<Settings> Parse(const FormatOptions& options) {
    Settings settings;
    CASTOR_ASSIGN_OR_RETURN(settings.options, ParquetOptions::Parse(options));
    if (!settings.options.utc_timezone) {
      CASTOR_ASSIGN_OR_RETURN(settings.time_zone, ProcessTimeZone());
      CASTOR_RETURN_NOT_OK(LocalTime::Of(settings.time_zone).status());
    }
    return settings;
  }
};

class ParquetDecodingFormat final : public DecodingFormat {
 public:
  explicit ParquetDecodingFormat(Settings settings) : settings_(std::move(settings)) {}
  bool is_bulk() const override { return true; }
  bool splittable() const override { return true; }
  Result<std::unique_ptr<BulkReader>> OpenFile(const DecodeSpec& spec, io::FileSystem& file_system,
                                               const BulkFile& file) const override {
    CASTOR_RETURN_NOT_OK(CheckDecodeSpec(spec, "parquet", {.rows = true, .lists = true}));
    CASTOR_RETURN_NOT_OK(CheckParquetType(spec.produced_row));
    return OpenParquetFile(settings_.options, settings_.time_zone, spec, file_system, file);
  }

 private:
  const Settings settings_;
};

class ParquetEncodingFormat final : public EncodingFormat {
 public:
  explicit ParquetEncodingFormat(Settings settings) : settings_(std::move(settings)) {}
  bool is_bulk() const override { return true; }
  Result<std::unique_ptr<BulkWriter>> MakeWriter(const LogicalType& row,
                                                 io::WritableFile* file) const override {
    CASTOR_RETURN_NOT_OK(CheckParquetType(row));
    return MakeParquetWriter(settings_.options, settings_.time_zone, row, file);
  }

 private:
  const Settings settings_;
};

template <typename Interface, typename Format>
Result<std::unique_ptr<Interface>> Make(const FormatOptions& options) {
  CASTOR_ASSIGN_OR_RETURN(Settings settings, Settings::Parse(options));
  return std::unique_ptr<Interface>(std::make_unique<Format>(std::move(settings)));
}

}  // namespace

void RegisterParquet(FormatRegistry* registry) {
  registry->Register("parquet", {Make<DecodingFormat, ParquetDecodingFormat>,
                                 Make<EncodingFormat, ParquetEncodingFormat>});
}

}  // namespace castor::format::parquet
