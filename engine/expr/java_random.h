// java.util.Random: the same numbers from the same seed. Not thread-safe.
#pragma once

#include <cstdint>

namespace castor::expr {

class JavaRandom {
 public:
  explicit JavaRandom(int64_t seed) : state_((static_cast<uint64_t>(seed) ^ kFactor) & kMask) {}

  double NextDouble() {
    const auto high = static_cast<int64_t>(Next(26)) << 27;
    return static_cast<double>(high + Next(27)) * 0x1.0p-53;
  }

  // 0 .. bound-1; `bound` is positive.
  int32_t NextInt(int32_t bound) {
    const int32_t most = bound - 1;
    int32_t bits = Next(31);
    if ((bound & most) == 0) {
      return static_cast<int32_t>((static_cast<int64_t>(bound) * bits) >> 31);
    }
    // Draws again what would prefer small numbers.
    int32_t value = bits % bound;
    while (static_cast<int64_t>(bits) - value + most > INT32_MAX) {
      bits = Next(31);
      value = bits % bound;
    }
    return value;
  }

 private:
  static constexpr uint64_t kFactor = 0x5deece66d;
  static constexpr uint64_t kMask = (uint64_t{1} << 48) - 1;

  int32_t Next(int bits) {
    state_ = (state_ * kFactor + 0xb) & kMask;
    return static_cast<int32_t>(state_ >> (48 - bits));
  }

  uint64_t state_;
};

}  // namespace castor::expr
