#include "expr/utf16.h"

#include "expr/utf8.h"

namespace castor::expr {
namespace {

bool IsHigh(char16_t c) { return c >= 0xd800 && c < 0xdc00; }
bool IsLow(char16_t c) { return c >= 0xdc00 && c < 0xe000; }

}  // namespace

std::u16string ToUtf16(std::string_view utf8) {
  std::u16string out;
  out.reserve(utf8.size());
  for (size_t i = 0; i < utf8.size();) {
    size_t size = CharacterBytes(utf8[i]);
    if (i + size > utf8.size()) size = 1;
    const char32_t c = DecodeCharacter(utf8.data() + i, size);
    i += size;
    if (c < 0x10000) {
      out += static_cast<char16_t>(c);
    } else {
      out += static_cast<char16_t>(0xd800 + ((c - 0x10000) >> 10));
      out += static_cast<char16_t>(0xdc00 + ((c - 0x10000) & 0x3ff));
    }
  }
  return out;
}

std::string FromUtf16(std::u16string_view utf16) {
  std::string out;
  out.reserve(utf16.size());
  for (size_t i = 0; i < utf16.size(); ++i) {
    const char16_t c = utf16[i];
    if (IsHigh(c) && i + 1 < utf16.size() && IsLow(utf16[i + 1])) {
      AppendCodePoint(0x10000 + (static_cast<char32_t>(c - 0xd800) << 10) + (utf16[++i] - 0xdc00),
                      &out);
    } else if (IsHigh(c) || IsLow(c)) {
      out += '?';
    } else {
      AppendCodePoint(c, &out);
    }
  }
  return out;
}

}  // namespace castor::expr
