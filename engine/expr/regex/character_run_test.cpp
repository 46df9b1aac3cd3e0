#include "expr/regex/character_run.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "expr/regex/java_regex.h"

namespace castor::expr::regex {
namespace {

bool IsRun(std::string_view pattern) {
  const auto parsed = ParseJavaPattern(pattern);
  EXPECT_TRUE(parsed.ok()) << parsed.status().ToString();
  return CharacterRun::Of(*parsed).has_value();
}

std::string Matches(std::string_view pattern, std::string_view text) {
  const auto regex = JavaRegex::Compile(pattern);
  EXPECT_TRUE(regex.ok()) << regex.status().ToString();
  RegexMatcher matcher(*regex);
  std::string found;
  for (auto outcome = matcher.Find(text); outcome == RegexMatcher::Outcome::kMatch;
       outcome = matcher.FindNext(text)) {
    found += "<" + std::string(matcher.group(0).Of(text)) + ">";
  }
  return found;
}

// What an alternation of the pattern with itself, which is no run, finds by the engine.
TEST(CharacterRunTest, FindsWhatTheEngineFinds) {
  const std::vector<std::string> characters = {"a",  "e", "Z", "1",  "9",  " ",
                                               "\t", "é", "ü", "漢", "😀", "\n"};
  std::mt19937 random(1);
  for (const std::string pattern : {"[aeiou]", "[^0-9]", "[^0-9]+", "\\s+", "\\d", ".", "[é-ü]+",
                                    "[^a]++", "(?i)z", "[漢😀]"}) {
    EXPECT_TRUE(IsRun(pattern)) << pattern;
    for (int round = 0; round < 200; ++round) {
      std::string text;
      for (size_t i = random() % 30; i > 0; --i) text += characters[random() % characters.size()];
      EXPECT_EQ(Matches(pattern, text), Matches(pattern + "|" + pattern, text))
          << pattern << " in " << text;
    }
  }
}

std::string Replaced(std::string_view pattern, std::string_view text, std::string_view with) {
  const auto regex = JavaRegex::Compile(pattern);
  EXPECT_TRUE(regex.ok()) << regex.status().ToString();
  RegexMatcher matcher(*regex);
  std::string made;
  size_t copied = 0;
  for (auto outcome = matcher.Find(text); outcome == RegexMatcher::Outcome::kMatch;
       outcome = matcher.FindNext(text)) {
    made += text.substr(copied, matcher.group(0).begin - copied);
    made += with;
    copied = matcher.group(0).end;
  }
  return made + std::string(text.substr(copied));
}

TEST(CharacterRunTest, ReplacesWhatItFinds) {
  std::mt19937 random(2);
  for (const std::string pattern : {"[aeiou]", "[^0-9]", "[^0-9]+", "\\s+", ".", "[\\x00z]+"}) {
    const auto parsed = ParseJavaPattern(pattern);
    const CharacterRun run = *CharacterRun::Of(*parsed);
    for (int round = 0; round < 300; ++round) {
      std::string text;
      constexpr std::string_view kCharacters("ae1z \x00\x7f", 7);
      for (size_t i = random() % 130; i > 0; --i) text += kCharacters[random() % 7];
      const std::string with = std::string("<=======>").substr(0, random() % 9);
      std::string made(CharacterRun::RoomToReplace(text.size(), with.size()), '\0');
      made.resize(static_cast<size_t>(run.Replace(text, with, made.data()) - made.data()));
      EXPECT_EQ(made, Replaced(pattern, text, with)) << pattern << " in " << text;
    }
  }
}

TEST(CharacterRunTest, LeavesOtherPatternsToTheEngine) {
  for (const char* pattern :
       {"a|b", "(a)", "([ab])+", "[ab]+?", "[ab]{2,}", "[ab]*", "ab", "[^😀]"}) {
    EXPECT_FALSE(IsRun(pattern)) << pattern;
  }
}

}  // namespace
}  // namespace castor::expr::regex
