#include "format/json/json_token.h"

#include <cstring>

#include "format/api/java_number.h"

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

int HexValue(char c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool ReadHex4(const char* p, const char* end, uint32_t* unit) {
  if (end - p < 4) return false;
  *unit = 0;
  for (int i = 0; i < 4; ++i) {
    const int digit = HexValue(p[i]);
    if (digit < 0) return false;
    *unit = *unit * 16 + static_cast<uint32_t>(digit);
  }
  return true;
}

void AppendUtf8(uint32_t code, std::string* out) {
  if (code < 0x80) {
    *out += static_cast<char>(code);
  } else if (code < 0x800) {
    *out += static_cast<char>(0xc0 | (code >> 6));
    *out += static_cast<char>(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    *out += static_cast<char>(0xe0 | (code >> 12));
    *out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    *out += static_cast<char>(0x80 | (code & 0x3f));
  } else {
    *out += static_cast<char>(0xf0 | (code >> 18));
    *out += static_cast<char>(0x80 | ((code >> 12) & 0x3f));
    *out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    *out += static_cast<char>(0x80 | (code & 0x3f));
  }
}

// Reads "XXXX" of an escape "\uXXXX", and a second escape where they are a surrogate pair. A
// surrogate without its other half becomes '?', which is what Java's UTF-8 encoder makes of it.
bool UnescapeUnicode(const char** p, const char* end, std::string* out) {
  uint32_t unit;
  if (!ReadHex4(*p, end, &unit)) return false;
  *p += 4;
  if (unit < 0xd800 || unit > 0xdfff) {
    AppendUtf8(unit, out);
    return true;
  }
  uint32_t low;
  if (unit < 0xdc00 && end - *p >= 6 && (*p)[0] == '\\' && (*p)[1] == 'u' &&
      ReadHex4(*p + 2, end, &low) && low >= 0xdc00 && low <= 0xdfff) {
    *p += 6;
    AppendUtf8(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00), out);
    return true;
  }
  *out += '?';
  return true;
}

bool EscapesAreValid(std::string_view body) {
  if (body.find('\\') == std::string_view::npos) return true;
  std::string unused;
  return Unescape(body, &unused);
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

bool Unescape(std::string_view body, std::string* out) {
  const char* p = body.data();
  const char* const end = p + body.size();
  while (p < end) {
    const auto* escape =
        static_cast<const char*>(std::memchr(p, '\\', static_cast<size_t>(end - p)));
    if (escape == nullptr) escape = end;
    out->append(p, static_cast<size_t>(escape - p));
    p = escape;
    if (p == end) return true;
    if (end - p < 2) return false;
    const char what = p[1];
    p += 2;
    switch (what) {
      case '"':
      case '\\':
      case '/':
        *out += what;
        break;
      case 'b':
        *out += '\b';
        break;
      case 'f':
        *out += '\f';
        break;
      case 'n':
        *out += '\n';
        break;
      case 'r':
        *out += '\r';
        break;
      case 't':
        *out += '\t';
        break;
      case 'u':
        if (!UnescapeUnicode(&p, end, out)) return false;
        break;
      default:
        return false;
    }
  }
  return true;
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
      if (!Unescape(at.string_body(), &unescaped)) return false;
      AppendJsonString(unescaped, out);
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

void AppendJsonString(std::string_view text, std::string* out) {
  constexpr char kHex[] = "0123456789ABCDEF";
  *out += '"';
  size_t from = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out->append(text, from, i - from);
    from = i + 1;
    *out += '\\';
    switch (c) {
      case '"':
      case '\\':
        *out += static_cast<char>(c);
        break;
      case '\b':
        *out += 'b';
        break;
      case '\f':
        *out += 'f';
        break;
      case '\n':
        *out += 'n';
        break;
      case '\r':
        *out += 'r';
        break;
      case '\t':
        *out += 't';
        break;
      default:
        *out += "u00";
        *out += kHex[c >> 4];
        *out += kHex[c & 15];
    }
  }
  out->append(text, from, text.size() - from);
  *out += '"';
}

}  // namespace castor::format::json
