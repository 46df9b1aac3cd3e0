#include "expr/text_encoding.h"

#include <array>
#include <cstdint>

namespace castor::expr {
namespace {

constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<int8_t, 256> MakeReverse() {
  std::array<int8_t, 256> reverse{};
  for (auto& value : reverse) value = -1;
  for (int i = 0; i < 64; ++i) {
    reverse[static_cast<unsigned char>(kAlphabet[i])] = static_cast<int8_t>(i);
  }
  return reverse;
}
constexpr std::array<int8_t, 256> kReverse = MakeReverse();

}  // namespace

std::optional<std::string> DecodeBase64(std::string_view text) {
  size_t padding = 0;
  while (padding < 2 && !text.empty() && text.back() == '=') {
    text.remove_suffix(1);
    ++padding;
  }
  if (text.size() % 4 == 1 || (padding > 0 && (text.size() + padding) % 4 != 0)) {
    return std::nullopt;
  }
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  uint32_t group = 0;
  int bits = 0;
  for (const char c : text) {
    const int8_t value = kReverse[static_cast<unsigned char>(c)];
    if (value < 0) return std::nullopt;
    group = group << 6 | static_cast<uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>(group >> bits & 0xff);
    }
  }
  return bytes;
}

size_t Base64Size(size_t bytes) { return (bytes + 2) / 3 * 4; }

void EncodeBase64(std::string_view bytes, char* target) {
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t left = bytes.size() - i;
    const auto byte = [&](size_t j) -> uint32_t {
      return j < left ? static_cast<unsigned char>(bytes[i + j]) : 0u;
    };
    const uint32_t group = byte(0) << 16 | byte(1) << 8 | byte(2);
    *target++ = kAlphabet[group >> 18];
    *target++ = kAlphabet[group >> 12 & 63];
    *target++ = left > 1 ? kAlphabet[group >> 6 & 63] : '=';
    *target++ = left > 2 ? kAlphabet[group & 63] : '=';
  }
}

void EncodeHex(std::string_view bytes, HexDigits digits, char* target) {
  const char* alphabet = digits == HexDigits::kLower ? "0123456789abcdef" : "0123456789ABCDEF";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    *target++ = alphabet[byte >> 4];
    *target++ = alphabet[byte & 15];
  }
}

int HexDigitValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 32);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool DecodeHex(std::string_view text, char* target) {
  if (text.size() % 2 != 0) {
    if (HexDigitValue(text[0]) < 0) return false;
    *target++ = 0;
    text.remove_prefix(1);
  }
  for (size_t i = 0; i < text.size(); i += 2) {
    const int high = HexDigitValue(text[i]), low = HexDigitValue(text[i + 1]);
    if (high < 0 || low < 0) return false;
    *target++ = static_cast<char>(high << 4 | low);
  }
  return true;
}

}  // namespace castor::expr
