#include "format/json/json_format.h"

#include "format/json/json_decoder.h"
#include "format/json/json_encoder.h"

namespace castor::format::json {
namespace {

class JsonDecodingFormat final : public DecodingFormat {
 public:
  explicit JsonDecodingFormat(const JsonOptions& options) : options_(options) {}
  bool splittable() const override { return true; }
  Result<std::unique_ptr<BlockDecoder>> MakeDecoder(const DecodeSpec& spec) const override {
    return MakeJsonDecoder(spec, options_);
  }

 private:
  const JsonOptions options_;
};

class JsonEncodingFormat final : public EncodingFormat {
 public:
  explicit JsonEncodingFormat(const JsonOptions& options) : options_(options) {}
  Result<std::unique_ptr<RecordEncoder>> MakeEncoder(const LogicalType& row) const override {
    return MakeJsonEncoder(row, options_);
  }

 private:
  const JsonOptions options_;
};

}  // namespace

void RegisterJson(FormatRegistry* registry) {
  FormatFactory factory;
  factory.make_decoding =
      [](const FormatOptions& options) -> Result<std::unique_ptr<DecodingFormat>> {
    CASTOR_ASSIGN_OR_RETURN(JsonOptions parsed, JsonOptions::Parse(options));
    return std::unique_ptr<DecodingFormat>(std::make_unique<JsonDecodingFormat>(parsed));
  };
  factory.make_encoding =
      [](const FormatOptions& options) -> Result<std::unique_ptr<EncodingFormat>> {
    CASTOR_ASSIGN_OR_RETURN(JsonOptions parsed, JsonOptions::Parse(options));
    return std::unique_ptr<EncodingFormat>(std::make_unique<JsonEncodingFormat>(parsed));
  };
  registry->Register("json", std::move(factory));
}

}  // namespace castor::format::json
