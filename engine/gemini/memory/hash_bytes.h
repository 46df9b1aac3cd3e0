// A hash of bytes that never leaves the process: unlike Flink's, and that of filters, it may be
// any, and is a fast one.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace castor::gemini {

// Multiply and fold over 8-byte words (wyhash's mixing step); rows in binary form are multiples of
// 8 long.
inline uint32_t HashBytes(std::string_view bytes, uint32_t seed = 0) {
  __extension__ using Product = unsigned __int128;
  uint64_t hash = 0x9E3779B97F4A7C15u ^ bytes.size() ^ static_cast<uint64_t>(seed) << 32;
  const auto mix = [&hash](uint64_t word) {
    const auto product = static_cast<Product>(hash ^ word) * 0xA0761D6478BD642Fu;
    hash = static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
  };
  size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    uint64_t word;
    std::memcpy(&word, bytes.data() + i, 8);
    mix(word);
  }
  uint64_t tail = 0;
  if (i < bytes.size()) std::memcpy(&tail, bytes.data() + i, bytes.size() - i);
  mix(tail ^ 0x8EBC6AF09C88C6E3u);
  return static_cast<uint32_t>(hash ^ (hash >> 32));
}

}  // namespace castor::gemini
