#include "format/raw/raw_format.h"

#include <string>
#include <utility>

#include "format/api/option_reader.h"
#include "format/raw/raw_codec.h"

namespace castor::format::raw {
namespace {

class RawDecodingFormat final : public DecodingFormat {
 public:
  explicit RawDecodingFormat(const RawOptions& options) : options_(options) {}
  bool splittable() const override { return true; }
  Result<std::unique_ptr<BlockDecoder>> MakeDecoder(const DecodeSpec& spec) const override {
    return MakeRawDecoder(spec, options_);
  }

 private:
  const RawOptions options_;
};

class RawEncodingFormat final : public EncodingFormat {
 public:
  explicit RawEncodingFormat(const RawOptions& options) : options_(options) {}
  Result<std::unique_ptr<RecordEncoder>> MakeEncoder(const LogicalType& row) const override {
    return MakeRawEncoder(row, options_);
  }

 private:
  const RawOptions options_;
};

}  // namespace

Result<RawOptions> RawOptions::Parse(const FormatOptions& options) {
  OptionReader reader("raw", options);
  RawOptions parsed;
  const std::string charset =
      reader.Choice("charset", "UTF-8",
                    {"UTF-8", "UTF8", "US-ASCII", "ASCII", "ISO-8859-1", "ISO8859_1", "LATIN1"});
  if (charset == "UTF-8" || charset == "UTF8") {
    parsed.charset = Charset::kUtf8;
  } else {
    parsed.charset =
        charset == "US-ASCII" || charset == "ASCII" ? Charset::kAscii : Charset::kLatin1;
  }
  parsed.big_endian =
      reader.Choice("endianness", "big-endian", {"big-endian", "little-endian"}) == "big-endian";
  CASTOR_RETURN_NOT_OK(reader.Finish());
  return parsed;
}

Status CheckRawType(const LogicalType& row) {
  if (row.fields().size() != 1) {
    return Status::InvalidArgument(
        "format 'raw' needs a table with exactly one physical column, but this one has " +
        std::to_string(row.fields().size()));
  }
  const LogicalType::Field& field = row.fields().front();
  switch (field.type.kind()) {
    case TypeKind::kChar:
    case TypeKind::kVarChar:
    case TypeKind::kBinary:
    case TypeKind::kVarBinary:
    case TypeKind::kBoolean:
    case TypeKind::kTinyInt:
    case TypeKind::kSmallInt:
    case TypeKind::kInteger:
    case TypeKind::kBigInt:
    case TypeKind::kFloat:
    case TypeKind::kDouble:
      return Status::OK();
    default:
      return Status::Unsupported("column '" + field.name +
                                 "': format 'raw' does not support type " + field.type.ToString());
  }
}

size_t RawWidth(TypeKind kind) {
  switch (kind) {
    case TypeKind::kBoolean:
    case TypeKind::kTinyInt:
      return 1;
    case TypeKind::kSmallInt:
      return 2;
    case TypeKind::kInteger:
    case TypeKind::kFloat:
      return 4;
    case TypeKind::kBigInt:
    case TypeKind::kDouble:
      return 8;
    default:
      return 0;
  }
}

void RegisterRaw(FormatRegistry* registry) {
  FormatFactory factory;
  factory.make_decoding =
      [](const FormatOptions& options) -> Result<std::unique_ptr<DecodingFormat>> {
    CASTOR_ASSIGN_OR_RETURN(RawOptions parsed, RawOptions::Parse(options));
    return std::unique_ptr<DecodingFormat>(std::make_unique<RawDecodingFormat>(parsed));
  };
  factory.make_encoding =
      [](const FormatOptions& options) -> Result<std::unique_ptr<EncodingFormat>> {
    CASTOR_ASSIGN_OR_RETURN(RawOptions parsed, RawOptions::Parse(options));
    return std::unique_ptr<EncodingFormat>(std::make_unique<RawEncodingFormat>(parsed));
  };
  registry->Register("raw", std::move(factory));
}

}  // namespace castor::format::raw
