#include "format/csv/csv_format.h"

#include <utility>

#include "format/csv/csv_decoder.h"
#include "format/csv/csv_encoder.h"

namespace castor::format::csv {
namespace {

class CsvDecodingFormat final : public DecodingFormat {
 public:
  explicit CsvDecodingFormat(CsvOptions options) : options_(std::move(options)) {}
  // Quotes and escapes let a line end stand inside a record.
  bool splittable() const override { return !options_.quote && !options_.escape; }
  Result<std::unique_ptr<BlockDecoder>> MakeDecoder(const DecodeSpec& spec) const override {
    return MakeCsvDecoder(spec, options_);
  }

 private:
  const CsvOptions options_;
};

class CsvEncodingFormat final : public EncodingFormat {
 public:
  explicit CsvEncodingFormat(CsvOptions options) : options_(std::move(options)) {}
  // Flink's CsvFileFormatFactory is a BulkWriterFormatFactory.
  bool rolls_on_checkpoint() const override { return true; }
  Result<std::unique_ptr<RecordEncoder>> MakeEncoder(const LogicalType& row) const override {
    return MakeCsvEncoder(row, options_);
  }

 private:
  const CsvOptions options_;
};

}  // namespace

void RegisterCsv(FormatRegistry* registry) {
  FormatFactory factory;
  factory.make_decoding =
      [](const FormatOptions& options) -> Result<std::unique_ptr<DecodingFormat>> {
    CASTOR_ASSIGN_OR_RETURN(CsvOptions parsed, CsvOptions::Parse(options));
    return std::unique_ptr<DecodingFormat>(std::make_unique<CsvDecodingFormat>(std::move(parsed)));
  };
  factory.make_encoding =
      [](const FormatOptions& options) -> Result<std::unique_ptr<EncodingFormat>> {
    CASTOR_ASSIGN_OR_RETURN(CsvOptions parsed, CsvOptions::Parse(options));
    return std::unique_ptr<EncodingFormat>(std::make_unique<CsvEncodingFormat>(std::move(parsed)));
  };
  registry->Register("csv", std::move(factory));
}

}  // namespace castor::format::csv
