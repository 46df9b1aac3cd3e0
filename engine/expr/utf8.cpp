#include "expr/utf8.h"

#include <algorithm>
#include <cstring>

namespace castor::expr {

namespace {

constexpr uint64_t kHighBits = 0x8080808080808080u;

uint64_t LoadWord(const char* bytes) {
  uint64_t word;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

}  // namespace

bool IsAscii(std::string_view text) {
  const char* next = text.data();
  size_t left = text.size();
  for (; left >= 32; next += 32, left -= 32) {
    const uint64_t bits =
        LoadWord(next) | LoadWord(next + 8) | LoadWord(next + 16) | LoadWord(next + 24);
    if ((bits & kHighBits) != 0) return false;
  }
  if (text.size() >= 8) {
    uint64_t bits = 0;
    for (; left >= 8; next += 8, left -= 8) bits |= LoadWord(next);
    // The rest together with what stands before it.
    bits |= LoadWord(text.data() + text.size() - 8);
    return (bits & kHighBits) == 0;
  }
  unsigned char any = 0;
  for (const char c : text) any |= static_cast<unsigned char>(c);
  return any < 0x80;
}

size_t CountCodePoints(std::string_view text) {
  if (IsAscii(text)) return text.size();
  size_t count = 0;
  for (size_t i = 0; i < text.size();) {
    if (i + 8 <= text.size() && (LoadWord(text.data() + i) & kHighBits) == 0) {
      count += 8;
      i += 8;
    } else {
      ++count;
      i += CharacterBytes(text[i]);
    }
  }
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
  // Half of a character, encoded: malformed as a whole.
  *valid = first != 0xed || byte(1) < 0xa0;
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

char32_t DecodeCharacter(const char* bytes, size_t size) {
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

void AppendCodePoint(char32_t point, std::string* text) {
  const auto put = [&](char32_t byte) { *text += static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xc0 | point >> 6);
    put(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    put(0xe0 | point >> 12);
    put(0x80 | (point >> 6 & 0x3f));
    put(0x80 | (point & 0x3f));
  } else {
    put(0xf0 | point >> 18);
    put(0x80 | (point >> 12 & 0x3f));
    put(0x80 | (point >> 6 & 0x3f));
    put(0x80 | (point & 0x3f));
  }
}

std::u32string ToCodePoints(std::string_view text) {
  std::u32string points;
  for (size_t i = 0; i < text.size();) {
    const size_t bytes = CharacterBytes(text[i]);
    const size_t size = i + bytes > text.size() ? 1 : bytes;
    points += DecodeCharacter(text.data() + i, size);
    i += size;
  }
  return points;
}

std::string FromCodePoints(std::u32string_view points) {
  std::string text;
  for (const char32_t point : points) AppendCodePoint(point, &text);
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
