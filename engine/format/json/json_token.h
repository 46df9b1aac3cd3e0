// What a JSON token is and what it says: checking scalars, skipping and copying values.
//
// Functions that take a cursor expect it at the first token of a value and leave it behind the
// value; they answer false for what is not JSON. What is accepted is what Jackson accepts as Flink
// configures it: standard JSON, plus unescaped control characters in strings.
#pragma once

#include <string>
#include <string_view>

#include "format/json/json_cursor.h"

namespace castor::format::json {

enum class TokenKind : uint8_t {
  kInvalid,
  kEnd,
  kObject,
  kArray,
  kString,
  kInteger,
  kFloat,
  kTrue,
  kFalse,
  kNull,
};

// Looks at the token without moving. Scalars are checked whole, strings only for their closing
// quote.
TokenKind Classify(const JsonCursor& cursor);

bool SkipValue(JsonCursor* cursor);

// Appends the value printed without white space, as Jackson prints a tree: numbers with a fraction
// as Java prints a double, or exactly where `exact_decimals`.
bool CopyCompact(JsonCursor* cursor, bool exact_decimals, std::string* out);

}  // namespace castor::format::json
