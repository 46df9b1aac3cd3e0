#include "flink/state-backend/native/group_hash.h"

#include <xxhash.h>

namespace castor::flink {

GroupHash::GroupHash(uint32_t key_groups) {
  for (uint64_t group = 0; group <= key_groups; ++group) {
    first_.push_back(((group << 32) + key_groups - 1) / key_groups);
  }
}

uint32_t GroupHash::Of(uint32_t group, std::string_view key) const {
  const uint64_t width = first_[group + 1] - first_[group];
  const uint64_t hash = XXH3_64bits(key.data(), key.size()) >> 32;
  return static_cast<uint32_t>(first_[group] + (hash * width >> 32));
}

}  // namespace castor::flink
