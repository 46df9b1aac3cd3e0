#include "expr/byte_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

namespace castor::expr {
namespace {

TEST(FindPartTest, AsOneByteAfterTheOther) {
  std::mt19937 random(1);
  for (size_t size = 0; size < 140; ++size) {
    for (int round = 0; round < 20; ++round) {
      std::string text(size, 'x');
      for (char& c : text) c = random() % 9 < static_cast<unsigned>(round) % 5 ? '/' : 'x';
      size_t index = 0, start = 0;
      for (size_t i = 0; i <= size; ++i) {
        if (i < size && text[i] != '/') continue;
        std::string_view part = "?";
        ASSERT_TRUE(FindPart(text, '/', index, &part)) << text << ", part " << index;
        EXPECT_EQ(part, std::string_view(text).substr(start, i - start)) << text;
        ++index;
        start = i + 1;
      }
      std::string_view part;
      EXPECT_FALSE(FindPart(text, '/', index, &part)) << text;
      EXPECT_FALSE(FindPart(text, '/', index + 40, &part)) << text;
    }
  }
}

TEST(FindBytesTest, AsTheStandardLibrary) {
  std::mt19937 random(1);
  for (int round = 0; round < 20'000; ++round) {
    std::string text(random() % 140, 'x');
    for (char& c : text) c = "abx"[random() % 3];
    std::string seek(random() % 6, 'x');
    for (char& c : seek) c = "abx"[random() % 3];
    const size_t from = random() % (text.size() + 1);
    EXPECT_EQ(FindBytes(text, seek, from), text.find(seek, from)) << text << ", " << seek;
  }
}

TEST(RemoveByteTest, KeepsAllOthers) {
  std::mt19937 random(1);
  for (int round = 0; round < 5'000; ++round) {
    std::string text(random() % 140, 'x');
    const unsigned rarity = 1 + random() % 40;
    for (char& c : text) c = random() % rarity == 0 ? 'c' : static_cast<char>('d' + random() % 20);
    std::string made(text.size() + kRemoveByteSlack, '?');
    made.resize(static_cast<size_t>(RemoveByte(text, 'c', made.data()) - made.data()));
    std::erase(text, 'c');
    EXPECT_EQ(made, text);
  }
}

}  // namespace
}  // namespace castor::expr
