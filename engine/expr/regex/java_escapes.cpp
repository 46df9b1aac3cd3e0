// Escapes: JavaParser's part of Pattern.escape.
#include <utility>

#include "expr/regex/java_parser.h"

namespace castor::expr::regex {
namespace {

bool IsDigit(char32_t c) { return c >= '0' && c <= '9'; }
bool IsOctal(char32_t c) { return c >= '0' && c <= '7'; }

int HexDigit(char32_t c) {
  if (IsDigit(c)) return static_cast<int>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<int>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<int>(c - 'A' + 10);
  return -1;
}

PatternNodePtr NodeOf(PatternKind kind) { return std::make_unique<PatternNode>(kind); }

PatternNodePtr Reference(int32_t number) {
  PatternNodePtr node = NodeOf(PatternKind::kBackReference);
  node->number = number;
  return node;
}

const CodePointSet& Digits() {
  static const CodePointSet set({{'0', '9'}});
  return set;
}
const CodePointSet& WordCharacters() {
  static const CodePointSet set({{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}});
  return set;
}
const CodePointSet& Spaces() {
  static const CodePointSet set({{'\t', '\r'}, {' ', ' '}});
  return set;
}
const CodePointSet& HorizontalSpaces() {
  static const CodePointSet set = CodePointSet::Of(U"\t \u00a0\u1680\u180e\u202f\u205f\u3000")
                                      .Union(CodePointSet({{0x2000, 0x200a}}));
  return set;
}
const CodePointSet& VerticalSpaces() {
  static const CodePointSet set({{'\n', '\r'}, {0x85, 0x85}, {0x2028, 0x2029}});
  return set;
}

// The set that \d and its kin stand for; nullptr for other letters.
const CodePointSet* NamedSet(char32_t lower) {
  switch (lower) {
    case 'd':
      return &Digits();
    case 'w':
      return &WordCharacters();
    case 's':
      return &Spaces();
    case 'h':
      return &HorizontalSpaces();
    case 'v':
      return &VerticalSpaces();
    default:
      return nullptr;
  }
}

}  // namespace

Result<JavaParser::Escape> JavaParser::ReadEscape(bool in_class, bool in_range) {
  const char32_t c = At(cursor_ + 1);
  if (c == 'p' || c == 'P') {
    CASTOR_ASSIGN_OR_RETURN(CodePointSet set, Property());
    return Escape{0, OfSet(std::move(set))};
  }
  if (cursor_ + 1 >= pattern_.size()) {
    return Invalid("unexpected end after the backslash");
  }
  cursor_ += 2;
  Result<char32_t> character = c;
  switch (c) {
    case '0':
      character = Octal();
      break;
    case 'x':
      character = Hexadecimal();
      break;
    case 'u':
      character = FourHex();
      break;
    case 'a':
      return Escape{7, nullptr};
    case 'e':
      return Escape{27, nullptr};
    case 'f':
      return Escape{'\f', nullptr};
    case 'n':
      return Escape{'\n', nullptr};
    case 'r':
      return Escape{'\r', nullptr};
    case 't':
      return Escape{'\t', nullptr};
    case 'c':
      if (AtEnd()) return Invalid("illegal control escape sequence");
      return Escape{Read() ^ 64, nullptr};
    case 'N':
      return Refused("\\N{...}");
    default: {
      if (c == 'v' && in_range) return Escape{'\v', nullptr};
      const bool letter = ((c | 32) >= 'a' && (c | 32) <= 'z') || IsDigit(c);
      if (!letter) return Escape{c, nullptr};
      if (const CodePointSet* set = NamedSet(c | 32); set != nullptr && !IsDigit(c)) {
        return Escape{0, OfSet((c & 32) != 0 ? *set : set->Complement())};
      }
      if (in_class) return Invalid("illegal/unsupported escape sequence");
      CASTOR_ASSIGN_OR_RETURN(PatternNodePtr node, EscapedNode(c));
      return Escape{0, std::move(node)};
    }
  }
  CASTOR_RETURN_NOT_OK(character.status());
  return Escape{*character, nullptr};
}

Result<PatternNodePtr> JavaParser::EscapedNode(char32_t c) {
  switch (c) {
    case 'A':
      return NodeOf(PatternKind::kTextStart);
    case 'z':
      return NodeOf(PatternKind::kTextEnd);
    case 'Z':
      return NodeOf(flags_.unix_lines ? PatternKind::kTextEndUnixLine : PatternKind::kTextEndLine);
    case 'b':
      if (Peek() == '{') return Refused("\\b{g}");
      return NodeOf(PatternKind::kWordBoundary);
    case 'B':
      return NodeOf(PatternKind::kNoWordBoundary);
    case 'R':
      return NodeOf(PatternKind::kLineBreak);
    case 'G':
      return Refused("\\G");
    case 'X':
      return Refused("\\X");
    case 'k':
      return NamedReference();
    default:
      if (c >= '1' && c <= '9') return BackReference(c);
      return Invalid("illegal/unsupported escape sequence");
  }
}

// More digits belong to the number as long as there is such a group.
Result<PatternNodePtr> JavaParser::BackReference(char32_t digit) {
  if (flags_.case_insensitive) return Refused("a back reference under (?i)");
  auto number = static_cast<int32_t>(digit - '0');
  while (IsDigit(Peek())) {
    const int32_t longer = number * 10 + static_cast<int32_t>(Peek() - '0');
    if (longer > groups_) break;
    number = longer;
    Read();
  }
  return Reference(number);
}

Result<PatternNodePtr> JavaParser::NamedReference() {
  if (flags_.case_insensitive) return Refused("a back reference under (?i)");
  if (Read() != '<') return Invalid("\\k is not followed by '<' for named capturing group");
  CASTOR_ASSIGN_OR_RETURN(const std::string name, GroupName(Read()));
  const auto found = names_.find(name);
  if (found == names_.end()) {
    return Invalid("named capturing group <" + name + "> does not exist");
  }
  return Reference(found->second);
}

Result<char32_t> JavaParser::Octal() {
  const char32_t n = Read();
  if (!IsOctal(n)) return Invalid("illegal octal escape sequence");
  char32_t value = n - '0';
  const int more = n <= '3' ? 2 : 1;
  for (int i = 0; i < more && IsOctal(Peek()); ++i) value = value * 8 + (Read() - '0');
  return value;
}

Result<char32_t> JavaParser::Hexadecimal() {
  const char32_t c = Read();
  if (const int high = HexDigit(c); high >= 0) {
    if (const int low = HexDigit(Read()); low >= 0) return static_cast<char32_t>(high * 16 + low);
  } else if (c == '{' && HexDigit(Peek()) >= 0) {
    char32_t value = 0;
    char32_t next = Read();
    for (; HexDigit(next) >= 0; next = Read()) {
      value = value * 16 + static_cast<char32_t>(HexDigit(next));
      if (value > kMaxCodePoint) return Invalid("hexadecimal codepoint is too big");
    }
    if (next != '}') return Invalid("unclosed hexadecimal escape sequence");
    return value;
  }
  return Invalid("illegal hexadecimal escape sequence");
}

Result<char32_t> JavaParser::Utf16Unit() {
  char32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    const int digit = HexDigit(Read());
    if (digit < 0) return Invalid("illegal Unicode escape sequence");
    value = value * 16 + static_cast<char32_t>(digit);
  }
  return value;
}

// Two escapes may be the halves of one character.
Result<char32_t> JavaParser::FourHex() {
  CASTOR_ASSIGN_OR_RETURN(const char32_t unit, Utf16Unit());
  if (unit < 0xd800 || unit > 0xdbff || At(cursor_) != '\\' || At(cursor_ + 1) != 'u') return unit;
  const size_t after = cursor_;
  cursor_ += 2;
  CASTOR_ASSIGN_OR_RETURN(const char32_t low, Utf16Unit());
  if (low >= 0xdc00 && low <= 0xdfff) {
    return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
  }
  cursor_ = after;
  return unit;
}

}  // namespace castor::expr::regex
