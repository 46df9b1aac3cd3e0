// UTF-8 by code points, as BinaryStringData counts characters: by first bytes, without validation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace castor::expr {

// Bytes of the character that starts with `first` (BinaryStringData.numBytesForFirstByte: malformed
// first bytes count as one byte).
inline size_t CharacterBytes(char first) {
  const auto byte = static_cast<unsigned char>(first);
  if (byte < 0x80) return 1;
  if (byte >= 0xc2 && byte < 0xe0) return 2;
  if (byte >= 0xe0 && byte < 0xf0) return 3;
  if (byte >= 0xf0 && byte < 0xf8) return 4;
  return 1;
}

inline bool IsCharacterStart(char byte) { return (byte & 0xc0) != 0x80; }

size_t CountCodePoints(std::string_view text);

// Byte offset of code point `index`; the size if there are not that many.
size_t ByteOffset(std::string_view text, int64_t index);

bool IsAscii(std::string_view text);

// The characters from last to first.
std::string ReverseCodePoints(std::string_view text);

// Well-formed text by code points, and back.
std::u32string ToCodePoints(std::string_view text);
std::string FromCodePoints(std::u32string_view points);
void AppendCodePoint(char32_t point, std::string* text);
// The code point of the character of `size` bytes at `bytes`.
char32_t DecodeCharacter(const char* bytes, size_t size);

bool IsValidUtf8(std::string_view bytes);

// As Java decodes: one U+FFFD for each longest part of a character that is broken off.
std::string ReplaceInvalidUtf8(std::string_view bytes);

}  // namespace castor::expr
