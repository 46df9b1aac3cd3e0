// Against long division of the same integers.
#include "expr/power_of_ten_division.h"

#include <gtest/gtest.h>

#include <random>

#include "expr/decimal.h"
#include "expr/wide_integer.h"

namespace castor::expr {
namespace {

uint128_t Random(std::mt19937_64& random) {
  const uint128_t bits = (static_cast<uint128_t>(random()) << 64) | random();
  return bits >> random() % 128;
}

WideInteger LongDivision(uint128_t a, uint128_t b, int digits) {
  WideInteger quotient = WideInteger::Multiply(a, b);
  quotient.DivideByPowerOfTenHalfUp(digits);
  return quotient;
}

void ExpectSame(uint128_t a, uint128_t b, int digits) {
  const auto quick = DivideByPowerOfTenHalfUp(MultiplyFull(a, b), digits);
  const WideInteger exact = LongDivision(a, b, digits);
  if (quick) {
    EXPECT_TRUE(exact.FitsUint128() && exact.ToUint128() == *quick) << digits;
  } else {
    EXPECT_TRUE(!exact.FitsUint128() || exact.ToUint128() >> 127 != 0) << digits;
  }
}

TEST(PowerOfTenDivisionTest, AnyProducts) {
  std::mt19937_64 random{1};
  for (int i = 0; i < 300'000; ++i) {
    ExpectSame(Random(random), Random(random), 1 + static_cast<int>(random() % kMaxDivisionDigits));
  }
}

// Multiples of the divisor, ties, and what is next to them, of small and of the largest quotients.
TEST(PowerOfTenDivisionTest, NextToMultiplesAndTies) {
  std::mt19937_64 random{2};
  for (int digits = 1; digits <= kMaxDivisionDigits; ++digits) {
    const auto divisor = static_cast<uint128_t>(PowerOfTen(digits));
    for (int i = 0; i < 1000; ++i) {
      const uint128_t quotient = Random(random) >> 1;
      ExpectSame(quotient, divisor, digits);
      ExpectSame(2 * quotient + 1, divisor / 2, digits);
      ExpectSame(quotient, divisor + 1, digits);
      ExpectSame(quotient, divisor - 1, digits);
    }
  }
}

TEST(PowerOfTenDivisionTest, NothingBeyond127Bits) {
  const uint128_t most = ~uint128_t{0};
  EXPECT_FALSE(DivideByPowerOfTenHalfUp(MultiplyFull(most, most), 1));
  EXPECT_FALSE(DivideByPowerOfTenHalfUp(MultiplyFull(most, most), kMaxDivisionDigits));
}

}  // namespace
}  // namespace castor::expr
