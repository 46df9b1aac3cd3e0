#include "io/checksum.h"

#include <xxhash.h>

namespace castor::io {

struct FreeState {
  void operator()(XXH64_state_t* state) const { XXH64_freeState(state); }
};

struct RunningChecksum::State {
  const std::unique_ptr<XXH64_state_t, FreeState> hash{XXH64_createState()};
};

uint64_t Checksum(std::string_view bytes, uint64_t seed) {
  return XXH64(bytes.data(), bytes.size(), seed);
}

RunningChecksum::RunningChecksum() : state_(std::make_unique<State>()) {
  XXH64_reset(state_->hash.get(), 0);
}

RunningChecksum::~RunningChecksum() = default;

void RunningChecksum::Add(std::string_view bytes) {
  XXH64_update(state_->hash.get(), bytes.data(), bytes.size());
}

uint64_t RunningChecksum::value() const { return XXH64_digest(state_->hash.get()); }

}  // namespace castor::io
