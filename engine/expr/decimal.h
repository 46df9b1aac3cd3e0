// DECIMAL arithmetic on unscaled 128-bit integers, with the results of Flink's DecimalDataUtils:
// computed exactly (in java.math.BigDecimal there, in up to 256 bits here), rounded HALF_UP to the
// result's scale, and no value where the result has more digits than its precision. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "column/logical_type.h"

namespace castor::expr {

__extension__ using uint128_t = unsigned __int128;

inline constexpr int kMaxDecimalPrecision = 38;

namespace decimal_internal {
struct PowersOfTen {
  int128_t value[kMaxDecimalPrecision + 1];
  constexpr PowersOfTen() : value{} {
    value[0] = 1;
    for (int i = 1; i <= kMaxDecimalPrecision; ++i) value[i] = value[i - 1] * 10;
  }
};
inline constexpr PowersOfTen kPowers;
}  // namespace decimal_internal

// 10^exponent for 0 <= exponent <= 38.
inline int128_t PowerOfTen(int exponent) { return decimal_internal::kPowers.value[exponent]; }

inline uint128_t Magnitude(int128_t value) {
  return value < 0 ? -static_cast<uint128_t>(value) : static_cast<uint128_t>(value);
}

inline bool FitsPrecision(int128_t unscaled, int precision) {
  const int128_t limit = PowerOfTen(precision);
  return unscaled < limit && unscaled > -limit;
}

// Decimal digits of the magnitude; 0 has one.
int CountDigits(int128_t unscaled);

// unscaled / 10^digits, HALF_UP (ties away from zero); digits may exceed 38, giving 0.
int128_t DivideByPowerOfTen(int128_t unscaled, int digits);

// `unscaled` of scale `from` at scale `to`; nothing if it then has more than `precision` digits.
std::optional<int128_t> Rescale(int128_t unscaled, int from, int to, int precision);

// Precision and scale of operands and result; the functions below take unscaled values.
struct DecimalShape {
  int left_scale;
  int right_scale;
  int precision;  // of the result
  int scale;
};

std::optional<int128_t> AddDecimal(int128_t left, int128_t right, const DecimalShape& shape);
std::optional<int128_t> SubtractDecimal(int128_t left, int128_t right, const DecimalShape& shape);
std::optional<int128_t> MultiplyDecimal(int128_t left, int128_t right, const DecimalShape& shape);
// `right` is not 0. Rounded to 38 significant digits first, then to the result's scale, as in
// Flink.
std::optional<int128_t> DivideDecimal(int128_t left, int128_t right, const DecimalShape& shape);
std::optional<int128_t> RemainderDecimal(int128_t left, int128_t right, const DecimalShape& shape);

namespace decimal_internal {
// DivideDecimal as Flink computes it, whatever the operands.
std::optional<int128_t> DivideWide(int128_t left, int128_t right, const DecimalShape& shape);
}  // namespace decimal_internal

// Sign of left - right as numbers.
int CompareDecimal(int128_t left, int left_scale, int128_t right, int right_scale);

// DecimalDataUtils.doubleValue; `precision` decides between its two ways of rounding.
double DecimalToDouble(int128_t unscaled, int precision, int scale);

// java.math.BigDecimal.valueOf(double) rounded to the shape: from the shortest decimal form of
// `value`. Nothing for NaN and infinities, which Java refuses, and on overflow.
std::optional<int128_t> DecimalFromDouble(double value, int precision, int scale);

// Reads what java.math.BigDecimal(String) reads: sign, digits, point, exponent. `malformed` tells
// a text that is no number from one that does not fit.
std::optional<int128_t> ParseDecimal(std::string_view text, int precision, int scale,
                                     bool* malformed = nullptr);

// BigDecimal.toPlainString: all digits of the scale.
std::string FormatDecimal(int128_t unscaled, int scale);
// The same into `buffer` (at least 48 bytes); returns the end.
char* FormatDecimal(int128_t unscaled, int scale, char* buffer);

}  // namespace castor::expr
