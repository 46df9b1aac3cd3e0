// Hashes that say which key group a key is in, as Gemini wants them, for keys of which Flink has
// said so: the groups share the range of hashes evenly, in their order. Immutable, thread-safe.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace castor::flink {

class GroupHash {
 public:
  explicit GroupHash(uint32_t key_groups);

  // Of a key in a group.
  uint32_t Of(uint32_t group, std::string_view key) const;
  // A gemini::KeyGroupFunction.
  static uint32_t GroupOf(uint32_t hash, uint32_t key_groups) {
    return static_cast<uint32_t>(uint64_t{hash} * key_groups >> 32);
  }

 private:
  std::vector<uint64_t> first_;  // hash of each group, and behind the last one
};

}  // namespace castor::flink
