// Unsigned integers of up to 256 bits divided by 10^digits with no division: a multiplication by
// the reciprocal, as wide as the quotient, then at most two corrections (Barrett). Pure functions.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>

namespace castor::expr {

__extension__ using uint128_t = unsigned __int128;

// high * 2^128 + low.
struct Product256 {
  uint128_t high;
  uint128_t low;
};

inline Product256 MultiplyFull(uint128_t a, uint128_t b) {
  const auto a0 = static_cast<uint64_t>(a), a1 = static_cast<uint64_t>(a >> 64);
  const auto b0 = static_cast<uint64_t>(b), b1 = static_cast<uint64_t>(b >> 64);
  const uint128_t low = static_cast<uint128_t>(a0) * b0;
  const uint128_t cross = static_cast<uint128_t>(a1) * b0 + (low >> 64);
  const uint128_t other = static_cast<uint128_t>(a0) * b1 + static_cast<uint64_t>(cross);
  return {static_cast<uint128_t>(a1) * b1 + (cross >> 64) + (other >> 64),
          (other << 64) | static_cast<uint64_t>(low)};
}

// The largest exponent: three times the divisor fits 128 bits.
inline constexpr int kMaxDivisionDigits = 37;

namespace power_of_ten_division_internal {

// 10^k has `bits` bits; `reciprocal` is floor(2^(127 + bits) / 10^k), which has 128.
struct Divisor {
  uint128_t value;
  uint128_t reciprocal;
  int bits;
};

struct Divisors {
  Divisor of[kMaxDivisionDigits + 1];

  constexpr Divisors() : of{} {
    uint128_t value = 1;
    for (int k = 1; k <= kMaxDivisionDigits; ++k) {
      value *= 10;
      const auto high = static_cast<uint64_t>(value >> 64);
      const int bits = high != 0 ? 128 - std::countl_zero(high)
                                 : 64 - std::countl_zero(static_cast<uint64_t>(value));
      of[k] = {value, Reciprocal(value, bits), bits};
    }
  }

 private:
  // Long division, a bit at a time. The first `bits` - 1 bits of the dividend are below the
  // divisor.
  static constexpr uint128_t Reciprocal(uint128_t divisor, int bits) {
    uint128_t rest = uint128_t{1} << (bits - 1);
    uint128_t quotient = 0;
    for (int i = 0; i < 128; ++i) {
      rest <<= 1;
      quotient <<= 1;
      if (rest >= divisor) {
        rest -= divisor;
        quotient |= 1;
      }
    }
    return quotient;
  }
};
inline constexpr Divisors kDivisors;

}  // namespace power_of_ten_division_internal

// value / 10^digits, ties rounded up, for 1 <= digits <= kMaxDivisionDigits. Nothing where the
// quotient may have more than 127 bits.
inline std::optional<uint128_t> DivideByPowerOfTenHalfUp(const Product256& value, int digits) {
  const auto& divisor = power_of_ten_division_internal::kDivisors.of[digits];
  // What is below the divisor's highest bit changes the quotient by one at most.
  const int shift = divisor.bits - 1;
  if (value.high >> shift != 0) return std::nullopt;
  const uint128_t head = (value.high << (128 - shift)) | (value.low >> shift);
  uint128_t quotient = MultiplyFull(head, divisor.reciprocal).high;
  uint128_t rest = value.low - quotient * divisor.value;
  while (rest >= divisor.value) {
    rest -= divisor.value;
    ++quotient;
  }
  if (rest >= divisor.value - rest) ++quotient;
  return quotient;
}

}  // namespace castor::expr
