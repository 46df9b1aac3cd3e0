// Patterns of LIKE: SqlLikeUtils.sqlToRegexLike.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace castor::expr {

class LikePattern {
 public:
  // `escape` is one character, or empty for none.
  static Result<LikePattern> Compile(std::string_view pattern, std::string_view escape);

  bool Matches(std::string_view text) const;

 private:
  // A literal run, one character, or any text.
  struct Part {
    enum class Kind : uint8_t { kLiteral, kOne, kAny } kind;
    std::string literal;
  };
  // What the whole pattern is, when one comparison or search settles it.
  enum class Shape : uint8_t { kEqual, kPrefix, kSuffix, kInfix, kGeneral };

  void FindShape();
  size_t NextStart(std::string_view text, size_t part, size_t at) const;
  bool MatchesParts(std::string_view text) const;

  std::vector<Part> parts_;
  Shape shape_ = Shape::kGeneral;
  std::string literal_;  // of the simple shapes
};

}  // namespace castor::expr
