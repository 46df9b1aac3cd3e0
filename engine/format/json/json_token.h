// What a JSON token is and what it says: checking scalars, skipping and copying values.
//
// Functions that take a cursor to move expect it at the first token of a value and leave it behind
// the value; they answer false for what is not JSON, and leave it at the token that is wrong. What
// is accepted is what Jackson accepts as Flink configures it: standard JSON, plus unescaped control
// characters in strings.
#pragma once

#include <string>
#include <string_view>

#include "format/json/json_cursor.h"
#include "format/json/json_scan.h"

namespace castor::format::json {

enum class TokenKind : uint8_t {
  kInvalid,
  kEnd,
  kPunctuation,
  kObject,
  kArray,
  kString,
  kInteger,
  kFloat,
  kTrue,
  kFalse,
  kNull,
};

struct JsonToken {
  TokenKind kind;
  bool escaped;  // a string with escapes
  const char* begin;
  const char* end;

  std::string_view text() const { return {begin, static_cast<size_t>(end - begin)}; }
  // Between the quotes of a string, escapes as they stand.
  std::string_view body() const { return {begin + 1, static_cast<size_t>(end - begin) - 2}; }
};

// The string that begins with the quote at `begin`; kInvalid if the line ends before it.
inline JsonToken ScanString(const char* begin) {
  bool escaped;
  const char* const close = FindClosingQuote(begin + 1, &escaped);
  if (close == nullptr) return {TokenKind::kInvalid, escaped, begin, begin};
  return {TokenKind::kString, escaped, begin, close + 1};
}

bool EscapesAreValid(const JsonToken& string);

// The token at the cursor where a value begins. Scalars are checked whole, strings but for their
// escapes; of objects and arrays it is the bracket alone.
JsonToken ScanToken(const JsonCursor& cursor);

// Past a string.
inline bool SkipString(JsonCursor* cursor) {
  const JsonToken token = ScanString(cursor->at());
  if (token.kind == TokenKind::kInvalid || (token.escaped && !EscapesAreValid(token))) return false;
  cursor->MoveTo(token.end);
  return true;
}

bool SkipOtherValue(JsonCursor* cursor);

inline bool SkipValue(JsonCursor* cursor) {
  if (cursor->kind() == '"') return SkipString(cursor);
  int64_t unused;
  const char* const end = ScanInteger(cursor->at(), &unused);
  if (end == nullptr) return SkipOtherValue(cursor);
  cursor->MoveTo(end);
  return true;
}

// Appends the value printed without white space, as Jackson prints a tree: numbers with a fraction
// as Java prints a double, or where `exact_decimals` a BigDecimal without zeros at its end.
bool CopyCompact(JsonCursor* cursor, bool exact_decimals, std::string* out);

}  // namespace castor::format::json
