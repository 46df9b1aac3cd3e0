#include "cli/planner/digest.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <cstdint>

namespace castor::cli {

struct Digest::State {
  XXH3_state_t* hash = XXH3_createState();
  ~State() { XXH3_freeState(hash); }
};

Digest::Digest() : state_(std::make_unique<State>()) { XXH3_128bits_reset(state_->hash); }

Digest::~Digest() = default;

Digest& Digest::Add(std::string_view text) {
  const uint64_t size = text.size();
  XXH3_128bits_update(state_->hash, &size, sizeof(size));
  XXH3_128bits_update(state_->hash, text.data(), text.size());
  return *this;
}

std::string Digest::Hex() const {
  const XXH128_hash_t hash = XXH3_128bits_digest(state_->hash);
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace castor::cli
