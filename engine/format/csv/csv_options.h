// The options of Flink's `csv` format (CsvFormatOptions).
#pragma once

#include <optional>
#include <string>

#include "format/api/format.h"

namespace castor::format::csv {

struct CsvOptions {
  char delimiter = ',';
  std::optional<char> quote = '"';
  std::optional<char> escape;
  std::string element_delimiter = ";";  // between the fields of a nested ROW
  std::optional<std::string> null_literal;
  bool allow_comments = false;
  bool ignore_parse_errors = false;
  bool scientific_decimals = true;
  bool trim_spaces = false;
  bool ignore_trailing_unmappable = false;
  bool allow_trailing_comma = true;
  bool fail_on_missing_columns = false;
  bool empty_string_as_null = false;

  static Result<CsvOptions> Parse(const FormatOptions& options);

  // NULL in the file: the literal, or "" where so told.
  bool IsNull(std::string_view value) const {
    return (null_literal && *null_literal == value) || (empty_string_as_null && value.empty());
  }
};

}  // namespace castor::format::csv
