// hashCode() of Java's numbers. Pure functions.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "expr/decimal.h"

namespace castor::expr {

constexpr int32_t HashLong(int64_t x) {
  return static_cast<int32_t>(static_cast<uint32_t>(x ^ static_cast<int64_t>(uint64_t(x) >> 32)));
}

inline int32_t HashDouble(double x) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  return HashLong(std::bit_cast<int64_t>(std::isnan(x) ? kNan : x));
}

inline int32_t HashFloat(float x) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  return std::bit_cast<int32_t>(std::isnan(x) ? kNan : x);
}

// TimestampData.hashCode().
constexpr int32_t HashTimestamp(int64_t millis, int32_t nanos_of_milli) {
  const auto hash = static_cast<uint32_t>(static_cast<uint64_t>(millis)) ^
                    static_cast<uint32_t>(static_cast<uint64_t>(millis >> 32));
  return static_cast<int32_t>(31 * hash + static_cast<uint32_t>(nanos_of_milli));
}

constexpr int32_t HashBoolean(bool x) { return x ? 1231 : 1237; }

// java.math.BigDecimal.hashCode() of `unscaled` with `scale`.
inline int32_t HashDecimal(int128_t unscaled, int32_t scale) {
  const uint128_t magnitude = Magnitude(unscaled);
  uint32_t hash = 0;
  for (int shift = 96; shift >= 0; shift -= 32) {
    hash = 31 * hash + static_cast<uint32_t>(magnitude >> shift);
  }
  if (unscaled < 0) hash = 0 - hash;
  return static_cast<int32_t>(31 * hash + static_cast<uint32_t>(scale));
}

}  // namespace castor::expr
