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

  static Result<JsonOptions> Parse(const FormatOptions& options);
};

}  // namespace castor::format::json
