// A batch of numbers as Gemini gets it: keys with their hashes, and user keys.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bench/state/server/side.h"
#include "bench/state/server/values.h"
#include "gemini/memory/entry_table.h"
#include "gemini/memory/keys.h"

namespace castor::bench {

class GeminiKeys {
 public:
  // Valid until the next call.
  gemini::Keys Write(Numbers keys) {
    bytes_.resize(keys.size() * kKeyBytes);
    hashes_.resize(keys.size());
    for (size_t i = 0; i < keys.size(); ++i) {
      WriteKey(keys[i], &bytes_[i * kKeyBytes]);
      hashes_[i] = static_cast<int32_t>(HashOfKey(keys[i]));
    }
    for (auto i = static_cast<int32_t>(rows_.size()); rows_.size() < keys.size(); ++i) {
      rows_.push_back(i);
    }
    return {bytes_.data(), kKeyBytes, nullptr, hashes_.data(), keys.size()};
  }
  std::span<const int32_t> rows(size_t count) const { return {rows_.data(), count}; }
  std::string_view key(size_t i) const {
    return std::string_view(bytes_).substr(i * kKeyBytes, kKeyBytes);
  }
  uint32_t hash(size_t i) const { return static_cast<uint32_t>(hashes_[i]); }

  // `width` bytes for each number, which begin with it.
  std::span<const std::string_view> WriteUserKeys(Numbers numbers, size_t width = 8) {
    user_bytes_.assign(numbers.size() * width, '\0');
    user_keys_.clear();
    for (size_t i = 0; i < numbers.size(); ++i) {
      std::memcpy(&user_bytes_[i * width], &numbers[i], 8);
      user_keys_.emplace_back(&user_bytes_[i * width], width);
    }
    return user_keys_;
  }

 private:
  std::string bytes_, user_bytes_;
  std::vector<int32_t> hashes_, rows_;
  std::vector<std::string_view> user_keys_;
};

}  // namespace castor::bench
