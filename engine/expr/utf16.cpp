#include "expr/utf16.h"

#include "expr/utf8.h"

namespace castor::expr {
namespace {

// The code point of the character of `size` bytes at `bytes`.
char32_t Decode(const char* bytes, size_t size) {
  const auto tail = [&](size_t i) { return static_cast<char32_t>(bytes[i] & 0x3f); };
  const auto first = static_cast<unsigned char>(bytes[0]);
  switch (size) {
    case 1:
      return first < 0x80 ? first : U'\ufffd';
    case 2:
      return static_cast<char32_t>(first & 0x1f) << 6 | tail(1);
    case 3:
      return static_cast<char32_t>(first & 0x0f) << 12 | tail(1) << 6 | tail(2);
    default:
      return static_cast<char32_t>(first & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3);
  }
}

void Append(char32_t c, std::string* out) {
  const auto put = [&](char32_t byte) { *out += static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xc0 | c >> 6);
    put(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    put(0xe0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3f));
    put(0x80 | (c & 0x3f));
  } else {
    put(0xf0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3f));
    put(0x80 | (c >> 6 & 0x3f));
    put(0x80 | (c & 0x3f));
  }
}

bool IsHigh(char16_t c) { return c >= 0xd800 && c < 0xdc00; }
bool IsLow(char16_t c) { return c >= 0xdc00 && c < 0xe000; }

}  // namespace

std::u16string ToUtf16(std::string_view utf8) {
  std::u16string out;
  out.reserve(utf8.size());
  for (size_t i = 0; i < utf8.size();) {
    size_t size = CharacterBytes(utf8[i]);
    if (i + size > utf8.size()) size = 1;
    const char32_t c = Decode(utf8.data() + i, size);
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
      Append(0x10000 + (static_cast<char32_t>(c - 0xd800) << 10) + (utf16[++i] - 0xdc00), &out);
    } else if (IsHigh(c) || IsLow(c)) {
      out += '?';
    } else {
      Append(c, &out);
    }
  }
  return out;
}

}  // namespace castor::expr
