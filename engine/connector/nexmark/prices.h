// Log-uniform prices in integer arithmetic (spec/nexmark.md, section 5). Immutable, thread-safe.
#pragma once

#include <array>
#include <cstdint>

namespace castor::connector::nexmark {

class Prices {
 public:
  Prices() {
    double value = 100.0;
    for (int64_t& entry : table_) {
      entry = static_cast<int64_t>(value * (1 << 20));
      value *= 0x1.037a2f29726fep+0;  // 10^(6/1024)
    }
  }

  int64_t Of(uint64_t draw32) const {
    const int64_t* entry = &table_[draw32 >> 22];
    const auto fraction = static_cast<int64_t>(draw32 & ((1 << 22) - 1));
    return (entry[0] + ((entry[1] - entry[0]) * fraction >> 22) + (1 << 19)) >> 20;
  }

 private:
  std::array<int64_t, 1025> table_;
};

}  // namespace castor::connector::nexmark
