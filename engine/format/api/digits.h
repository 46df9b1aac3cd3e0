// Decimal digits eight at a time: a word of text holds eight characters, the first one in its
// lowest byte. Pure functions.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace castor::format {

static_assert(std::endian::native == std::endian::little, "the first character is the lowest byte");

// The eight bytes at `at`, each less '0' if it is a digit; other bytes become something above 9.
inline uint64_t LoadDigits(const char* at) {
  uint64_t word;
  std::memcpy(&word, at, sizeof(word));
  return word ^ 0x3030303030303030;
}

// How many of the characters from the first one on are digits.
inline int CountDigits(uint64_t digits) {
  // Adding 0x76 carries into the high bit from 10 on. A carry out of a byte reaches only bytes
  // behind one that is no digit.
  const uint64_t others = ((digits + 0x7676767676767676) | digits) & 0x8080808080808080;
  return std::countr_zero(others) >> 3;
}

// The number that the first `count` digits spell, 1 to 8 of them.
inline uint64_t DigitsValue(uint64_t digits, int count) {
  digits <<= 64 - 8 * count;             // behind leading zeros
  digits = digits * 10 + (digits >> 8);  // in every other byte: two digits
  constexpr uint64_t kPairs = 0x000000ff000000ff;
  return ((digits & kPairs) * ((uint64_t{1'000'000} << 32) + 100) +
          ((digits >> 16) & kPairs) * ((uint64_t{10'000} << 32) + 1)) >>
         32;
}

}  // namespace castor::format
