// Several files as one input. Not thread-safe: plain functions.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace castor::fuzz {

// Each behind its size.
inline std::string Pack(const std::vector<std::string>& parts) {
  std::string packed;
  for (const std::string& part : parts) {
    const auto size = static_cast<uint32_t>(part.size());
    packed.append(reinterpret_cast<const char*>(&size), sizeof(size)).append(part);
  }
  return packed;
}

// What is damaged ends early, or takes all that is left.
inline std::vector<std::string> Unpack(std::string_view packed) {
  std::vector<std::string> parts;
  for (uint32_t size = 0; packed.size() >= sizeof(size);) {
    std::memcpy(&size, packed.data(), sizeof(size));
    packed.remove_prefix(sizeof(size));
    const std::string_view part = packed.substr(0, size);
    parts.emplace_back(part);
    packed.remove_prefix(part.size());
  }
  return parts;
}

}  // namespace castor::fuzz
