#include "connector/latency/latency_histogram.h"

#include <bit>
#include <cstring>

namespace castor::connector::latency {

int32_t LatencyHistogram::BucketOf(uint64_t microseconds) {
  if (microseconds < kExact) return static_cast<int32_t>(microseconds);
  const int32_t shift = static_cast<int32_t>(std::bit_width(microseconds)) - 7;
  return kPerPower * shift + static_cast<int32_t>(microseconds >> shift);
}

uint64_t LatencyHistogram::LowerBound(int32_t bucket) {
  if (bucket < kExact) return static_cast<uint64_t>(bucket);
  return static_cast<uint64_t>(kPerPower + bucket % kPerPower) << (bucket / kPerPower - 1);
}

void LatencyHistogram::Add(const LatencyHistogram& other) {
  for (size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
}

std::string LatencyHistogram::ToJson() const {
  std::string buckets;
  int64_t rows = 0;
  for (size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] == 0) continue;
    rows += counts_[i];
    if (!buckets.empty()) buckets += ",";
    buckets += "[" + std::to_string(LowerBound(static_cast<int32_t>(i))) + "," +
               std::to_string(counts_[i]) + "]";
  }
  return "{\"rows\":" + std::to_string(rows) + ",\"buckets\":[" + buckets + "]}";
}

std::string LatencyHistogram::Serialize() const {
  return {reinterpret_cast<const char*>(counts_.data()), counts_.size() * sizeof(int64_t)};
}

Result<LatencyHistogram> LatencyHistogram::Deserialize(std::string_view bytes) {
  LatencyHistogram histogram;
  if (bytes.size() != kBuckets * sizeof(int64_t)) {
    return Status::Incompatible("latency: the snapshot holds another histogram");
  }
  std::memcpy(histogram.counts_.data(), bytes.data(), bytes.size());
  return histogram;
}

}  // namespace castor::connector::latency
