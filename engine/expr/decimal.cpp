#include "expr/decimal.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "expr/power_of_ten_division.h"
#include "expr/wide_integer.h"

namespace castor::expr {
namespace {

int128_t WithSign(uint128_t magnitude, bool negative) {
  return negative ? -static_cast<int128_t>(magnitude) : static_cast<int128_t>(magnitude);
}

std::optional<int128_t> Checked(uint128_t magnitude, bool negative, int precision) {
  if (magnitude >= static_cast<uint128_t>(PowerOfTen(precision))) return std::nullopt;
  return WithSign(magnitude, negative);
}

std::optional<int128_t> Checked(const WideInteger& magnitude, bool negative, int precision) {
  if (!magnitude.FitsUint128()) return std::nullopt;
  return Checked(magnitude.ToUint128(), negative, precision);
}

std::optional<int128_t> Checked(int128_t unscaled, int precision) {
  if (!FitsPrecision(unscaled, precision)) return std::nullopt;
  return unscaled;
}

// The exact `magnitude` of scale `from`, brought to the result's scale and checked.
std::optional<int128_t> ToShape(WideInteger magnitude, bool negative, int from, int precision,
                                int scale) {
  if (scale < from) {
    magnitude.DivideByPowerOfTenHalfUp(from - scale);
  } else if (scale > from) {
    // More than 76 digits cannot fit a result; they must not wrap around here either.
    if (!magnitude.IsZero() && magnitude.CountDigits() + scale - from > 2 * kMaxDecimalPrecision) {
      return std::nullopt;
    }
    magnitude.MultiplyByPowerOfTen(scale - from);
  }
  return Checked(magnitude, negative, precision);
}

WideInteger Aligned(int128_t value, int digits) {
  WideInteger wide(Magnitude(value));
  wide.MultiplyByPowerOfTen(digits);
  return wide;
}

std::optional<int128_t> AddWide(int128_t left, int128_t right, const DecimalShape& shape) {
  const int common = std::max(shape.left_scale, shape.right_scale);
  WideInteger a = Aligned(left, common - shape.left_scale);
  WideInteger b = Aligned(right, common - shape.right_scale);
  bool negative = left < 0;
  if ((left < 0) == (right < 0)) {
    a.Add(b);
  } else if (a.Compare(b) >= 0) {
    a.Subtract(b);
  } else {
    b.Subtract(a);
    a = b;
    negative = right < 0;
  }
  return ToShape(a, negative, common, shape.precision, shape.scale);
}

}  // namespace

int CountDigits(int128_t unscaled) {
  const uint128_t magnitude = Magnitude(unscaled);
  int digits = 1;
  while (digits <= kMaxDecimalPrecision &&
         magnitude >= static_cast<uint128_t>(PowerOfTen(digits))) {
    ++digits;
  }
  return digits;
}

int128_t DivideByPowerOfTen(int128_t unscaled, int digits) {
  if (digits <= 0) return unscaled;
  if (digits > kMaxDecimalPrecision) return 0;
  const auto divisor = static_cast<uint128_t>(PowerOfTen(digits));
  const uint128_t magnitude = Magnitude(unscaled);
  uint128_t quotient;
  if (magnitude >> 64 == 0 && divisor >> 64 == 0) {  // one machine division
    const auto small = static_cast<uint64_t>(magnitude), unit = static_cast<uint64_t>(divisor);
    const uint64_t rest = small % unit;
    quotient = small / unit + (rest >= unit - rest ? 1 : 0);
  } else if (digits <= kMaxDivisionDigits) {
    quotient = *DivideByPowerOfTenHalfUp({0, magnitude}, digits);
  } else {
    const uint128_t rest = magnitude % divisor;
    quotient = magnitude / divisor + (rest >= divisor - rest ? 1 : 0);
  }
  return WithSign(quotient, unscaled < 0);
}

std::optional<int128_t> Rescale(int128_t unscaled, int from, int to, int precision) {
  if (to <= from) return Checked(DivideByPowerOfTen(unscaled, from - to), precision);
  const int digits = to - from;
  if (unscaled == 0) return 0;
  if (digits > precision || !FitsPrecision(unscaled, precision - digits)) return std::nullopt;
  return unscaled * PowerOfTen(digits);
}

std::optional<int128_t> AddDecimal(int128_t left, int128_t right, const DecimalShape& shape) {
  // Values of up to 37 digits after alignment cannot overflow 128 bits.
  const int common = std::max(shape.left_scale, shape.right_scale);
  const int left_shift = common - shape.left_scale;
  const int right_shift = common - shape.right_scale;
  if (left_shift < kMaxDecimalPrecision && right_shift < kMaxDecimalPrecision &&
      FitsPrecision(left, kMaxDecimalPrecision - 1 - left_shift) &&
      FitsPrecision(right, kMaxDecimalPrecision - 1 - right_shift)) {
    const int128_t sum = left * PowerOfTen(left_shift) + right * PowerOfTen(right_shift);
    return Rescale(sum, common, shape.scale, shape.precision);
  }
  return AddWide(left, right, shape);
}

std::optional<int128_t> SubtractDecimal(int128_t left, int128_t right, const DecimalShape& shape) {
  return AddDecimal(left, -right, shape);
}

std::optional<int128_t> MultiplyDecimal(int128_t left, int128_t right, const DecimalShape& shape) {
  const int exact = shape.left_scale + shape.right_scale;
  const int surplus = exact - shape.scale;
  const bool negative = (left < 0) != (right < 0);
  if (surplus > 0 && surplus <= kMaxDivisionDigits) {
    const auto product = MultiplyFull(Magnitude(left), Magnitude(right));
    const auto rounded = DivideByPowerOfTenHalfUp(product, surplus);
    return rounded ? Checked(*rounded, negative, shape.precision) : std::nullopt;
  }
  int128_t product;
  if (!__builtin_mul_overflow(left, right, &product)) {
    return Rescale(product, exact, shape.scale, shape.precision);
  }
  const WideInteger wide = WideInteger::Multiply(Magnitude(left), Magnitude(right));
  return ToShape(wide, negative, exact, shape.precision, shape.scale);
}

// Rounding to 38 digits first makes a difference only where it moves a quotient up to a tie. One
// that is no tie is at least 1 / (2 * right) away from it, and below 10^37 the digits that 38 leave
// behind the result's are finer than that.
std::optional<int128_t> DivideDecimal(int128_t left, int128_t right, const DecimalShape& shape) {
  const int shift = shape.scale + shape.right_scale - shape.left_scale;
  if (shift < 0 || shift >= 37 || !FitsPrecision(left, 37 - shift)) {
    return decimal_internal::DivideWide(left, right, shape);
  }
  const uint128_t dividend = Magnitude(left) * static_cast<uint128_t>(PowerOfTen(shift));
  const uint128_t divisor = Magnitude(right);
  uint128_t quotient = dividend / divisor;
  const uint128_t remainder = dividend - quotient * divisor;
  if (remainder >= divisor - remainder) ++quotient;
  return Checked(WithSign(quotient, (left < 0) != (right < 0)), shape.precision);
}

std::optional<int128_t> decimal_internal::DivideWide(int128_t left, int128_t right,
                                                     const DecimalShape& shape) {
  if (left == 0) return 0;
  const bool negative = (left < 0) != (right < 0);
  const uint128_t divisor = Magnitude(right);
  // Scale the dividend so that the integer quotient has 38 or 39 digits, and remember its scale.
  const int shift = std::max(0, kMaxDecimalPrecision + CountDigits(right) - CountDigits(left));
  int quotient_scale = shape.left_scale - shape.right_scale + shift;
  WideInteger quotient(Magnitude(left));
  quotient.MultiplyByPowerOfTen(shift);
  const uint128_t remainder = quotient.Divide(divisor);

  const int digits = quotient.CountDigits();
  if (digits > kMaxDecimalPrecision) {
    // One digit too many. A tie in it is no tie if there is a remainder, but rounds up all the
    // same.
    quotient.DivideByPowerOfTenHalfUp(digits - kMaxDecimalPrecision);
    quotient_scale -= digits - kMaxDecimalPrecision;
  } else if (remainder >= divisor - remainder) {
    quotient.Add(WideInteger(1));
  }
  if (quotient_scale < 0) {
    if (quotient.CountDigits() - quotient_scale > kMaxDecimalPrecision) return std::nullopt;
    quotient.MultiplyByPowerOfTen(-quotient_scale);
    quotient_scale = 0;
  }
  return ToShape(quotient, negative, quotient_scale, shape.precision, shape.scale);
}

std::optional<int128_t> RemainderDecimal(int128_t left, int128_t right, const DecimalShape& shape) {
  const int common = std::max(shape.left_scale, shape.right_scale);
  WideInteger dividend = Aligned(left, common - shape.left_scale);
  const WideInteger divisor = Aligned(right, common - shape.right_scale);
  if (divisor.FitsUint128()) {
    const uint128_t remainder = dividend.Divide(divisor.ToUint128());
    return ToShape(WideInteger(remainder), left < 0, common, shape.precision, shape.scale);
  }
  // A divisor beyond 128 bits: its remainder by long subtraction of decimal multiples.
  for (int digits = dividend.CountDigits() - divisor.CountDigits(); digits >= 0; --digits) {
    WideInteger multiple = divisor;
    multiple.MultiplyByPowerOfTen(digits);
    while (dividend.Compare(multiple) >= 0) dividend.Subtract(multiple);
  }
  return ToShape(dividend, left < 0, common, shape.precision, shape.scale);
}

int CompareDecimal(int128_t left, int left_scale, int128_t right, int right_scale) {
  if (left_scale == right_scale) return left < right ? -1 : left > right;
  const int common = std::max(left_scale, right_scale);
  if ((left < 0) != (right < 0)) return left < 0 ? -1 : 1;
  const WideInteger a = Aligned(left, common - left_scale);
  const WideInteger b = Aligned(right, common - right_scale);
  return left < 0 ? b.Compare(a) : a.Compare(b);
}

double DecimalToDouble(int128_t unscaled, int precision, int scale) {
  if (precision <= 18) {
    return static_cast<double>(static_cast<int64_t>(unscaled)) /
           static_cast<double>(static_cast<int64_t>(PowerOfTen(scale)));
  }
  char buffer[64];
  const char* end = FormatDecimal(unscaled, scale, buffer);
  double value = 0;
  std::from_chars(buffer, end, value);
  return value;
}

std::optional<int128_t> DecimalFromDouble(double value, int precision, int scale) {
  if (!std::isfinite(value)) return std::nullopt;
  char buffer[64];
  const auto written = std::to_chars(buffer, buffer + sizeof(buffer), value);
  return ParseDecimal({buffer, static_cast<size_t>(written.ptr - buffer)}, precision, scale);
}

char* FormatDecimal(int128_t unscaled, int scale, char* buffer) {
  char digits[40];
  int count = 0;
  uint128_t rest = Magnitude(unscaled);
  while (rest >> 64 != 0) {
    digits[count++] = static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  }
  for (auto low = static_cast<uint64_t>(rest); low != 0; low /= 10) {
    digits[count++] = static_cast<char>('0' + low % 10);
  }
  while (count <= scale) digits[count++] = '0';
  if (unscaled < 0) *buffer++ = '-';
  while (count > 0) {
    if (count == scale) *buffer++ = '.';
    *buffer++ = digits[--count];
  }
  return buffer;
}

std::string FormatDecimal(int128_t unscaled, int scale) {
  char buffer[64];
  return {buffer, FormatDecimal(unscaled, scale, buffer)};
}

}  // namespace castor::expr
