// How numbers become keys and values, the same for both sides.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace castor::bench {

// Murmur's finish.
inline uint64_t Mix(uint64_t number) {
  number ^= number >> 33;
  number *= 0xFF51AFD7ED558CCDu;
  number ^= number >> 33;
  return number;
}
inline uint32_t HashOfKey(uint64_t key) {
  const uint64_t mixed = Mix(key);
  return static_cast<uint32_t>(mixed ^ mixed >> 32);
}

// A binary row of one BIGINT: a word of null bits, then the number.
inline constexpr size_t kKeyBytes = 16;
inline void WriteKey(uint64_t key, char* out) {
  std::memset(out, 0, 8);
  std::memcpy(out + 8, &key, 8);
}

inline uint64_t WordAt(const char* bytes) {
  uint64_t word;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

// Bytes of which about half can be compressed away.
class ValueSource {
 public:
  explicit ValueSource(uint32_t value_bytes) : value_bytes_(value_bytes) {
    pool_.resize(kPool + value_bytes);
    for (size_t at = 0; at + 8 <= pool_.size(); at += 8) {
      const uint64_t word = at % 16 == 0 ? Mix(at + 1) * 0x9E3779B97F4A7C15u : 0;
      std::memcpy(&pool_[at], &word, 8);
    }
  }
  uint32_t size() const { return value_bytes_; }
  // The first word is the number itself, which Update counts up.
  void Write(uint64_t number, char* out) const {
    std::memcpy(out, &number, 8);
    std::memcpy(out + 8, &pool_[Mix(number) % (kPool / 16) * 16], value_bytes_ - 8);
  }
  // Depends on the first and the last word.
  static uint64_t Digest(uint64_t key, const char* value, size_t bytes) {
    return Mix(key * 31 + WordAt(value)) + WordAt(value + bytes - 8);
  }

 private:
  static constexpr size_t kPool = size_t{1} << 16;
  const uint32_t value_bytes_;
  std::string pool_;
};

}  // namespace castor::bench
