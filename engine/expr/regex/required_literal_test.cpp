#include "expr/regex/required_literal.h"

#include <gtest/gtest.h>

namespace castor::expr::regex {
namespace {

constexpr size_t kUnbounded = RequiredLiteral::kUnbounded;

struct Case {
  const char* pattern;
  const char* text;
  size_t max_before;
};

TEST(RequiredLiteralTest, IsTheLongestRunOfCharactersThatEveryMatchHas) {
  const Case cases[] = {
      {"(&|^)channel_id=([^&]*)", "channel_id=", 1},
      {"abc", "abc", 0},
      {"^a{0,5}foo$", "foo", 5},
      {"x.*yz", "yz", kUnbounded},
      {"(ab)(?=z)cd", "abcd", 0},  // an assertion takes nothing
      {"ab?cde", "cde", 2},        // the repeated character is not certain
      {"\\w\\d{2}kg", "kg", 3},    // ASCII sets take a byte each
      {".grad", "grad", 4},        // any character up to four
      {"(\\w+)-\\1-end", "-end", kUnbounded},
      {"\u00e9t\u00e9", "\u00e9t\u00e9", 0},
      {"abc|abd", "", kUnbounded},
      {"(?i)abc", "", kUnbounded},
      {"a", "", kUnbounded},  // one byte is not worth it
      {"", "", kUnbounded},
  };
  for (const Case& each : cases) {
    const auto pattern = ParseJavaPattern(each.pattern);
    ASSERT_TRUE(pattern.ok()) << each.pattern;
    const RequiredLiteral literal = FindRequiredLiteral(*pattern);
    EXPECT_EQ(literal.text, each.text) << each.pattern;
    EXPECT_EQ(literal.max_before, each.max_before) << each.pattern;
  }
}

}  // namespace
}  // namespace castor::expr::regex
