// Which keys a workload asks for: evenly spread, by Zipf's law, or those that came last.
#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <string>

namespace castor::bench {

class Zipf;

class KeySource {
 public:
  // Keys below `keys`. `distribution`: uniform, zipf (exponent 0.99, frequent keys scattered) or
  // recent (the distance from a key that moves on is exponential, with a mean of a hundredth of all
  // keys).
  KeySource(const std::string& distribution, uint64_t keys, uint64_t seed);
  ~KeySource();

  uint64_t Next();
  uint64_t Below(uint64_t bound) { return random_() % bound; }

 private:
  enum class Distribution { kUniform, kZipf, kRecent };
  Distribution distribution_;
  const uint64_t keys_;
  std::mt19937_64 random_;
  std::shared_ptr<const Zipf> zipf_;
  uint64_t newest_ = 0;  // of kRecent, in sixteenths: each key is asked for some sixteen times
};

}  // namespace castor::bench
