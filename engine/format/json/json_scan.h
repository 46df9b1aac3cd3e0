// Inner loops of reading JSON: where a string ends, and plain whole numbers.
//
// All read text that holds a line end at `at` or behind it, which no record goes beyond, and
// kBlockPadding readable bytes behind that. Pure functions, inline.
#pragma once

#include <cstdint>

#include "format/api/digits.h"

#ifdef __AVX2__
#include <immintrin.h>
#endif

namespace castor::format::json {

// The first quote, backslash or line end.
inline const char* FindStringStop(const char* at) {
#ifdef __AVX2__
  const __m256i quote = _mm256_set1_epi8('"');
  const __m256i backslash = _mm256_set1_epi8('\\');
  const __m256i line_end = _mm256_set1_epi8('\n');
  while (true) {
    const __m256i block = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
    const __m256i stops = _mm256_or_si256(
        _mm256_cmpeq_epi8(block, line_end),
        _mm256_or_si256(_mm256_cmpeq_epi8(block, quote), _mm256_cmpeq_epi8(block, backslash)));
    const auto places = static_cast<uint32_t>(_mm256_movemask_epi8(stops));
    if (places != 0) return at + std::countr_zero(places);
    at += sizeof(block);
  }
#else
  while (*at != '"' && *at != '\\' && *at != '\n') ++at;
  return at;
#endif
}

// The quote that closes the string whose text begins at `body`; null: the line ends before. Says
// whether there are escapes, which are not checked.
inline const char* FindClosingQuote(const char* body, bool* escaped) {
  const char* at = FindStringStop(body);
  *escaped = *at == '\\';
  while (*at == '\\') {
    if (at[1] == '\n') return nullptr;
    at = FindStringStop(at + 2);
  }
  return *at == '"' ? at : nullptr;
}

// How far copying by vectors may read and write behind what is copied.
inline constexpr size_t kCopySlack = 32;

// Copies the text of a string up to the first quote or backslash; returns where it stands, and
// moves the target.
inline const char* CopyStretch(const char* at, char** target) {
#ifdef __AVX2__
  const __m256i quote = _mm256_set1_epi8('"');
  const __m256i backslash = _mm256_set1_epi8('\\');
  while (true) {
    const __m256i block = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(*target), block);
    const auto places = static_cast<uint32_t>(_mm256_movemask_epi8(
        _mm256_or_si256(_mm256_cmpeq_epi8(block, quote), _mm256_cmpeq_epi8(block, backslash))));
    const int size = places == 0 ? static_cast<int>(sizeof(block)) : std::countr_zero(places);
    at += size;
    *target += size;
    if (places != 0) return at;
  }
#else
  while (*at != '"' && *at != '\\') *(*target)++ = *at++;
  return at;
#endif
}

// Reads a JSON number without fraction or exponent of up to 16 digits; returns where it ends, or
// null if what stands there is something else.
inline const char* ScanInteger(const char* at, int64_t* value) {
  constexpr uint64_t kPowers[] = {1,       10,        100,        1'000,      10'000,
                                  100'000, 1'000'000, 10'000'000, 100'000'000};
  const bool negative = *at == '-';
  at += negative;
  uint64_t digits = LoadDigits(at);
  int count = CountDigits(digits);
  if (count == 0 || (*at == '0' && count > 1)) return nullptr;
  uint64_t magnitude = DigitsValue(digits, count);
  at += count;
  if (count == 8) {
    digits = LoadDigits(at);
    count = CountDigits(digits);
    if (count > 0) {
      magnitude = magnitude * kPowers[count] + DigitsValue(digits, count);
      at += count;
      if (count == 8 && *at >= '0' && *at <= '9') return nullptr;
    }
  }
  if (*at == '.' || (*at | 0x20) == 'e') return nullptr;
  *value = static_cast<int64_t>(negative ? 0 - magnitude : magnitude);
  return at;
}

}  // namespace castor::format::json
