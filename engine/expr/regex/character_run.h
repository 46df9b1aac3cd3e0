// Patterns that are one set of characters ("[aeiou]", "[^0-9]") or a run of them ("\s+", greedy): a
// match is found by looking at each character once, without an engine.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "expr/regex/java_pattern.h"

namespace castor::expr::regex {

// Immutable, thread-safe.
class CharacterRun {
 public:
  // Nothing where the pattern is another one, or where Java would look between the halves of a
  // character beyond U+FFFF.
  static std::optional<CharacterRun> Of(const JavaPattern& pattern);

  // The first match that starts at or after `from`, a boundary of characters; false: there is none.
  // `text` is well-formed.
  bool Find(std::string_view text, size_t from, size_t* begin, size_t* end) const;

  // The longest text that Replace puts in, and how far it may write behind what it keeps.
  static constexpr size_t kLongestReplacement = 8;
  static constexpr size_t kReplaceSlack = 32;
  static size_t RoomToReplace(size_t text, size_t replacement) {
    return text * (replacement > 1 ? replacement : 1) + kReplaceSlack;
  }

  // Writes `text`, which is ASCII, with `replacement` in place of every match to `target`, which
  // has RoomToReplace; returns the end.
  char* Replace(std::string_view text, std::string_view replacement, char* target) const;

 private:
  CharacterRun(CodePointSet set, bool repeats);
  // The first character at or after `at` that is in the set, or (`kWanted` false) is not; the size
  // of the text if there is none.
  template <bool kWanted>
  size_t Skip(std::string_view text, size_t at) const;

  // Which of the 32 characters from `begin` on are in the set, a bit each; they are ASCII.
  uint32_t Members(const char* begin) const;

  CodePointSet set_;
  std::array<bool, 128> ascii_{};
  // By the low half of a character, a bit for each high half with which it is in the set; twice.
  alignas(32) std::array<uint8_t, 32> by_low_half_{};
  bool repeats_ = false;
};

}  // namespace castor::expr::regex
