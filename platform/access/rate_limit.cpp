#include "platform/access/rate_limit.h"

#include <algorithm>
#include <cmath>

namespace castor::platform {

int64_t RateLimit::Take(const std::string& key, int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  Bucket* const bucket = FindBucket(key, now_ms);
  Fill(bucket, now_ms);
  if (bucket->tokens >= 1) {
    bucket->tokens -= 1;
    return 0;
  }
  return std::max<int64_t>(1, std::llround(std::ceil((1 - bucket->tokens) / per_second_)));
}

void RateLimit::Forget(const std::string& key) {
  const std::lock_guard lock(mutex_);
  buckets_.erase(key);
}

void RateLimit::Fill(Bucket* bucket, int64_t now_ms) const {
  // The clock may be set back.
  const auto seconds = static_cast<double>(std::max<int64_t>(0, now_ms - bucket->at_ms)) / 1000;
  bucket->tokens = std::min(burst_, bucket->tokens + seconds * per_second_);
  bucket->at_ms = now_ms;
}

RateLimit::Bucket* RateLimit::FindBucket(const std::string& key, int64_t now_ms) {
  const auto found = buckets_.find(key);
  if (found != buckets_.end()) return &found->second;
  if (buckets_.size() >= kMostKeys) {
    // Those that are full remember nothing.
    std::erase_if(buckets_, [&](const auto& each) {
      Bucket bucket = each.second;
      Fill(&bucket, now_ms);
      return bucket.tokens >= burst_;
    });
  }
  const std::string& own = buckets_.size() < kMostKeys ? key : std::string();
  return &buckets_.try_emplace(own, Bucket{burst_, now_ms}).first->second;
}

}  // namespace castor::platform
