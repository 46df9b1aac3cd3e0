#include "format/api/base64.h"

#include <cstddef>
#include <cstdint>

namespace castor::format {
namespace {

constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int ValueOf(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  if (c == '/') return 63;
  return -1;
}

}  // namespace

bool DecodeBase64(std::string_view text, std::string* bytes) {
  size_t i = 0;
  while (true) {
    while (i < text.size() && static_cast<unsigned char>(text[i]) <= ' ') ++i;
    if (i == text.size()) return true;
    if (text.size() - i < 4) return false;
    const bool one = text[i + 2] == '=';
    const bool two = !one && text[i + 3] == '=';
    if (one && text[i + 3] != '=') return false;
    uint32_t group = 0;
    const size_t digits = one ? 2 : two ? 3 : 4;
    for (size_t k = 0; k < 4; ++k) {
      const int value = k < digits ? ValueOf(text[i + k]) : 0;
      if (value < 0) return false;
      group = group << 6 | static_cast<uint32_t>(value);
    }
    *bytes += static_cast<char>(group >> 16);
    if (digits > 2) *bytes += static_cast<char>(group >> 8);
    if (digits > 3) *bytes += static_cast<char>(group);
    i += 4;
  }
}

void AppendBase64(std::string_view bytes, std::string* out) {
  size_t i = 0;
  const auto at = [&](size_t k) { return static_cast<uint32_t>(static_cast<uint8_t>(bytes[k])); };
  for (; i + 3 <= bytes.size(); i += 3) {
    const uint32_t group = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
    const char text[] = {kAlphabet[group >> 18], kAlphabet[group >> 12 & 63],
                         kAlphabet[group >> 6 & 63], kAlphabet[group & 63]};
    out->append(text, 4);
  }
  const size_t rest = bytes.size() - i;
  if (rest == 0) return;
  const uint32_t group = at(i) << 16 | (rest == 2 ? at(i + 1) << 8 : 0);
  *out += kAlphabet[group >> 18];
  *out += kAlphabet[group >> 12 & 63];
  *out += rest == 2 ? kAlphabet[group >> 6 & 63] : '=';
  *out += '=';
}

}  // namespace castor::format
