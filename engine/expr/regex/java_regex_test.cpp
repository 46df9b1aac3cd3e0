// What test/golden cannot ask Flink: what is refused, and who answers when.
#include "expr/regex/java_regex.h"

#include <gtest/gtest.h>

#include "expr/regex/pattern_writer.h"
#include "expr/regex/similar_pattern.h"

namespace castor::expr::regex {
namespace {

StatusCode CodeOf(std::string_view pattern) { return JavaRegex::Compile(pattern).status().code(); }

RegexMatcher MatcherOf(std::string_view pattern) {
  auto regex = JavaRegex::Compile(pattern);
  EXPECT_TRUE(regex.ok()) << regex.status().ToString();
  return RegexMatcher(*regex);
}

TEST(JavaRegexTest, RefusesByNameWhatItCannotRun) {
  for (const char* pattern :
       {"\\Ga", "\\X", "\\N{DIGIT ONE}", "\\b{g}", "\\p{InGreek}", "\\p{javaLowerCase}",
        "\\p{script=Greek}", "(?u)a", "(?U)a", "(?i)(a)\\1", "(?<=a{1,3})b", "a{70000}"}) {
    const auto regex = JavaRegex::Compile(pattern);
    EXPECT_EQ(regex.status().code(), StatusCode::kUnsupported) << pattern;
    EXPECT_NE(regex.status().message().find(pattern), std::string::npos) << pattern;
  }
}

TEST(JavaRegexTest, TellsWhatJavaDoesNotTake) {
  for (const char* pattern : {"(",
                              "a)",
                              "[a",
                              "*",
                              "a**",
                              "a{2",
                              "a{2,1}",
                              "[b-a]",
                              "\\",
                              "\\q",
                              "\\k<x>",
                              "(?<1>a)",
                              "(?<x>a)(?<x>b)",
                              "\\p{Nope}",
                              "\\p{",
                              "\\x6",
                              "\\08",
                              "\\u12",
                              "(?z)",
                              "[\\b]"}) {
    EXPECT_EQ(CodeOf(pattern), StatusCode::kInvalidArgument) << pattern;
  }
}

TEST(JavaRegexTest, FindsOneMatchAfterTheOther) {
  RegexMatcher matcher = MatcherOf("a*");
  const std::string_view text = "baac";
  std::vector<std::pair<size_t, size_t>> found;
  for (auto outcome = matcher.Find(text); outcome == RegexMatcher::Outcome::kMatch;
       outcome = matcher.FindNext(text)) {
    found.emplace_back(matcher.group(0).begin, matcher.group(0).end);
  }
  const std::vector<std::pair<size_t, size_t>> expected{{0, 0}, {1, 3}, {3, 3}, {4, 4}};
  EXPECT_EQ(found, expected);
}

TEST(JavaRegexTest, KeepsGroupsApart) {
  RegexMatcher matcher = MatcherOf("(x)?(b)(c)?");
  ASSERT_EQ(matcher.Find("abc"), RegexMatcher::Outcome::kMatch);
  EXPECT_EQ(matcher.group_count(), 3);
  EXPECT_FALSE(matcher.group(1).any());
  EXPECT_EQ(matcher.group(2).Of("abc"), "b");
  EXPECT_EQ(matcher.group(3).Of("abc"), "c");
}

// Exponential for who only backtracks.
TEST(JavaRegexTest, AnswersInLinearTimeWhereRe2Can) {
  RegexMatcher matcher = MatcherOf("(a+)+b");
  EXPECT_EQ(matcher.Find(std::string(5000, 'a')), RegexMatcher::Outcome::kNone);
  EXPECT_EQ(matcher.Find(std::string(5000, 'a') + "b"), RegexMatcher::Outcome::kMatch);
}

TEST(JavaRegexTest, GivesUpWithAnErrorWhereRe2Cannot) {
  RegexMatcher matcher = MatcherOf("(a+)+(?=b)a");
  const std::string text(5000, 'a');
  ASSERT_EQ(matcher.Find(text), RegexMatcher::Outcome::kError);
  EXPECT_NE(matcher.error(text).find("too many steps"), std::string::npos);
}

TEST(JavaRegexTest, DoesNotLookIntoCharacters) {
  RegexMatcher matcher = MatcherOf("x*");
  const std::string_view text = "\xf0\x9f\x98\x80";
  ASSERT_EQ(matcher.Find(text), RegexMatcher::Outcome::kMatch);
  EXPECT_EQ(matcher.FindNext(text), RegexMatcher::Outcome::kError);
}

TEST(PatternWriterTest, Re2SaysOnlyWhatMeansTheSame) {
  const auto sayable = [](std::string_view pattern) {
    auto parsed = ParseJavaPattern(pattern);
    return parsed.ok() && WriteForRe2(*parsed).has_value();
  };
  for (const char* pattern : {"a|b*", "(a)(?:b)?c+?", "^a$", "\\bword\\b", "[^x-z&&[^y]]{2,3}"}) {
    EXPECT_TRUE(sayable(pattern)) << pattern;
  }
  for (const char* pattern :
       {"(a)\\1", "a(?=b)", "(?<=b)a", "a++", "(?>a)", "(a*)*", "(|a)+", "(?m)^a", "a{2000}"}) {
    EXPECT_FALSE(sayable(pattern)) << pattern;
  }
}

TEST(SimilarPatternTest, BecomesJavas) {
  EXPECT_EQ(*SimilarToJava("a%b_c"), "a(?s:.*)b.c");
  EXPECT_EQ(*SimilarToJava("a$b\\"), "a\\$b\\\\");
  EXPECT_EQ(*SimilarToJava("[[:ALPHA:]-x]+"), "[\\p{Alpha}-x]+");
  EXPECT_EQ(*SimilarToJava("a!%", "!"), "a%");
  EXPECT_FALSE(SimilarToJava("a]").ok());
  EXPECT_FALSE(SimilarToJava("[a").ok());
  EXPECT_FALSE(SimilarToJava("a", "!!").ok());
}

}  // namespace
}  // namespace castor::expr::regex
