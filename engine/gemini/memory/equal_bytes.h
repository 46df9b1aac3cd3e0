// Whether keys are equal. They are mostly few bytes, which are compared faster than a call is made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace castor::gemini {

inline bool EqualBytes(const void* one, const void* other, size_t size) {
  constexpr size_t kWord = sizeof(uint64_t);
  if (size < kWord || size > 8 * kWord) return std::memcmp(one, other, size) == 0;
  const auto difference = [one, other](size_t at) {
    uint64_t a, b;
    std::memcpy(&a, static_cast<const char*>(one) + at, kWord);
    std::memcpy(&b, static_cast<const char*>(other) + at, kWord);
    return a ^ b;
  };
  uint64_t differing = difference(size - kWord);
  for (size_t at = 0; at + kWord < size; at += kWord) differing |= difference(at);
  return differing == 0;
}

inline bool EqualBytes(std::string_view one, std::string_view other) {
  return one.size() == other.size() && EqualBytes(one.data(), other.data(), one.size());
}

}  // namespace castor::gemini
