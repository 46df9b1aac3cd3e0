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

}  // namespace castor::expr
