// How often each of many may ask: a bucket of tokens for each, which fills again by itself.
//
// Thread-safe. Its memory is bounded: when there are more keys than that, new ones share a bucket.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace castor::platform {

class RateLimit {
 public:
  static constexpr size_t kMostKeys = 10'000;

  // `burst` at once, and `per_second` for ever.
  RateLimit(double per_second, double burst) : per_second_(per_second), burst_(burst) {}

  // Takes one; 0. Or there is none: the seconds until there will be.
  int64_t Take(const std::string& key, int64_t now_ms);
  // Gives the key its burst back.
  void Forget(const std::string& key);

 private:
  struct Bucket {
    double tokens;
    int64_t at_ms;
  };
  void Fill(Bucket* bucket, int64_t now_ms) const;
  Bucket* FindBucket(const std::string& key, int64_t now_ms);

  const double per_second_;
  const double burst_;
  std::mutex mutex_;
  std::map<std::string, Bucket> buckets_;
};

}  // namespace castor::platform
