#include "expr/utf8.h"

#include <algorithm>
#include <cstring>

namespace castor::expr {

bool IsAscii(std::string_view text) {
  size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    uint64_t word;
    std::memcpy(&word, text.data() + i, 8);
    if ((word & 0x8080808080808080u) != 0) return false;
  }
  for (; i < text.size(); ++i) {
    if (static_cast<signed char>(text[i]) < 0) return false;
  }
  return true;
}

size_t CountCodePoints(std::string_view text) {
  if (IsAscii(text)) return text.size();
  size_t count = 0;
  for (size_t i = 0; i < text.size(); i += CharacterBytes(text[i])) ++count;
  return count;
}

size_t ByteOffset(std::string_view text, int64_t index) {
  size_t i = 0;
  for (; index > 0 && i < text.size(); --index) i += CharacterBytes(text[i]);
  return std::min(i, text.size());
}

namespace {

// How many bytes at `text` make a character (`*valid`), or the longest beginning of one.
size_t Measure(std::string_view text, bool* valid) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  *valid = true;
  if (first < 0x80) return 1;
  size_t size = 0;
  unsigned char low = 0x80, high = 0xbf;  // of the second byte
  if (first >= 0xc2 && first <= 0xdf) {
    size = 2;
  } else if (first >= 0xe0 && first <= 0xef) {
    size = 3;
    if (first == 0xe0) low = 0xa0;
    if (first == 0xed) high = 0x9f;
  } else if (first >= 0xf0 && first <= 0xf4) {
    size = 4;
    if (first == 0xf0) low = 0x90;
    if (first == 0xf4) high = 0x8f;
  }
  *valid = false;
  if (size == 0) return 1;
  for (size_t i = 1; i < size; ++i) {
    if (i >= text.size() || byte(i) < low || byte(i) > high) return i;
    low = 0x80;
    high = 0xbf;
  }
  *valid = true;
  return size;
}

}  // namespace

bool IsValidUtf8(std::string_view bytes) {
  if (IsAscii(bytes)) return true;
  bool valid = true;
  while (!bytes.empty() && valid) bytes.remove_prefix(Measure(bytes, &valid));
  return valid;
}

std::string ReplaceInvalidUtf8(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    bool valid;
    const size_t size = Measure(bytes, &valid);
    text += valid ? bytes.substr(0, size) : std::string_view("\xef\xbf\xbd");
    bytes.remove_prefix(size);
  }
  return text;
}

std::string ReverseCodePoints(std::string_view text) {
  std::string reversed(text.size(), '\0');
  size_t end = text.size();
  for (size_t i = 0; i < text.size();) {
    const size_t size = std::min(CharacterBytes(text[i]), text.size() - i);
    end -= size;
    std::memcpy(reversed.data() + end, text.data() + i, size);
    i += size;
  }
  return reversed;
}

}  // namespace castor::expr
