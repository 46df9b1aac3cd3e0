// How many values there were of which size, by powers of two. Not thread-safe.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace castor::gemini {

struct ValueSizes {
  // Class 0 is that of empty values, class k that of values of 2^(k-1) bytes and more.
  static constexpr size_t kClasses = 33;
  static constexpr uint64_t LeastOf(size_t size_class) {
    return size_class == 0 ? 0 : uint64_t{1} << (size_class - 1);
  }

  void Add(uint32_t bytes, uint64_t values = 1) {
    counts[static_cast<size_t>(std::bit_width(bytes))] += values;
  }
  void Add(const ValueSizes& more) {
    for (size_t i = 0; i < kClasses; ++i) counts[i] += more.counts[i];
  }
  void Halve() {
    for (uint64_t& count : counts) count /= 2;
  }

  std::array<uint64_t, kClasses> counts{};
};

}  // namespace castor::gemini
