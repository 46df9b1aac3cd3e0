#include "format/api/json_text.h"

#include <cstring>

#include "base/json_string.h"

namespace castor::format {
namespace {

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
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

char* PutUtf8(uint32_t code, char* at) {
  if (code < 0x80) {
    *at++ = static_cast<char>(code);
  } else if (code < 0x800) {
    *at++ = static_cast<char>(0xc0 | (code >> 6));
    *at++ = static_cast<char>(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    *at++ = static_cast<char>(0xe0 | (code >> 12));
    *at++ = static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    *at++ = static_cast<char>(0x80 | (code & 0x3f));
  } else {
    *at++ = static_cast<char>(0xf0 | (code >> 18));
    *at++ = static_cast<char>(0x80 | ((code >> 12) & 0x3f));
    *at++ = static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    *at++ = static_cast<char>(0x80 | (code & 0x3f));
  }
  return at;
}

// Reads "XXXX" of an escape "\uXXXX", and a second escape where they are a surrogate pair. A
// surrogate without its other half becomes '?', which is what Java's UTF-8 encoder makes of it.
bool UnescapeUnicode(const char** p, const char* end, char** target) {
  uint32_t unit;
  if (!ReadHex4(*p, end, &unit)) return false;
  *p += 4;
  if (unit < 0xd800 || unit > 0xdfff) {
    *target = PutUtf8(unit, *target);
    return true;
  }
  uint32_t low;
  if (unit < 0xdc00 && end - *p >= 6 && (*p)[0] == '\\' && (*p)[1] == 'u' &&
      ReadHex4(*p + 2, end, &low) && low >= 0xdc00 && low <= 0xdfff) {
    *p += 6;
    *target = PutUtf8(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00), *target);
    return true;
  }
  *(*target)++ = '?';
  return true;
}

}  // namespace

bool TakeJsonEscape(const char** p, const char* end, char** target) {
  if (end - *p < 2) return false;
  const char what = (*p)[1];
  *p += 2;
  if (what == 'u') return UnescapeUnicode(p, end, target);
  const char escaped = JsonEscaped(what);
  if (escaped == '\0') return false;
  *(*target)++ = escaped;
  return true;
}

bool UnescapeJson(std::string_view body, std::string* out) {
  const char* p = body.data();
  const char* const end = p + body.size();
  const size_t before = out->size();
  out->resize(before + body.size());
  char* target = out->data() + before;
  bool good = true;
  while (good) {
    const auto* escape =
        static_cast<const char*>(std::memchr(p, '\\', static_cast<size_t>(end - p)));
    if (escape == nullptr) escape = end;
    std::memcpy(target, p, static_cast<size_t>(escape - p));
    target += escape - p;
    p = escape;
    if (p == end) break;
    good = TakeJsonEscape(&p, end, &target);
  }
  out->resize(static_cast<size_t>(target - out->data()));
  return good;
}

}  // namespace castor::format
