#include "expr/json/writer.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/json_string.h"
#include "expr/utf16.h"
#include "expr/utf8.h"

namespace castor::expr::json {

std::string BigDecimalText(std::string_view number) {
  std::string digits;
  int64_t scale = 0;
  bool negative = false, fraction = false;
  for (size_t i = 0; i < number.size(); ++i) {
    const char c = number[i];
    if (c == '-') {
      negative = true;
    } else if (c == '.') {
      fraction = true;
    } else if (c == 'e' || c == 'E') {
      int64_t exponent = 0;
      const size_t start = i + (number[i + 1] == '+' ? 2 : 1);
      std::from_chars(number.data() + start, number.data() + number.size(), exponent);
      scale -= exponent;
      break;
    } else if (c >= '0' && c <= '9') {
      digits += c;
      scale += fraction ? 1 : 0;
    }
  }
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  if (digits == "0") negative = false;
  const auto size = static_cast<int64_t>(digits.size());
  const int64_t exponent = size - 1 - scale;  // of the first digit
  std::string text = negative ? "-" : "";
  if (scale == 0) return text + digits;
  if (scale > 0 && exponent >= -6) {
    if (size > scale) return text + digits.insert(static_cast<size_t>(size - scale), ".");
    return text + "0." + std::string(static_cast<size_t>(scale - size), '0') + digits;
  }
  if (size > 1) digits.insert(1, ".");
  text += digits;
  if (exponent != 0) text += (exponent > 0 ? "E+" : "E") + std::to_string(exponent);
  return text;
}

std::string NumberText(const Document& document, NodeId node) {
  const std::string_view text = document.text(node);
  if (document.kind(node) == Kind::kDecimal) return BigDecimalText(text);
  return text == "-0" ? "0" : std::string(text);
}

// That of bytes, but for characters beyond U+FFFF: their halves stand before U+E000.
bool KeyLess(std::string_view a, std::string_view b) {
  if (IsAscii(a) && IsAscii(b)) return a < b;
  return ToUtf16(a) < ToUtf16(b);
}

void AppendValue(const Document& document, NodeId node, std::string* out) {
  switch (document.kind(node)) {
    case Kind::kNull:
    case Kind::kTrue:
    case Kind::kFalse:
      *out += document.text(node);
      return;
    case Kind::kInteger:
    case Kind::kDecimal:
      *out += NumberText(document, node);
      return;
    case Kind::kString:
      return AppendJsonString(document.text(node), HexCase::kUpper, out);
    case Kind::kArray:
      *out += '[';
      for (size_t i = 0; i < document.size(node); ++i) {
        if (i > 0) *out += ',';
        AppendValue(document, document.member(node, i).value, out);
      }
      *out += ']';
      return;
    case Kind::kObject:
      break;
  }
  std::vector<Member> members;
  for (size_t i = 0; i < document.size(node); ++i) members.push_back(document.member(node, i));
  std::ranges::sort(members, KeyLess, &Member::key);
  *out += '{';
  for (size_t i = 0; i < members.size(); ++i) {
    if (i > 0) *out += ',';
    AppendJsonString(members[i].key, HexCase::kUpper, out);
    *out += ':';
    AppendValue(document, members[i].value, out);
  }
  *out += '}';
}

}  // namespace castor::expr::json
