// The short ways against the long ones; what Flink answers stands in test/golden.
#include "expr/decimal.h"

#include <gtest/gtest.h>

#include <random>

namespace castor::expr {
namespace {

class Decimals {
 public:
  // Of a random number of digits.
  int128_t Next(int max_digits) {
    int128_t value = 0;
    for (auto digits = random_() % static_cast<uint64_t>(max_digits) + 1; digits > 0; --digits) {
      value = value * 10 + static_cast<int128_t>(random_() % 10);
    }
    return random_() % 2 == 0 ? value : -value;
  }
  int Scale(int up_to) { return static_cast<int>(random_() % static_cast<uint64_t>(up_to + 1)); }

 private:
  std::mt19937_64 random_{1};
};

void ExpectSame(int128_t left, int128_t right, const DecimalShape& shape) {
  const auto quick = DivideDecimal(left, right, shape);
  const auto exact = decimal_internal::DivideWide(left, right, shape);
  EXPECT_EQ(quick.has_value(), exact.has_value());
  EXPECT_TRUE(quick == exact) << FormatDecimal(left, shape.left_scale) << " / "
                              << FormatDecimal(right, shape.right_scale);
}

TEST(DivideDecimalTest, TheShortWayIsTheLongOne) {
  Decimals decimals;
  for (int i = 0; i < 200'000; ++i) {
    const int128_t right = decimals.Next(38);
    if (right == 0) continue;
    const DecimalShape shape{decimals.Scale(18), decimals.Scale(18), 38, decimals.Scale(38)};
    ExpectSame(decimals.Next(38), right, shape);
  }
}

// Quotients next to ties, which rounding twice could take for one.
TEST(DivideDecimalTest, NextToTies) {
  Decimals decimals;
  for (int i = 0; i < 200'000; ++i) {
    const int128_t right = Magnitude(decimals.Next(18)) * 2 + 2;
    const int128_t quotient = Magnitude(decimals.Next(18));
    const int128_t tie = quotient * right + right / 2;
    const DecimalShape shape{0, 0, 38, 0};
    for (const int128_t left : {tie - 1, tie, tie + 1}) ExpectSame(left, right, shape);
  }
}

// Rounding to fewer digits is multiplication by one.
TEST(MultiplyDecimalTest, RoundsAsRescaleDoes) {
  Decimals decimals;
  for (int i = 0; i < 200'000; ++i) {
    const int128_t value = decimals.Next(38);
    const int scale = decimals.Scale(38), to = decimals.Scale(scale);
    const auto product = MultiplyDecimal(value, 1, {scale, 0, 38, to});
    EXPECT_TRUE(product == Rescale(value, scale, to, 38))
        << FormatDecimal(value, scale) << " " << to;
  }
}

}  // namespace
}  // namespace castor::expr
