#include "expr/json/big_decimal.h"

#include <gtest/gtest.h>

#include <string>

namespace castor::expr::json {
namespace {

TEST(BigDecimalTest, OrdersNumbersOfAnyLengthAndForm) {
  const std::string ascending[] = {
      "-1e100", "-10", "-9.5", "-1e-400", "0", "1e-400",
      "0.09",   "0.1", "1",    "1.5",     "9", "12345678901234567890123456789012345678901",
      "1e41"};
  for (size_t i = 0; i < std::size(ascending); ++i) {
    for (size_t j = 0; j < std::size(ascending); ++j) {
      const int expected = i < j ? -1 : i > j;
      EXPECT_EQ(CompareBigDecimals(ascending[i], ascending[j]), expected)
          << ascending[i] << " and " << ascending[j];
    }
  }
}

TEST(BigDecimalTest, ScaleAndSignOfZeroDoNotCount) {
  EXPECT_EQ(CompareBigDecimals("1.0", "1"), 0);
  EXPECT_EQ(CompareBigDecimals("100", "1E+2"), 0);
  EXPECT_EQ(CompareBigDecimals("0.001", "10e-4"), 0);
  EXPECT_EQ(CompareBigDecimals("-0.0", "0e7"), 0);
}

TEST(BigDecimalTest, TellsWhatIsANumber) {
  for (const char* text : {"1", "-1.", ".5", "+1e+5", "1E-10", "00"}) {
    EXPECT_TRUE(IsBigDecimal(text)) << text;
  }
  for (const char* text : {"", "-", ".", "1e", "e5", "1 ", " 1", "1.2.3", "0x1", "abc"}) {
    EXPECT_FALSE(IsBigDecimal(text)) << text;
  }
}

}  // namespace
}  // namespace castor::expr::json
