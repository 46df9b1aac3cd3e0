// The checksum of everything that is stored: XXH64, of bytes at once or as they come.
//
// The only place that knows the hash, and a translation unit of its own: programs that look for
// what readers make of damaged bytes link another in its place (test/fuzz/bytes). Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

namespace castor::io {

uint64_t Checksum(std::string_view bytes, uint64_t seed = 0);

// Checksum(all bytes added).
class RunningChecksum {
 public:
  RunningChecksum();
  ~RunningChecksum();
  RunningChecksum(const RunningChecksum&) = delete;
  RunningChecksum& operator=(const RunningChecksum&) = delete;

  void Add(std::string_view bytes);
  uint64_t value() const;

 private:
  struct State;
  const std::unique_ptr<State> state_;
};

}  // namespace castor::io
