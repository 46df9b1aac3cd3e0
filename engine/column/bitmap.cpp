#include "column/bitmap.h"

#include <bit>
#include <cstring>

namespace castor::bitmap {

int64_t CountSet(const uint8_t* bits, int64_t n) {
  int64_t count = 0;
  for (int64_t word = 0; word < n / 64; ++word) {
    uint64_t value;
    std::memcpy(&value, bits + word * 8, 8);
    count += std::popcount(value);
  }
  for (int64_t i = n / 64 * 64; i < n; ++i) count += Get(bits, i);
  return count;
}

void Copy(const uint8_t* source, int64_t from, int64_t n, uint8_t* target) {
  if (from % 8 == 0) {
    std::memcpy(target, source + from / 8, static_cast<size_t>(Bytes(n)));
    return;
  }
  const int shift = static_cast<int>(from % 8);
  const uint8_t* bytes = source + from / 8;
  const int64_t last_source = (from + n - 1) / 8 - from / 8;
  for (int64_t i = 0; i < Bytes(n); ++i) {
    const unsigned high = i + 1 <= last_source ? bytes[i + 1] : 0u;
    target[i] = static_cast<uint8_t>((bytes[i] >> shift) | (high << (8 - shift)));
  }
}

void Append(const uint8_t* source, int64_t n, uint8_t* target, int64_t to) {
  for (int64_t done = 0; done < n; done += 64) {
    uint64_t word = ~uint64_t{0};
    if (source != nullptr) std::memcpy(&word, source + done / 8, 8);
    if (n - done < 64) word &= (uint64_t{1} << (n - done)) - 1;
    uint8_t* at = target + (to + done) / 64 * 8;
    const int shift = static_cast<int>((to + done) % 64);
    uint64_t low;
    std::memcpy(&low, at, 8);
    low |= word << shift;
    std::memcpy(at, &low, 8);
    // The next word exists if any of these bits belong to it.
    const uint64_t high = shift == 0 ? 0 : word >> (64 - shift);
    if (high != 0) std::memcpy(at + 8, &high, 8);
  }
}

void And(const uint8_t* a, const uint8_t* b, int64_t n, uint8_t* target) {
  const auto bytes = static_cast<size_t>(Bytes(n));
  if (a == nullptr || b == nullptr) {
    std::memcpy(target, a != nullptr ? a : b, bytes);
    return;
  }
  for (size_t i = 0; i < bytes; ++i) target[i] = a[i] & b[i];
}

}  // namespace castor::bitmap
