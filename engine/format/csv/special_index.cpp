#include "format/csv/special_index.h"

#ifdef __AVX2__
#include <immintrin.h>
#endif

namespace castor::format::csv {
namespace {

// Bit i: whether text[i] is one of the bytes. Reads 64 bytes.
#ifdef __AVX2__
uint64_t Match64(const char* text, const char (&bytes)[SpecialIndex::kMaxBytes]) {
  uint64_t result = 0;
  for (int half = 0; half < 2; ++half) {
    const __m256i block = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + half * 32));
    __m256i hits = _mm256_cmpeq_epi8(block, _mm256_set1_epi8(bytes[0]));
    for (int i = 1; i < SpecialIndex::kMaxBytes; ++i) {
      hits = _mm256_or_si256(hits, _mm256_cmpeq_epi8(block, _mm256_set1_epi8(bytes[i])));
    }
    const auto mask = static_cast<uint32_t>(_mm256_movemask_epi8(hits));
    result |= static_cast<uint64_t>(mask) << (half * 32);
  }
  return result;
}
#else
uint64_t Match64(const char* text, const char (&bytes)[SpecialIndex::kMaxBytes]) {
  uint64_t result = 0;
  for (int i = 0; i < 64; ++i) {
    bool hit = false;
    for (char byte : bytes) hit |= text[i] == byte;
    result |= static_cast<uint64_t>(hit) << i;
  }
  return result;
}
#endif

}  // namespace

SpecialIndex::SpecialIndex(std::string_view bytes) {
  for (size_t i = 0; i < kMaxBytes; ++i) bytes_[i] = i < bytes.size() ? bytes[i] : bytes[0];
}

void SpecialIndex::Build(std::string_view text) {
  // Room for a position per byte, and for those written in excess of the last group.
  if (positions_.size() < text.size() + 64) positions_.resize(text.size() * 2 + 64);
  uint32_t* next = positions_.data();
  for (size_t at = 0; at < text.size(); at += 64) {
    uint64_t mask = Match64(text.data() + at, bytes_);
    if (text.size() - at < 64) mask &= (uint64_t{1} << (text.size() - at)) - 1;
    while (mask != 0) {
      *next++ = static_cast<uint32_t>(at) + static_cast<uint32_t>(__builtin_ctzll(mask));
      mask &= mask - 1;
    }
  }
  next[0] = next[1] = static_cast<uint32_t>(text.size());
}

}  // namespace castor::format::csv
