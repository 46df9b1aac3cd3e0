// Text as a string in JSON. Pure functions.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#ifdef __AVX2__
#include <immintrin.h>
#endif

namespace castor {

enum class HexCase : uint8_t { kLower, kUpper };

// Appends `text` in quotes, escaping only '"', '\\' and control characters. Jackson writes the
// digits of other control characters' escapes in upper case, row text in lower case.
void AppendJsonString(std::string_view text, HexCase hex_case, std::string* out);

// What a backslash before `what` makes of it; 0 if that is no escape, or one with digits.
inline char JsonEscaped(char what) {
  switch (what) {
    case '"':
    case '\\':
    case '/':
      return what;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return '\0';
  }
}

// Where the first quote, backslash or control character stands at or after `from`: what ends a
// plain stretch of a JSON string. The size of the text if nowhere.
inline size_t FindStringSpecial(std::string_view text, size_t from) {
  size_t at = from;
#ifdef __AVX2__
  const __m256i quote = _mm256_set1_epi8('"');
  const __m256i backslash = _mm256_set1_epi8('\\');
  const __m256i last_control = _mm256_set1_epi8(0x1f);
  for (; at + 32 <= text.size(); at += 32) {
    const __m256i block = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text.data() + at));
    const __m256i control = _mm256_cmpeq_epi8(_mm256_min_epu8(block, last_control), block);
    const __m256i special = _mm256_or_si256(
        control,
        _mm256_or_si256(_mm256_cmpeq_epi8(block, quote), _mm256_cmpeq_epi8(block, backslash)));
    const auto places = static_cast<uint32_t>(_mm256_movemask_epi8(special));
    if (places != 0) return at + static_cast<size_t>(std::countr_zero(places));
  }
#endif
  constexpr uint64_t kOnes = 0x0101010101010101;
  constexpr uint64_t kHighs = 0x8080808080808080;
  for (; at + sizeof(uint64_t) <= text.size(); at += sizeof(uint64_t)) {
    uint64_t word;
    std::memcpy(&word, text.data() + at, sizeof(word));
    // The high bit of each byte below `bound`, and of some behind such a one.
    const auto below = [](uint64_t bytes, uint64_t bound) {
      return (bytes - kOnes * bound) & ~bytes & kHighs;
    };
    const uint64_t special =
        below(word, ' ') | below(word ^ (kOnes * '"'), 1) | below(word ^ (kOnes * '\\'), 1);
    if (special != 0) return at + static_cast<size_t>(std::countr_zero(special) / 8);
  }
  const auto is_special = [](char c) {
    return c == '"' || c == '\\' || static_cast<unsigned char>(c) < ' ';
  };
  while (at < text.size() && !is_special(text[at])) ++at;
  return at;
}

}  // namespace castor
