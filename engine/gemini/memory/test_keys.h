// Batches of keys for tests and benchmarks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gemini/memory/keys.h"

namespace castor::gemini {

// Murmur's finish: every bit of the hash depends on all of the number.
inline uint32_t HashOfNumber(uint64_t number) {
  number ^= number >> 33;
  number *= 0xFF51AFD7ED558CCDu;
  number ^= number >> 33;
  return static_cast<uint32_t>(number ^ number >> 32);
}
inline uint32_t GroupOfHash(uint32_t hash, uint32_t key_groups) { return hash % key_groups; }

class KeyList {
 public:
  void Add(std::string_view key, uint32_t hash) {
    bytes_ += key;
    offsets_.push_back(static_cast<uint32_t>(bytes_.size()));
    hashes_.push_back(static_cast<int32_t>(hash));
  }
  // Valid until the list changes.
  Keys view() const { return {bytes_.data(), 0, offsets_.data(), hashes_.data(), hashes_.size()}; }

 private:
  std::string bytes_;
  std::vector<uint32_t> offsets_{0};
  std::vector<int32_t> hashes_;
};

// Keys of one number each, as wide as a row of one BIGINT.
class NumberKeys {
 public:
  static constexpr size_t kWidth = 16;

  void Add(uint64_t number) {
    std::string key(kWidth, '\0');
    key.replace(8, 8, reinterpret_cast<const char*>(&number), 8);
    bytes_ += key;
    hashes_.push_back(static_cast<int32_t>(HashOfNumber(number)));
  }
  Keys view() const { return {bytes_.data(), kWidth, nullptr, hashes_.data(), hashes_.size()}; }

 private:
  std::string bytes_;
  std::vector<int32_t> hashes_;
};

}  // namespace castor::gemini
