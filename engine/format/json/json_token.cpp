#include "format/json/json_token.h"

#include <cstring>

#include "base/json_string.h"
#include "format/api/java_number.h"
#include "format/api/json_text.h"

namespace castor::format::json {
namespace {

// Jackson's limit on nesting (StreamReadConstraints).
constexpr int kMaxDepth = 1000;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

const char* SkipDigits(const char* p, const char* end) {
  while (p < end && IsDigit(*p)) ++p;
  return p;
}

TokenKind ClassifyNumber(std::string_view text) {
  const char* p = text.data();
  const char* const end = p + text.size();
  if (*p == '-') ++p;
  const char* digits = p;
  p = SkipDigits(p, end);
  if (p == digits || (*digits == '0' && p - digits > 1)) return TokenKind::kInvalid;
  TokenKind kind = TokenKind::kInteger;
  if (p < end && *p == '.') {
    digits = ++p;
    p = SkipDigits(p, end);
    if (p == digits) return TokenKind::kInvalid;
    kind = TokenKind::kFloat;
  }
  if (p < end && (*p == 'e' || *p == 'E')) {
    ++p;
    if (p < end && (*p == '+' || *p == '-')) ++p;
    digits = p;
    p = SkipDigits(p, end);
    if (p == digits) return TokenKind::kInvalid;
    kind = TokenKind::kFloat;
  }
  return p == end ? kind : TokenKind::kInvalid;
}

bool EscapesAreValid(std::string_view body) {
  if (body.find('\\') == std::string_view::npos) return true;
  std::string unused;
  return UnescapeJson(body, &unused);
}

// Walks one value, handing every token to `visit(cursor, kind character)`; false when it is not
// JSON or the visitor says so.
template <typename Visitor>
bool WalkValue(JsonCursor* cursor, int depth, Visitor&& visit) {
  switch (Classify(*cursor)) {
    case TokenKind::kObject: {
      if (depth >= kMaxDepth) return false;
      if (!visit(*cursor, '{')) return false;
      cursor->Advance();
      if (cursor->kind() != '}') {
        while (true) {
          if (cursor->kind() != '"' || !visit(*cursor, '"')) return false;
          cursor->Advance();
          if (cursor->kind() != ':' || !visit(*cursor, ':')) return false;
          cursor->Advance();
          if (!WalkValue(cursor, depth + 1, visit)) return false;
          if (cursor->kind() != ',') break;
          if (!visit(*cursor, ',')) return false;
          cursor->Advance();
        }
      }
      if (cursor->kind() != '}' || !visit(*cursor, '}')) return false;
      cursor->Advance();
      return true;
    }
    case TokenKind::kArray: {
      if (depth >= kMaxDepth) return false;
      if (!visit(*cursor, '[')) return false;
      cursor->Advance();
      if (cursor->kind() != ']') {
        while (true) {
          if (!WalkValue(cursor, depth + 1, visit)) return false;
          if (cursor->kind() != ',') break;
          if (!visit(*cursor, ',')) return false;
          cursor->Advance();
        }
      }
      if (cursor->kind() != ']' || !visit(*cursor, ']')) return false;
      cursor->Advance();
      return true;
    }
    case TokenKind::kInvalid:
    case TokenKind::kEnd:
      return false;
    default:
      if (!visit(*cursor, cursor->kind())) return false;
      cursor->Advance();
      return true;
  }
}

}  // namespace

TokenKind Classify(const JsonCursor& cursor) {
  switch (cursor.kind()) {
    case '\0':
      return cursor.AtEnd() ? TokenKind::kEnd : TokenKind::kInvalid;
    case '{':
      return TokenKind::kObject;
    case '[':
      return TokenKind::kArray;
    case '"': {
      const std::string_view text = cursor.text();
      return text.size() >= 2 && text.back() == '"' ? TokenKind::kString : TokenKind::kInvalid;
    }
    case 't':
      return cursor.text() == "true" ? TokenKind::kTrue : TokenKind::kInvalid;
    case 'f':
      return cursor.text() == "false" ? TokenKind::kFalse : TokenKind::kInvalid;
    case 'n':
      return cursor.text() == "null" ? TokenKind::kNull : TokenKind::kInvalid;
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
      return ClassifyNumber(cursor.text());
    default:
      return TokenKind::kInvalid;
  }
}

bool SkipValue(JsonCursor* cursor) {
  return WalkValue(cursor, 0, [](const JsonCursor& at, char kind) {
    return kind != '"' || EscapesAreValid(at.string_body());
  });
}

bool CopyCompact(JsonCursor* cursor, bool exact_decimals, std::string* out) {
  std::string unescaped;
  return WalkValue(cursor, 0, [&](const JsonCursor& at, char kind) {
    if (kind == '"') {
      unescaped.clear();
      if (!UnescapeJson(at.string_body(), &unescaped)) return false;
      AppendJsonString(unescaped, HexCase::kUpper, out);
      return true;
    }
    if (std::strchr("{}[]:,", kind) != nullptr) {
      *out += kind;
      return true;
    }
    const std::string_view text = at.text();
    double number;
    if (exact_decimals || Classify(at) != TokenKind::kFloat || !ParseJavaDouble(text, &number)) {
      *out += text;
    } else {
      AppendJavaDouble(number, out);
    }
    return true;
  });
}

}  // namespace castor::format::json
