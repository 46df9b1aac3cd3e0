// A VARIANT as JSON, by BinaryVariant.toJson: names in their order, no blanks, decimal numbers
// without zeros at their end.
//
// How Java writes strings and numbers is the business of the modules above; they hand their writers
// in.
#pragma once

#include <string>
#include <string_view>

#include "variant/value.h"

namespace castor::variant {

// Each appends to `out`.
struct TextWriters {
  void (*string)(std::string_view text, std::string* out);    // quoted and escaped, as Jackson does
  void (*real)(double value, std::string* out);               // Double.toString
  void (*decimal)(const Decimal& decimal, std::string* out);  // BigDecimal.toPlainString
};

void AppendJson(const Value& value, const TextWriters& writers, std::string* out);

}  // namespace castor::variant
