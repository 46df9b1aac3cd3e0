// Addition as accumulators do it: integers wrap as in Java, decimals that outgrow 38 digits become
// NULL.
#pragma once

#include <type_traits>

#include "column/logical_type.h"
#include "expr/decimal.h"

namespace castor::aggregate {

template <typename T>
inline constexpr bool kIsDecimal = std::is_same_v<T, int128_t>;

template <typename T>
T WrapAdd(T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    using U = std::make_unsigned_t<T>;
    return static_cast<T>(static_cast<U>(static_cast<U>(a) + static_cast<U>(b)));
  } else {
    return a + b;
  }
}

template <typename T>
T WrapSubtract(T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    using U = std::make_unsigned_t<T>;
    return static_cast<T>(static_cast<U>(static_cast<U>(a) - static_cast<U>(b)));
  } else {
    return a - b;
  }
}

// Flink's aggDecimalPlus: DECIMAL(38, s), same scale on both sides. False on overflow.
inline bool AddDecimal38(int128_t a, int128_t b, int128_t* sum) {
  return !__builtin_add_overflow(a, b, sum) &&
         expr::FitsPrecision(*sum, expr::kMaxDecimalPrecision);
}

inline bool SubtractDecimal38(int128_t a, int128_t b, int128_t* difference) {
  return !__builtin_sub_overflow(a, b, difference) &&
         expr::FitsPrecision(*difference, expr::kMaxDecimalPrecision);
}

// A sum that may be NULL: no value yet, or (decimals) overflowed.
template <typename T>
struct NullableSum {
  T value;
  bool valid;
};

// `sum` + `addend`, NULL on overflow; both have values.
template <typename T>
NullableSum<T> Plus(T sum, T addend) {
  if constexpr (kIsDecimal<T>) {
    T result;
    const bool valid = AddDecimal38(sum, addend, &result);
    return {valid ? result : T{0}, valid};
  } else {
    return {WrapAdd(sum, addend), true};
  }
}

template <typename T>
NullableSum<T> Minus(T sum, T subtrahend) {
  if constexpr (kIsDecimal<T>) {
    T result;
    const bool valid = SubtractDecimal38(sum, subtrahend, &result);
    return {valid ? result : T{0}, valid};
  } else {
    return {WrapSubtract(sum, subtrahend), true};
  }
}

}  // namespace castor::aggregate
