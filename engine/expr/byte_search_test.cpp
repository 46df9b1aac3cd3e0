#include "expr/byte_search.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace castor::expr {
namespace {

TEST(FindNthByteTest, AsOneByteAfterTheOther) {
  std::mt19937 random(1);
  for (size_t size = 0; size < 140; ++size) {
    std::string text(size, 'x');
    for (char& c : text) c = random() % 4 == 0 ? '/' : 'x';
    size_t n = 0;
    for (size_t i = 0; i < size; ++i) {
      if (text[i] != '/') continue;
      EXPECT_EQ(FindNthByte(text, '/', n++), i) << text;
    }
    EXPECT_EQ(FindNthByte(text, '/', n), std::string_view::npos) << text;
  }
}

}  // namespace
}  // namespace castor::expr
