#include "expr/regex/character_run.h"

#include <utility>

#include "expr/utf8.h"

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
  for (size_t c = 0; c < ascii_.size(); ++c) ascii_[c] = set_.Contains(static_cast<char32_t>(c));
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

bool CharacterRun::Find(std::string_view text, size_t from, size_t* begin, size_t* end) const {
  *begin = Skip<true>(text, from);
  if (*begin == text.size()) return false;
  *end = repeats_ ? Skip<false>(text, *begin) : *begin + CharacterBytes(text[*begin]);
  return true;
}

}  // namespace castor::expr::regex
