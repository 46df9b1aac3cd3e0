// Counts of microseconds in buckets whose width is below 1.6 % of their value (spec/latency.md).
// A plain value; merges by adding.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace castor::connector::latency {

class LatencyHistogram {
 public:
  LatencyHistogram() : counts_(kBuckets) {}

  static int32_t BucketOf(uint64_t microseconds);
  // The smallest value of a bucket.
  static uint64_t LowerBound(int32_t bucket);

  // Negative latencies count as 0.
  void Count(int64_t microseconds, int64_t rows) {
    const uint64_t value = microseconds < 0 ? 0 : static_cast<uint64_t>(microseconds);
    counts_[static_cast<size_t>(BucketOf(value))] += rows;
  }
  void Add(const LatencyHistogram& other);

  std::string ToJson() const;
  std::string Serialize() const;
  static Result<LatencyHistogram> Deserialize(std::string_view bytes);

 private:
  // Exact values below 2^7, then 2^6 buckets for each power of two up to 2^63.
  static constexpr int32_t kExact = 128;
  static constexpr int32_t kPerPower = 64;
  static constexpr size_t kBuckets = kExact + kPerPower * (64 - 7);

  std::vector<int64_t> counts_;
};

}  // namespace castor::connector::latency
