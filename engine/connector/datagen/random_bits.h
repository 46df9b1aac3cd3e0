// Random numbers as a function of their place: no state, so any row can be made at any time.
#pragma once

#include <cstdint>

namespace castor::connector::datagen {

// SplitMix64's finaliser (Steele, Lea, Flood 2014): every bit of the input moves every bit of the
// result.
inline uint64_t Mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

// The bits of a column (`salt`) in a row.
inline uint64_t BitsAt(uint64_t seed, uint64_t salt, int64_t row) {
  return Mix(Mix(seed ^ salt * 0xd6e8feb86659fd93ULL) + static_cast<uint64_t>(row));
}

// Uniform in [0, range); the whole 64 bits for range 0 (Lemire's multiplication; its bias of range
// / 2^64 is of no account here).
inline uint64_t Below(uint64_t bits, uint64_t range) {
  if (range == 0) return bits;
  __extension__ typedef unsigned __int128 Wide;
  return static_cast<uint64_t>(static_cast<Wide>(bits) * range >> 64);
}

// Uniform in [0, 1).
inline double Fraction(uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1p-53; }

}  // namespace castor::connector::datagen
