// The options of Flink's `json` format (JsonFormatOptions).
#pragma once

#include <string>

#include "format/api/format.h"
#include "format/api/java_time.h"

namespace castor::format::json {

struct JsonOptions {
  bool fail_on_missing_field = false;
  bool ignore_parse_errors = false;
  TimestampStyle timestamp_style = TimestampStyle::kSql;
  bool decimal_as_plain_number = false;
  bool ignore_null_fields = false;
  enum class NullKeys : uint8_t { kFail, kDrop, kLiteral };
  NullKeys null_keys = NullKeys::kFail;  // of maps that are written
  std::string null_key_literal = "null";

  static Result<JsonOptions> Parse(const FormatOptions& options);
};

}  // namespace castor::format::json
