// Durations in nanoseconds, counted in classes of a thirty-second of a power of two.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace castor::bench {

class Histogram {
 public:
  void Add(int64_t nanoseconds) {
    const auto value = static_cast<uint64_t>(std::max<int64_t>(nanoseconds, 1));
    ++counts_[ClassOf(value)];
    ++count_;
    most_ = std::max(most_, nanoseconds);
  }
  // Of which so much of all are not longer; 0: none has been added.
  double Quantile(double share) const {
    const auto wanted = static_cast<uint64_t>(share * static_cast<double>(count_));
    uint64_t seen = 0;
    for (size_t i = 0; i < counts_.size(); ++i) {
      seen += counts_[i];
      if (seen > wanted) return std::min(UpperBound(i), static_cast<double>(most_));
    }
    return static_cast<double>(most_);
  }
  int64_t most() const { return most_; }

 private:
  static constexpr int kBits = 5;
  static size_t ClassOf(uint64_t value) {
    const int width = std::bit_width(value);
    if (width <= kBits + 1) return static_cast<size_t>(value);
    const int shift = width - kBits - 1;
    return (static_cast<size_t>(shift) << kBits) + static_cast<size_t>(value >> shift);
  }
  static double UpperBound(size_t index) {
    if (index < (size_t{2} << kBits)) return static_cast<double>(index);
    const size_t shift = (index >> kBits) - 1;
    const size_t mantissa = index - (shift << kBits);
    return static_cast<double>((mantissa + 1) << shift);
  }
  std::array<uint64_t, (64 - kBits) << kBits> counts_{};
  uint64_t count_ = 0;
  int64_t most_ = 0;
};

}  // namespace castor::bench
