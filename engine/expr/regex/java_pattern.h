// Patterns of java.util.regex (JDK 17), parsed: what they mean, free of how they were written.
// Flags are resolved while parsing, so that a set of characters is a plain set of code points.
//
// Not represented, and refused as kUnsupported: \G, \X, \N{...}, \b{g}, blocks (\p{InGreek}),
// \p{java...}, and the flags UNICODE_CASE and UNICODE_CHARACTER_CLASS. What Java itself does not
// take is kInvalidArgument.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "expr/regex/code_points.h"

namespace castor::expr::regex {

struct PatternNode;
using PatternNodePtr = std::unique_ptr<PatternNode>;

enum class PatternKind : uint8_t {
  kSet,            // one character of `set`
  kSequence,       // `children` one after the other; none: matches nothing, always
  kAlternation,    // the first of `children` that leads to a match
  kRepeat,         // the only child, `min` to `max` times
  kGroup,          // the only child, captured as `number`
  kAtomic,         // the only child, its first match only
  kLookAhead,      // whether the only child matches here, or (negated) does not
  kLookBehind,     // whether it matches what ends here
  kBackReference,  // what group `number` holds; no match while it holds nothing
  kNever,
  kTextStart,
  kTextEnd,
  kTextEndLine,      // at the end, or before the last line terminator there
  kTextEndUnixLine,  // the same with \n as the only terminator
  kLineStart,
  kLineEnd,
  kUnixLineStart,
  kUnixLineEnd,
  kWordBoundary,
  kNoWordBoundary,
  kLineBreak,  // \R
};

enum class Greed : uint8_t { kGreedy, kLazy, kPossessive };

inline constexpr int32_t kNoMaximum = INT32_MAX;

struct PatternNode {
  explicit PatternNode(PatternKind of_kind) : kind(of_kind) {}

  PatternKind kind;
  bool negated = false;
  Greed greed = Greed::kGreedy;
  int32_t number = 0;
  int32_t min = 0;
  int32_t max = 0;
  CodePointSet set;
  std::vector<PatternNodePtr> children;
};

struct JavaPattern {
  PatternNodePtr root;
  int32_t group_count = 0;
  // Java steps over characters beyond U+FFFF as one when it looks for a match (else over halves).
  bool by_code_points = false;
};

Result<JavaPattern> ParseJavaPattern(std::string_view pattern);

}  // namespace castor::expr::regex
