// A text that every match of a pattern has in it, to be searched for before the pattern is tried:
// most subjects that hold no match lack it, and a match starts not far before it.
#pragma once

#include <cstddef>
#include <string>

#include "expr/regex/java_pattern.h"

namespace castor::expr::regex {

struct RequiredLiteral {
  static constexpr size_t kUnbounded = static_cast<size_t>(-1);

  std::string text;                // empty: there is none worth a search
  size_t max_before = kUnbounded;  // bytes of a match that stand before it at most
};

// The longest one.
RequiredLiteral FindRequiredLiteral(const JavaPattern& pattern);

}  // namespace castor::expr::regex
