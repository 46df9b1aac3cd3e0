#include "format/csv/csv_options.h"

#include <utility>

#include "format/api/java_text.h"
#include "format/api/option_reader.h"

namespace castor::format::csv {
namespace {

// Delimiters are single bytes: all reading is done on bytes.
char OneCharacter(OptionReader* reader, const std::string& key, const std::string& text) {
  if (text.size() != 1 || (text[0] & 0x80) != 0) {
    reader->Refuse(key, "'" + text + "' is not a single ASCII character");
    return '\0';
  }
  return text[0];
}

}  // namespace

Result<CsvOptions> CsvOptions::Parse(const FormatOptions& options) {
  OptionReader reader("csv", options);
  CsvOptions parsed;
  if (auto text = reader.Find("field-delimiter")) {
    parsed.delimiter = OneCharacter(&reader, "field-delimiter", UnescapeJavaText(*text));
  }
  const auto quote = reader.Find("quote-character");
  if (reader.Bool("disable-quote-character", false)) {
    if (quote) {
      reader.Refuse("quote-character", "cannot be given together with 'disable-quote-character'");
    }
    parsed.quote.reset();
  } else if (quote) {
    parsed.quote = OneCharacter(&reader, "quote-character", *quote);
  }
  if (auto text = reader.Find("escape-character")) {
    parsed.escape = OneCharacter(&reader, "escape-character", *text);
  }
  if (auto text = reader.Find("array-element-delimiter")) {
    parsed.element_delimiter = OneCharacter(&reader, "array-element-delimiter", *text);
  }
  parsed.null_literal = reader.Find("null-literal");
  parsed.allow_comments = reader.Bool("allow-comments", false);
  parsed.ignore_parse_errors = reader.Bool("ignore-parse-errors", false);
  parsed.scientific_decimals = reader.Bool("write-bigdecimal-in-scientific-notation", true);
  parsed.trim_spaces = reader.Bool("trim-spaces", false);
  parsed.ignore_trailing_unmappable = reader.Bool("ignore-trailing-unmappable", false);
  parsed.allow_trailing_comma = reader.Bool("allow-trailing-comma", true);
  parsed.fail_on_missing_columns = reader.Bool("fail-on-missing-columns", false);
  parsed.empty_string_as_null = reader.Bool("empty-string-as-null", false);
  CASTOR_RETURN_NOT_OK(reader.Finish());
  return parsed;
}

}  // namespace castor::format::csv
