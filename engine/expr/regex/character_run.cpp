#include "expr/regex/character_run.h"

#include <bit>
#include <cstring>
#include <utility>

#include "expr/utf8.h"

#ifdef __AVX2__
#include <immintrin.h>
#endif

namespace castor::expr::regex {
namespace {

// Whether no half of a character can match where the whole character does not.
bool IsBlindToHalves(const CodePointSet& set) {
  const CodePointSet halves({{0xd800, 0xdfff}});
  if (set.Intersection(halves).empty()) return true;
  const CodePointSet supplementary({{0x10000, kMaxCodePoint}});
  return set.Complement().Intersection(supplementary).empty();
}

}  // namespace

CharacterRun::CharacterRun(CodePointSet set, bool repeats)
    : set_(std::move(set)), repeats_(repeats) {
  for (size_t c = 0; c < ascii_.size(); ++c) {
    ascii_[c] = set_.Contains(static_cast<char32_t>(c));
    const uint8_t bit = static_cast<uint8_t>(ascii_[c] ? 1 << (c >> 4) : 0);
    by_low_half_[c & 15] |= bit;
    by_low_half_[16 + (c & 15)] |= bit;
  }
}

std::optional<CharacterRun> CharacterRun::Of(const JavaPattern& pattern) {
  const PatternNode* node = pattern.root.get();
  while (node->kind == PatternKind::kSequence && node->children.size() == 1) {
    node = node->children[0].get();
  }
  const bool repeats = node->kind == PatternKind::kRepeat;
  if (repeats) {
    if (node->greed == Greed::kLazy || node->min != 1 || node->max != kNoMaximum) {
      return std::nullopt;
    }
    node = node->children[0].get();
  }
  if (node->kind != PatternKind::kSet || pattern.group_count > 0) return std::nullopt;
  if (!IsBlindToHalves(node->set)) return std::nullopt;
  return CharacterRun(node->set, repeats);
}

template <bool kWanted>
size_t CharacterRun::Skip(std::string_view text, size_t at) const {
  while (at < text.size()) {
    const auto first = static_cast<unsigned char>(text[at]);
    if (first < 0x80) {
      if (ascii_[first] == kWanted) return at;
      ++at;
    } else {
      const size_t size = CharacterBytes(text[at]);
      if (set_.Contains(DecodeCharacter(text.data() + at, size)) == kWanted) return at;
      at += size;
    }
  }
  return at;
}

uint32_t CharacterRun::Members(const char* begin) const {
#ifdef __AVX2__
  const __m256i bits = _mm256_setr_epi8(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2,
                                        4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0);
  const __m256i half = _mm256_set1_epi8(15);
  const __m256i text = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(begin));
  const __m256i table = _mm256_load_si256(reinterpret_cast<const __m256i*>(by_low_half_.data()));
  const __m256i high = _mm256_and_si256(_mm256_srli_epi16(text, 4), half);
  const __m256i member = _mm256_and_si256(_mm256_shuffle_epi8(table, _mm256_and_si256(text, half)),
                                          _mm256_shuffle_epi8(bits, high));
  const __m256i others = _mm256_cmpeq_epi8(member, _mm256_setzero_si256());
  return ~static_cast<uint32_t>(_mm256_movemask_epi8(others));
#else
  uint32_t members = 0;
  for (int i = 0; i < 32; ++i) {
    members |= uint32_t{ascii_[static_cast<unsigned char>(begin[i])]} << i;
  }
  return members;
#endif
}

char* CharacterRun::Replace(std::string_view text, std::string_view replacement,
                            char* target) const {
  char put_in[kLongestReplacement] = {};
  std::memcpy(put_in, replacement.data(), replacement.size());
  size_t kept = 0;  // the text from here on is to be copied
  bool in_run = false;
  // What stands before a match is copied with what follows it, which the next one overwrites.
  const auto copy = [&](size_t end) {
    const size_t size = end - kept;
    if (size <= kReplaceSlack && kept + kReplaceSlack <= text.size()) {
      std::memcpy(target, text.data() + kept, kReplaceSlack);
    } else {
      std::memcpy(target, text.data() + kept, size);
    }
    target += size;
  };
  for (size_t at = 0; at < text.size(); at += 32) {
    uint32_t members;
    if (at + 32 <= text.size()) {
      members = Members(text.data() + at);
    } else {
      char last[32] = {};
      std::memcpy(last, text.data() + at, text.size() - at);
      members = Members(last) & ((uint32_t{1} << (text.size() - at)) - 1);
    }
    for (; members != 0; members &= members - 1) {
      const size_t place = at + static_cast<size_t>(std::countr_zero(members));
      if (!(repeats_ && in_run && place == kept)) {
        copy(place);
        std::memcpy(target, put_in, sizeof(put_in));
        target += replacement.size();
      }
      in_run = true;
      kept = place + 1;
    }
  }
  copy(text.size());
  return target;
}

bool CharacterRun::Find(std::string_view text, size_t from, size_t* begin, size_t* end) const {
  *begin = Skip<true>(text, from);
  if (*begin == text.size()) return false;
  *end = repeats_ ? Skip<false>(text, *begin) : *begin + CharacterBytes(text[*begin]);
  return true;
}

}  // namespace castor::expr::regex
