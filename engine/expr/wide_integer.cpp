#include "expr/wide_integer.h"

#include <bit>
#include <cstddef>

namespace castor::expr {
namespace {

__extension__ using uint128 = unsigned __int128;

constexpr uint64_t kTenTo19 = 10'000'000'000'000'000'000u;

constexpr uint64_t SmallPowerOfTen(int exponent) {
  uint64_t power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

}  // namespace

WideInteger WideInteger::Multiply(uint128_t a, uint128_t b) {
  const uint64_t a_limbs[2] = {static_cast<uint64_t>(a), static_cast<uint64_t>(a >> 64)};
  const uint64_t b_limbs[2] = {static_cast<uint64_t>(b), static_cast<uint64_t>(b >> 64)};
  WideInteger product;
  for (int i = 0; i < 2; ++i) {
    uint64_t carry = 0;
    for (int j = 0; j < 2; ++j) {
      const uint128 sum = static_cast<uint128>(a_limbs[i]) * b_limbs[j] +
                          product.limbs_[static_cast<std::size_t>(i + j)] + carry;
      product.limbs_[static_cast<std::size_t>(i + j)] = static_cast<uint64_t>(sum);
      carry = static_cast<uint64_t>(sum >> 64);
    }
    product.limbs_[static_cast<std::size_t>(i + 2)] = carry;
  }
  return product;
}

void WideInteger::MultiplyByPowerOfTen(int digits) {
  while (digits > 0) {
    const int step = digits < 19 ? digits : 19;
    const uint64_t factor = SmallPowerOfTen(step);
    uint64_t carry = 0;
    for (uint64_t& limb : limbs_) {
      const uint128 product = static_cast<uint128>(limb) * factor + carry;
      limb = static_cast<uint64_t>(product);
      carry = static_cast<uint64_t>(product >> 64);
    }
    digits -= step;
  }
}

void WideInteger::Add(const WideInteger& other) {
  uint64_t carry = 0;
  for (std::size_t i = 0; i < limbs_.size(); ++i) {
    const uint128 sum = static_cast<uint128>(limbs_[i]) + other.limbs_[i] + carry;
    limbs_[i] = static_cast<uint64_t>(sum);
    carry = static_cast<uint64_t>(sum >> 64);
  }
}

void WideInteger::Subtract(const WideInteger& other) {
  uint64_t borrow = 0;
  for (std::size_t i = 0; i < limbs_.size(); ++i) {
    const uint128 difference = static_cast<uint128>(limbs_[i]) - other.limbs_[i] - borrow;
    limbs_[i] = static_cast<uint64_t>(difference);
    borrow = static_cast<uint64_t>(difference >> 64) & 1;
  }
}

int WideInteger::Compare(const WideInteger& other) const {
  for (std::size_t i = limbs_.size(); i-- > 0;) {
    if (limbs_[i] != other.limbs_[i]) return limbs_[i] < other.limbs_[i] ? -1 : 1;
  }
  return 0;
}

uint64_t WideInteger::DivideByLimb(uint64_t divisor) {
  uint64_t remainder = 0;
  for (std::size_t i = limbs_.size(); i-- > 0;) {
    const uint128 part = (static_cast<uint128>(remainder) << 64) | limbs_[i];
    limbs_[i] = static_cast<uint64_t>(part / divisor);
    remainder = static_cast<uint64_t>(part % divisor);
  }
  return remainder;
}

// Knuth's algorithm D for a divisor of two limbs.
WideInteger::uint128_t WideInteger::DivideByTwoLimbs(uint128_t divisor) {
  const int shift = std::countl_zero(static_cast<uint64_t>(divisor >> 64));
  const uint128 d = divisor << shift;
  const auto d1 = static_cast<uint64_t>(d >> 64);
  const auto d0 = static_cast<uint64_t>(d);
  uint64_t n[5] = {limbs_[0], limbs_[1], limbs_[2], limbs_[3], 0};
  if (shift > 0) {
    for (int i = 4; i > 0; --i) n[i] = (n[i] << shift) | (n[i - 1] >> (64 - shift));
    n[0] <<= shift;
  }
  limbs_ = {};
  for (int i = 2; i >= 0; --i) {
    const uint128 head = (static_cast<uint128>(n[i + 2]) << 64) | n[i + 1];
    uint128 guess = n[i + 2] >= d1 ? ~uint64_t{0} : head / d1;
    uint128 rest = head - guess * d1;
    while (rest >> 64 == 0 && guess * d0 > ((rest << 64) | n[i])) {
      --guess;
      rest += d1;
    }
    // n[i+2 .. i] -= guess * d; one correction may remain.
    const uint128 low = guess * d0;
    const uint128 high = guess * d1 + static_cast<uint64_t>(low >> 64);
    const uint128 sub0 = static_cast<uint128>(n[i]) - static_cast<uint64_t>(low);
    const uint128 sub1 =
        static_cast<uint128>(n[i + 1]) - static_cast<uint64_t>(high) - ((sub0 >> 64) & 1);
    const uint128 sub2 =
        static_cast<uint128>(n[i + 2]) - static_cast<uint64_t>(high >> 64) - ((sub1 >> 64) & 1);
    n[i] = static_cast<uint64_t>(sub0);
    n[i + 1] = static_cast<uint64_t>(sub1);
    n[i + 2] = static_cast<uint64_t>(sub2);
    if ((sub2 >> 64) & 1) {
      --guess;
      const uint128 add0 = static_cast<uint128>(n[i]) + d0;
      const uint128 add1 = static_cast<uint128>(n[i + 1]) + d1 + static_cast<uint64_t>(add0 >> 64);
      n[i] = static_cast<uint64_t>(add0);
      n[i + 1] = static_cast<uint64_t>(add1);
      n[i + 2] += static_cast<uint64_t>(add1 >> 64);
    }
    limbs_[static_cast<std::size_t>(i)] = static_cast<uint64_t>(guess);
  }
  return ((static_cast<uint128>(n[1]) << 64) | n[0]) >> shift;
}

WideInteger::uint128_t WideInteger::Divide(uint128_t divisor) {
  if (divisor >> 64 == 0) return DivideByLimb(static_cast<uint64_t>(divisor));
  return DivideByTwoLimbs(divisor);
}

void WideInteger::DivideByPowerOfTenHalfUp(int digits) {
  // All but the last digit are dropped; that one decides.
  for (int left = digits - 1; left > 0; left -= 19) {
    if (left >= 19) {
      DivideByLimb(kTenTo19);
    } else {
      DivideByLimb(SmallPowerOfTen(left));
    }
  }
  if (digits > 0 && DivideByLimb(10) >= 5) Add(WideInteger(1));
}

int WideInteger::CountDigits() const {
  WideInteger rest = *this;
  int digits = 1;
  while (!rest.FitsUint128()) {
    rest.DivideByLimb(kTenTo19);
    digits += 19;
  }
  for (uint128 value = rest.ToUint128(); value >= 10; value /= 10) ++digits;
  return digits;
}

}  // namespace castor::expr
