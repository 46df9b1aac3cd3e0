// Unsigned 256-bit integers: just what exact DECIMAL arithmetic needs. Values; no allocation.
#pragma once

#include <array>
#include <cstdint>

namespace castor::expr {

class WideInteger {
 public:
  __extension__ using uint128_t = unsigned __int128;

  WideInteger() = default;
  explicit WideInteger(uint128_t value)
      : limbs_{static_cast<uint64_t>(value), static_cast<uint64_t>(value >> 64), 0, 0} {}

  static WideInteger Multiply(uint128_t a, uint128_t b);
  // Multiplies by 10^digits; the caller knows that the product fits.
  void MultiplyByPowerOfTen(int digits);

  void Add(const WideInteger& other);
  // `other` is not larger.
  void Subtract(const WideInteger& other);
  int Compare(const WideInteger& other) const;

  // Divides by `divisor` (not 0) and returns the remainder.
  uint128_t Divide(uint128_t divisor);
  // Divides by 10^digits, ties and above rounded up.
  void DivideByPowerOfTenHalfUp(int digits);

  bool FitsUint128() const { return (limbs_[2] | limbs_[3]) == 0; }
  uint128_t ToUint128() const { return (static_cast<uint128_t>(limbs_[1]) << 64) | limbs_[0]; }
  bool IsZero() const { return (limbs_[0] | limbs_[1] | limbs_[2] | limbs_[3]) == 0; }
  int CountDigits() const;

 private:
  uint64_t DivideByLimb(uint64_t divisor);
  uint128_t DivideByTwoLimbs(uint128_t divisor);

  std::array<uint64_t, 4> limbs_{};  // least significant first
};

}  // namespace castor::expr
