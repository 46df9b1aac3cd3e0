// The keys of a batch, as whoever encoded them holds them: bytes and hash of each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace castor::gemini {

struct Keys {
  const char* bytes = nullptr;
  size_t fixed_width = 0;             // of each key; 0: see offsets
  const uint32_t* offsets = nullptr;  // count + 1
  const int32_t* hashes = nullptr;
  size_t count = 0;

  std::string_view key(size_t i) const {
    if (fixed_width > 0) return {bytes + i * fixed_width, fixed_width};
    return {bytes + offsets[i], offsets[i + 1] - offsets[i]};
  }
  uint32_t hash(size_t i) const { return static_cast<uint32_t>(hashes[i]); }
};

// What is going to be done with the records of a batch.
enum class Access : uint8_t {
  kRead,          // nothing of them will be changed
  kFind,          // those that are there may be changed
  kFindOrCreate,  // those that are not will be made, of zeros
  // The same, but all of them will be written, so that it does not matter what they hold: records
  // and entries of maps that are cold are not read. A Store takes it, a table does not.
  kOverwrite,
};

enum class Readiness : uint8_t { kReady, kPending };

// The key group of a key by its hash, among so many.
using KeyGroupFunction = uint32_t (*)(uint32_t hash, uint32_t key_groups);

}  // namespace castor::gemini
