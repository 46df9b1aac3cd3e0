#include "format/json/json_token.h"

#include <cstring>
#include <utility>

#include "base/json_string.h"
#include "format/api/java_number.h"
#include "format/api/json_text.h"

namespace castor::format::json {
namespace {

// Jackson's limit on nesting (StreamReadConstraints).
constexpr int kMaxDepth = 1000;

JsonToken Invalid(const char* at) { return {TokenKind::kInvalid, false, at, at}; }

JsonToken Punctuation(const char* at) { return {TokenKind::kPunctuation, false, at, at + 1}; }

const char* SkipDigits(const char* at) {
  while (true) {
    const int count = CountDigits(LoadDigits(at));
    at += count;
    if (count < 8) return at;
  }
}

JsonToken ScanNumber(const char* begin) {
  const char* at = begin + (*begin == '-');
  const char* digits = at;
  at = SkipDigits(at);
  if (at == digits || (*digits == '0' && at - digits > 1)) return Invalid(begin);
  TokenKind kind = TokenKind::kInteger;
  if (*at == '.') {
    digits = ++at;
    at = SkipDigits(at);
    if (at == digits) return Invalid(begin);
    kind = TokenKind::kFloat;
  }
  if (*at == 'e' || *at == 'E') {
    ++at;
    if (*at == '+' || *at == '-') ++at;
    digits = at;
    at = SkipDigits(at);
    if (at == digits) return Invalid(begin);
    kind = TokenKind::kFloat;
  }
  return {kind, false, begin, at};
}

JsonToken ScanWord(const char* begin, std::string_view word, TokenKind kind) {
  if (std::memcmp(begin, word.data(), word.size()) != 0) return Invalid(begin);
  return {kind, false, begin, begin + word.size()};
}

// Walks one value, handing every token to `visit`; false when it is not JSON or the visitor says
// so.
template <typename Visitor>
class ValueWalk {
 public:
  ValueWalk(JsonCursor* cursor, Visitor visit) : cursor_(cursor), visit_(std::move(visit)) {}

  bool Value(int depth) {
    const JsonToken token = ScanToken(*cursor_);
    switch (token.kind) {
      case TokenKind::kObject:
        return depth < kMaxDepth && Container('}', [&] { return Member(depth + 1); });
      case TokenKind::kArray:
        return depth < kMaxDepth && Container(']', [&] { return Value(depth + 1); });
      case TokenKind::kInvalid:
      case TokenKind::kEnd:
        return false;
      default:
        return Visit(token);
    }
  }

 private:
  bool Visit(const JsonToken& token) {
    if (!visit_(token)) return false;
    cursor_->MoveTo(token.end);
    return true;
  }

  bool Take(char kind) { return cursor_->kind() == kind && Visit(Punctuation(cursor_->at())); }

  bool Member(int depth) {
    if (cursor_->kind() != '"') return false;
    const JsonToken name = ScanToken(*cursor_);
    return name.kind == TokenKind::kString && Visit(name) && Take(':') && Value(depth);
  }

  template <typename Element>
  bool Container(char closing, Element&& element) {
    if (!Visit(Punctuation(cursor_->at()))) return false;
    if (Take(closing)) return true;
    do {
      if (!element()) return false;
    } while (Take(','));
    return Take(closing);
  }

  JsonCursor* const cursor_;
  Visitor visit_;
};

}  // namespace

bool EscapesAreValid(const JsonToken& string) {
  std::string unused;
  return UnescapeJson(string.body(), &unused);
}

JsonToken ScanToken(const JsonCursor& cursor) {
  const char* const at = cursor.at();
  switch (*at) {
    case '\n':
      return {TokenKind::kEnd, false, at, at};
    case '{':
      return {TokenKind::kObject, false, at, at + 1};
    case '[':
      return {TokenKind::kArray, false, at, at + 1};
    case '"':
      return ScanString(at);
    case 't':
      return ScanWord(at, "true", TokenKind::kTrue);
    case 'f':
      return ScanWord(at, "false", TokenKind::kFalse);
    case 'n':
      return ScanWord(at, "null", TokenKind::kNull);
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
      return ScanNumber(at);
    default:
      return Invalid(at);
  }
}

bool SkipOtherValue(JsonCursor* cursor) {
  const auto check = [](const JsonToken& token) {
    return !token.escaped || EscapesAreValid(token);
  };
  return ValueWalk(cursor, check).Value(0);
}

bool CopyCompact(JsonCursor* cursor, bool exact_decimals, std::string* out) {
  std::string unescaped;
  const auto copy = [&](const JsonToken& token) {
    double number;
    if (token.kind == TokenKind::kString) {
      unescaped.clear();
      if (!UnescapeJson(token.body(), &unescaped)) return false;
      AppendJsonString(unescaped, HexCase::kUpper, out);
    } else if (token.kind == TokenKind::kFloat && exact_decimals) {
      AppendStrippedDecimal(token.text(), out);
    } else if (token.kind == TokenKind::kFloat && ParseJavaDouble(token.text(), &number)) {
      AppendJavaDouble(number, out);
    } else {
      *out += token.text();
    }
    return true;
  };
  return ValueWalk(cursor, copy).Value(0);
}

}  // namespace castor::format::json
