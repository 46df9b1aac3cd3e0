// Arrow validity bitmaps: bit `i` is bit `i % 8` of byte `i / 8`. Free functions over raw bytes;
// buffers are padded, so whole 64-bit words may be read and written up to `Words(n)`.
#pragma once

#include <cstdint>

namespace castor::bitmap {

inline bool Get(const uint8_t* bits, int64_t i) { return (bits[i >> 3] >> (i & 7)) & 1; }
inline void Set(uint8_t* bits, int64_t i) { bits[i >> 3] |= static_cast<uint8_t>(1u << (i & 7)); }
inline void Clear(uint8_t* bits, int64_t i) {
  bits[i >> 3] &= static_cast<uint8_t>(~(1u << (i & 7)));
}
inline void SetTo(uint8_t* bits, int64_t i, bool value) {
  const auto mask = static_cast<uint8_t>(1u << (i & 7));
  bits[i >> 3] = static_cast<uint8_t>((bits[i >> 3] & ~mask) | (value ? mask : 0));
}
inline int64_t Bytes(int64_t n) { return (n + 7) / 8; }
inline int64_t Words(int64_t n) { return (n + 63) / 64; }

int64_t CountSet(const uint8_t* bits, int64_t n);
// target[0, n) = source[from, from + n).
void Copy(const uint8_t* source, int64_t from, int64_t n, uint8_t* target);
// target[to, to + n) = source[0, n), or all set where `source` is nullptr. The bits of `target`
// from `to` on are clear before.
void Append(const uint8_t* source, int64_t n, uint8_t* target, int64_t to);
// target = a AND b over n bits; either may be nullptr, meaning all set (not both).
void And(const uint8_t* a, const uint8_t* b, int64_t n, uint8_t* target);

}  // namespace castor::bitmap
