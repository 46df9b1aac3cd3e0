// Java's conversions between primitive numbers (JLS 5.1.3), where C++'s differ or are undefined.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace castor::expr {

// (To) value. Floating point to int and long saturates and takes NaN to 0; to byte and short it
// goes through int; integers wrap around.
template <typename To, typename From>
inline To JavaCast(From value) {
  if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    using Wide = std::conditional_t<sizeof(To) == 8, int64_t, int32_t>;
    constexpr auto kLow = static_cast<From>(std::numeric_limits<Wide>::min());
    // -min is a power of two and so exact, which max is not.
    Wide wide;
    if (!(value == value)) {
      wide = 0;
    } else if (value < kLow) {
      wide = std::numeric_limits<Wide>::min();
    } else if (value >= -kLow) {
      wide = std::numeric_limits<Wide>::max();
    } else {
      wide = static_cast<Wide>(value);
    }
    return static_cast<To>(wide);
  } else {
    return static_cast<To>(value);
  }
}

// Integer arithmetic modulo 2^n.
template <typename T>
inline T WrappingAdd(T a, T b) {
  return static_cast<T>(static_cast<std::make_unsigned_t<T>>(a) +
                        static_cast<std::make_unsigned_t<T>>(b));
}
template <typename T>
inline T WrappingSubtract(T a, T b) {
  return static_cast<T>(static_cast<std::make_unsigned_t<T>>(a) -
                        static_cast<std::make_unsigned_t<T>>(b));
}
template <typename T>
inline T WrappingMultiply(T a, T b) {
  // 16-bit operands would be promoted to a signed int, which can overflow.
  using Wide = std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>;
  return static_cast<T>(static_cast<Wide>(a) * static_cast<Wide>(b));
}
template <typename T>
inline T WrappingNegate(T a) {
  return WrappingSubtract(T{0}, a);
}

// `b` is not 0.
template <typename T>
inline T JavaDivide(T a, T b) {
  return b == -1 ? WrappingNegate(a) : static_cast<T>(a / b);
}
template <typename T>
inline T JavaRemainder(T a, T b) {
  return b == -1 ? T{0} : static_cast<T>(a % b);
}

}  // namespace castor::expr
