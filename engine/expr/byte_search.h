// The n-th place of a byte in a text, a block of bytes at a time.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#ifdef __AVX2__
#include <immintrin.h>
#endif

namespace castor::expr {

// Where `byte` stands for the n-th time, from 0; npos if it does not stand there so often.
inline size_t FindNthByte(std::string_view text, char byte, size_t n) {
  size_t at = 0;
#ifdef __AVX2__
  const __m256i wanted = _mm256_set1_epi8(byte);
  for (; at + 32 <= text.size(); at += 32) {
    const __m256i block = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text.data() + at));
    auto places = static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(block, wanted)));
    const auto count = static_cast<size_t>(std::popcount(places));
    if (n < count) {
      for (; n > 0; --n) places &= places - 1;
      return at + static_cast<size_t>(std::countr_zero(places));
    }
    n -= count;
  }
#endif
  for (; at < text.size(); ++at) {
    if (text[at] == byte && n-- == 0) return at;
  }
  return std::string_view::npos;
}

}  // namespace castor::expr
