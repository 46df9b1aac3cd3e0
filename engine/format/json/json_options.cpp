#include "format/json/json_options.h"

#include "format/api/option_reader.h"

namespace castor::format::json {

Result<JsonOptions> JsonOptions::Parse(const FormatOptions& options) {
  OptionReader reader("json", options);
  JsonOptions parsed;
  parsed.fail_on_missing_field = reader.Bool("fail-on-missing-field", false);
  parsed.ignore_parse_errors = reader.Bool("ignore-parse-errors", false);
  const std::string style = reader.Choice("timestamp-format.standard", "SQL", {"SQL", "ISO-8601"});
  parsed.timestamp_style = style == "SQL" ? TimestampStyle::kSql : TimestampStyle::kIso8601;
  parsed.decimal_as_plain_number = reader.Bool("encode.decimal-as-plain-number", false);
  parsed.ignore_null_fields = reader.Bool("encode.ignore-null-fields", false);
  const std::string null_keys =
      reader.Choice("map-null-key.mode", "FAIL", {"FAIL", "DROP", "LITERAL"});
  parsed.null_keys = null_keys == "FAIL"   ? NullKeys::kFail
                     : null_keys == "DROP" ? NullKeys::kDrop
                                           : NullKeys::kLiteral;
  parsed.null_key_literal = reader.String("map-null-key.literal", "null");
  // Chooses between Flink's two readers, whose results are the same.
  reader.Bool("decode.json-parser.enabled", true);
  CASTOR_RETURN_NOT_OK(reader.Finish());
  if (parsed.fail_on_missing_field && parsed.ignore_parse_errors) {
    return Status::InvalidArgument(
        "options 'json.fail-on-missing-field' and 'json.ignore-parse-errors' cannot both be true");
  }
  return parsed;
}

}  // namespace castor::format::json
