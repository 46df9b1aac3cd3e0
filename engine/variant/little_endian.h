// Unsigned integers of 1 to 8 bytes, least significant byte first. Little-endian machines only.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>

namespace castor::variant {

static_assert(std::endian::native == std::endian::little);

inline uint64_t LoadUnsigned(const char* from, size_t bytes) {
  uint64_t value = 0;
  std::memcpy(&value, from, bytes);
  return value;
}
inline void StoreUnsigned(char* to, uint64_t value, size_t bytes) {
  std::memcpy(to, &value, bytes);
}
inline void AppendUnsigned(uint64_t value, size_t bytes, std::string* out) {
  out->append(reinterpret_cast<const char*>(&value), bytes);
}

}  // namespace castor::variant
