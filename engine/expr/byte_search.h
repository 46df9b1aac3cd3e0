// Places of bytes in a text, and texts without some, a block of bytes at a time.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#ifdef __AVX2__
#include <immintrin.h>
#endif

namespace castor::expr {

// Part number `index`, from 0, of a text in parts between `separator`s; false if it has fewer. The
// part refers to the text.
inline bool FindPart(std::string_view text, char separator, size_t index, std::string_view* part) {
  size_t start = 0;
  size_t at = 0;
#ifdef __AVX2__
  const __m256i wanted = _mm256_set1_epi8(separator);
  for (size_t seen = 0; at + seen < text.size() && text.size() >= 32; at += 32) {
    if (at + 32 > text.size()) {  // the last block overlaps the one before
      seen = at + 32 - text.size();
      at -= seen;
    }
    const __m256i block = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text.data() + at));
    auto places = static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(block, wanted)));
    places &= ~uint32_t{0} << seen;
    if (index > 0) {
      const auto count = static_cast<size_t>(std::popcount(places));
      if (count < index) {
        index -= count;
        continue;
      }
      const int place = std::countr_zero(_pdep_u32(uint32_t{1} << (index - 1), places));
      start = at + static_cast<size_t>(place) + 1;
      places &= ~uint32_t{0} << 1 << place;
      index = 0;
    }
    if (places != 0) {
      *part = text.substr(start, at + static_cast<size_t>(std::countr_zero(places)) - start);
      return true;
    }
  }
#endif
  for (; at < text.size(); ++at) {
    if (text[at] != separator) continue;
    if (index == 0) break;
    if (--index == 0) start = at + 1;
  }
  if (index > 0) return false;
  *part = text.substr(start, std::min(at, text.size()) - start);
  return true;
}

// Where `seek` stands first at or after `from`; npos if nowhere.
inline size_t FindBytes(std::string_view text, std::string_view seek, size_t from = 0) {
  size_t at = from;
#ifdef __AVX2__
  // Places where both the first and the last byte fit are few enough to compare one by one.
  constexpr size_t kBlock = 32;
  const size_t size = seek.size();
  if (size > 0 && from + kBlock + size - 1 <= text.size()) {
    const auto load = [&](size_t i) {
      return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text.data() + i));
    };
    const __m256i first = _mm256_set1_epi8(seek.front());
    const __m256i last = _mm256_set1_epi8(seek.back());
    const size_t last_block = text.size() - kBlock - size + 1;
    for (;; at = at + kBlock < last_block ? at + kBlock : last_block) {
      const __m256i both = _mm256_and_si256(_mm256_cmpeq_epi8(load(at), first),
                                            _mm256_cmpeq_epi8(load(at + size - 1), last));
      auto places = static_cast<uint32_t>(_mm256_movemask_epi8(both));
      for (; places != 0; places &= places - 1) {
        const size_t place = at + static_cast<size_t>(std::countr_zero(places));
        if (std::memcmp(text.data() + place, seek.data(), size) == 0) return place;
      }
      if (at == last_block) return std::string_view::npos;
    }
  }
#endif
  return text.find(seek, at);
}

// How far RemoveByte may write behind what it keeps.
inline constexpr size_t kRemoveByteSlack = 32;

// Copies all of `text` but `byte` to `target`, which has room for the text and the slack; returns
// the end.
inline char* RemoveByte(std::string_view text, char byte, char* target) {
  size_t at = 0;
#ifdef __AVX2__
  const __m256i unwanted = _mm256_set1_epi8(byte);
  // A run is copied with what follows it, which the next one overwrites; not so at the end of the
  // text.
  const auto copy = [&](size_t from, size_t to) {
    if (from + 32 <= text.size()) {
      std::memcpy(target, text.data() + from, 32);
    } else {
      std::memcpy(target, text.data() + from, to - from);
    }
    target += to - from;
  };
  for (; at + 32 <= text.size(); at += 32) {
    const __m256i block = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text.data() + at));
    auto places = static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(block, unwanted)));
    size_t from = at;
    for (; places != 0; places &= places - 1) {
      const size_t place = at + static_cast<size_t>(std::countr_zero(places));
      copy(from, place);
      from = place + 1;
    }
    copy(from, at + 32);
  }
#endif
  for (; at < text.size(); ++at) {
    *target = text[at];
    target += text[at] != byte;
  }
  return target;
}

}  // namespace castor::expr
