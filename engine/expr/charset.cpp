#include "expr/charset.h"

#include "expr/utf16.h"
#include "expr/utf8.h"

namespace castor::expr {
namespace {

constexpr char16_t kByteOrderMark = 0xfeff;
constexpr char16_t kReversedMark = 0xfffe;

struct Name {
  std::string_view name;
  Charset charset;
};
constexpr Name kNames[] = {
    {"US-ASCII", Charset::kAscii},
    {"ASCII", Charset::kAscii},
    {"ISO646-US", Charset::kAscii},
    {"ISO-8859-1", Charset::kLatin1},
    {"ISO8859-1", Charset::kLatin1},
    {"ISO8859_1", Charset::kLatin1},
    {"ISO_8859-1", Charset::kLatin1},
    {"ISO_8859_1", Charset::kLatin1},
    {"LATIN1", Charset::kLatin1},
    {"L1", Charset::kLatin1},
    {"UTF-8", Charset::kUtf8},
    {"UTF8", Charset::kUtf8},
    {"UNICODE-1-1-UTF-8", Charset::kUtf8},
    {"UTF-16", Charset::kUtf16},
    {"UTF16", Charset::kUtf16},
    {"UTF_16", Charset::kUtf16},
    {"UNICODE", Charset::kUtf16},
    {"UTF-16BE", Charset::kUtf16Be},
    {"UTF_16BE", Charset::kUtf16Be},
    {"X-UTF-16BE", Charset::kUtf16Be},
    {"ISO-10646-UCS-2", Charset::kUtf16Be},
    {"UNICODEBIGUNMARKED", Charset::kUtf16Be},
    {"UTF-16LE", Charset::kUtf16Le},
    {"UTF_16LE", Charset::kUtf16Le},
    {"X-UTF-16LE", Charset::kUtf16Le},
    {"UNICODELITTLEUNMARKED", Charset::kUtf16Le},
};

std::string EncodeSingleBytes(std::string_view text, char32_t end) {
  std::string bytes;
  for (const char32_t c : ToCodePoints(ReplaceInvalidUtf8(text))) {
    bytes += c < end ? static_cast<char>(c) : '?';
  }
  return bytes;
}

void AppendUnit(char16_t unit, bool big_endian, std::string* bytes) {
  const char high = static_cast<char>(unit >> 8), low = static_cast<char>(unit & 0xff);
  *bytes += big_endian ? high : low;
  *bytes += big_endian ? low : high;
}

std::string EncodeUtf16(std::string_view text, bool big_endian, bool mark) {
  std::string bytes;
  if (mark && !text.empty()) AppendUnit(kByteOrderMark, big_endian, &bytes);
  for (const char16_t unit : ToUtf16(ReplaceInvalidUtf8(text))) {
    AppendUnit(unit, big_endian, &bytes);
  }
  return bytes;
}

std::string DecodeSingleBytes(std::string_view bytes, Charset charset) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    AppendCodePoint(charset == Charset::kAscii && byte >= 0x80 ? U'\ufffd' : byte, &text);
  }
  return text;
}

std::string DecodeUtf16(std::string_view bytes, bool big_endian, bool may_be_marked) {
  const auto unit_at = [&](size_t i) {
    const auto first = static_cast<unsigned char>(bytes[i]);
    const auto second = static_cast<unsigned char>(bytes[i + 1]);
    return static_cast<char16_t>(big_endian ? first << 8 | second : second << 8 | first);
  };
  if (may_be_marked && bytes.size() >= 2) {
    const char16_t mark = unit_at(0);
    if (mark == kReversedMark) big_endian = !big_endian;
    if (mark == kReversedMark || mark == kByteOrderMark) bytes.remove_prefix(2);
  }
  std::string text;
  size_t i = 0;
  while (i + 2 <= bytes.size()) {
    const char32_t unit = unit_at(i);
    i += 2;
    if (unit >= 0xd800 && unit < 0xdc00 && i + 2 <= bytes.size()) {
      const char32_t low = unit_at(i);
      if (low >= 0xdc00 && low < 0xe000) {
        AppendCodePoint(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00), &text);
        i += 2;
        continue;
      }
    }
    AppendCodePoint(unit >= 0xd800 && unit < 0xe000 ? U'\ufffd' : unit, &text);
  }
  if (i < bytes.size()) AppendCodePoint(U'\ufffd', &text);
  return text;
}

}  // namespace

std::optional<Charset> FindCharset(std::string_view name) {
  std::string upper(name);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  }
  for (const Name& each : kNames) {
    if (each.name == upper) return each.charset;
  }
  return std::nullopt;
}

std::string EncodeText(std::string_view text, Charset charset) {
  switch (charset) {
    case Charset::kAscii:
      return EncodeSingleBytes(text, 0x80);
    case Charset::kLatin1:
      return EncodeSingleBytes(text, 0x100);
    case Charset::kUtf8:
      return ReplaceInvalidUtf8(text);
    case Charset::kUtf16:
      return EncodeUtf16(text, true, true);
    case Charset::kUtf16Be:
      return EncodeUtf16(text, true, false);
    case Charset::kUtf16Le:
      return EncodeUtf16(text, false, false);
  }
  __builtin_unreachable();
}

std::string DecodeText(std::string_view bytes, Charset charset) {
  switch (charset) {
    case Charset::kAscii:
    case Charset::kLatin1:
      return DecodeSingleBytes(bytes, charset);
    case Charset::kUtf8:
      return ReplaceInvalidUtf8(bytes);
    case Charset::kUtf16:
      return DecodeUtf16(bytes, true, true);
    case Charset::kUtf16Be:
      return DecodeUtf16(bytes, true, false);
    case Charset::kUtf16Le:
      return DecodeUtf16(bytes, false, false);
  }
  __builtin_unreachable();
}

}  // namespace castor::expr
