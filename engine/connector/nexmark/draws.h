// Counter-based random numbers of the Nexmark stream (spec/nexmark.md, section 4): splitmix64 of
// (seed, event number, word number). Immutable, thread-safe.
#pragma once

#include <cstdint>

namespace castor::connector::nexmark {

class Draws {
 public:
  explicit Draws(uint64_t seed) : key_(Mix(seed + kGamma)) {}

  // Word `k` (below 64) of event `n`.
  uint64_t Word(int64_t n, uint64_t k) const {
    return Mix(key_ + (static_cast<uint64_t>(n) * 64 + k) * kGamma);
  }
  // Words for the texts that do not depend on an event.
  uint64_t FixedWord(uint64_t i) const { return Mix(key_ - (1 + i) * kGamma); }

  // Maps the upper or lower half of a word to 0 .. bound - 1, for bounds below 2^32.
  static uint64_t PickHigh(uint64_t word, uint64_t bound) { return ((word >> 32) * bound) >> 32; }
  static uint64_t PickLow(uint64_t word, uint64_t bound) {
    return ((word & 0xFFFFFFFF) * bound) >> 32;
  }

 private:
  static constexpr uint64_t kGamma = 0x9E3779B97F4A7C15;

  static uint64_t Mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }

  uint64_t key_;
};

}  // namespace castor::connector::nexmark
