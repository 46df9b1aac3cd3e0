// Sets of Unicode code points: what a character class of a pattern stands for.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace castor::expr::regex {

inline constexpr char32_t kMaxCodePoint = 0x10ffff;

class CodePointSet {
 public:
  struct Range {
    char32_t first;
    char32_t last;
  };

  CodePointSet() = default;
  explicit CodePointSet(std::vector<Range> ranges);
  static CodePointSet All() { return CodePointSet({{0, kMaxCodePoint}}); }
  static CodePointSet Of(std::u32string_view characters);

  // The characters that `pattern` of ICU names ("[:Lu:]"), as far as they were in the version of
  // Unicode that the pinned JDK knows. Empty when ICU does not know the pattern either.
  static CodePointSet OfUnicode(std::string_view pattern);

  CodePointSet Union(const CodePointSet& other) const;
  CodePointSet Intersection(const CodePointSet& other) const;
  CodePointSet Complement() const;
  // With both cases of each ASCII letter in it: CASE_INSENSITIVE without UNICODE_CASE.
  CodePointSet WithAsciiCases() const;

  bool Contains(char32_t point) const;
  bool empty() const { return ranges_.empty(); }
  // Ascending, neither overlapping nor adjacent.
  const std::vector<Range>& ranges() const { return ranges_; }

 private:
  std::vector<Range> ranges_;
};

}  // namespace castor::expr::regex
