#include "base/json_string.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

namespace castor {
namespace {

TEST(FindStringSpecialTest, AsOneByteAfterTheOther) {
  std::mt19937 random(1);
  const std::string special("\"\\\0\x1f\n", 5);
  for (int round = 0; round < 5'000; ++round) {
    std::string text(random() % 140, 'x');
    const unsigned rarity = 1 + random() % 60;
    for (char& c : text) {
      c = random() % rarity == 0
              ? special[random() % special.size()]
              : static_cast<char>(random() % 2 == 0 ? ' ' : 0x80 + random() % 128);
    }
    const size_t from = random() % (text.size() + 1);
    const size_t found = text.find_first_of(special, from);
    EXPECT_EQ(FindStringSpecial(text, from), std::min(found, text.size())) << text;
  }
}

TEST(JsonEscapedTest, TurnsBackWhatAppendJsonStringWrites) {
  for (const char c : std::string("\"\\\b\f\n\r\t")) {
    std::string out;
    AppendJsonString({&c, 1}, HexCase::kLower, &out);
    ASSERT_EQ(out.size(), 4U);
    EXPECT_EQ(JsonEscaped(out[2]), c);
  }
  EXPECT_EQ(JsonEscaped('/'), '/');
  for (const char c : std::string("uaxBN0'")) EXPECT_EQ(JsonEscaped(c), '\0');
}

TEST(AppendJsonStringTest, EscapesWhereverItMust) {
  std::string out = "x";
  AppendJsonString("", HexCase::kLower, &out);
  AppendJsonString("a\"\\\b\f\n\r\t\x1f/\xc3\xa9", HexCase::kUpper, &out);
  EXPECT_EQ(out, "x\"\"\"a\\\"\\\\\\b\\f\\n\\r\\t\\u001F/\xc3\xa9\"");
  for (size_t size = 1; size < 100; ++size) {
    for (size_t place = 0; place < size; ++place) {
      std::string text(size, 'a'), escaped(size, 'a');
      text[place] = '\x1b';
      escaped.replace(place, 1, "\\u001b");
      out.clear();
      AppendJsonString(text, HexCase::kLower, &out);
      EXPECT_EQ(out, '"' + escaped + '"');
    }
  }
}

}  // namespace
}  // namespace castor
