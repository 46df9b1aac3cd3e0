#include "expr/regex/code_points.h"

#include <unicode/unistr.h>
#include <unicode/uset.h>

#include <algorithm>
#include <string>

namespace castor::expr::regex {
namespace {

// What JDK 17 implements.
constexpr std::string_view kUnicodeOfJdk = "[:age=13.0:]";

std::vector<CodePointSet::Range> ReadIcu(std::string_view pattern) {
  UErrorCode error = U_ZERO_ERROR;
  const std::u16string text(pattern.begin(), pattern.end());
  USet* set = uset_openPattern(text.data(), static_cast<int32_t>(text.size()), &error);
  if (U_FAILURE(error)) return {};
  std::vector<CodePointSet::Range> ranges;
  for (int32_t i = 0; i < uset_getItemCount(set); ++i) {
    UChar32 first = 0, last = 0;
    UErrorCode item_error = U_ZERO_ERROR;
    if (uset_getItem(set, i, &first, &last, nullptr, 0, &item_error) != 0) continue;
    ranges.push_back({static_cast<char32_t>(first), static_cast<char32_t>(last)});
  }
  uset_close(set);
  return ranges;
}

}  // namespace

CodePointSet::CodePointSet(std::vector<Range> ranges) {
  std::ranges::sort(ranges, {}, &Range::first);
  for (const Range& range : ranges) {
    if (!ranges_.empty() && range.first <= ranges_.back().last + 1) {
      ranges_.back().last = std::max(ranges_.back().last, range.last);
    } else {
      ranges_.push_back(range);
    }
  }
}

CodePointSet CodePointSet::Of(std::u32string_view characters) {
  std::vector<Range> ranges;
  for (const char32_t c : characters) ranges.push_back({c, c});
  return CodePointSet(std::move(ranges));
}

CodePointSet CodePointSet::OfUnicode(std::string_view pattern) {
  static const CodePointSet known(ReadIcu(kUnicodeOfJdk));
  return CodePointSet(ReadIcu(pattern)).Intersection(known);
}

CodePointSet CodePointSet::Union(const CodePointSet& other) const {
  std::vector<Range> ranges = ranges_;
  ranges.insert(ranges.end(), other.ranges_.begin(), other.ranges_.end());
  return CodePointSet(std::move(ranges));
}

CodePointSet CodePointSet::Complement() const {
  std::vector<Range> gaps;
  char32_t next = 0;
  for (const Range& range : ranges_) {
    if (range.first > next) gaps.push_back({next, range.first - 1});
    next = range.last + 1;
  }
  if (next <= kMaxCodePoint) gaps.push_back({next, kMaxCodePoint});
  return CodePointSet(std::move(gaps));
}

CodePointSet CodePointSet::Intersection(const CodePointSet& other) const {
  return Complement().Union(other.Complement()).Complement();
}

CodePointSet CodePointSet::WithAsciiCases() const {
  std::vector<Range> ranges = ranges_;
  for (char32_t lower = 'a'; lower <= 'z'; ++lower) {
    const char32_t upper = lower - 32;
    if (Contains(lower)) ranges.push_back({upper, upper});
    if (Contains(upper)) ranges.push_back({lower, lower});
  }
  return CodePointSet(std::move(ranges));
}

bool CodePointSet::Contains(char32_t point) const {
  const auto after = std::ranges::upper_bound(ranges_, point, {}, &Range::first);
  return after != ranges_.begin() && std::prev(after)->last >= point;
}

}  // namespace castor::expr::regex
