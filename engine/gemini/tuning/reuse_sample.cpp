#include "gemini/tuning/reuse_sample.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace castor::gemini {

// The lower half of an id is the hash by which it is sampled.
void ReuseSample::Left(uint64_t id) {
  left_[id] = passed_;
  order_.emplace_back(id, passed_);
  if (order_.size() >= 2 * kMost) Forget();
}

void ReuseSample::Wanted(uint64_t id) {
  const auto found = left_.find(id);
  if (found == left_.end()) return;
  reads_[ClassOf(passed_ - found->second)] += static_cast<double>(uint64_t{1} << shift_);
  left_.erase(found);
}

// What has been wanted, has left again, or left too long ago. If that is not enough less is
// sampled from now on, and if it is more than enough more is.
void ReuseSample::Forget() {
  std::erase_if(order_, [&](const std::pair<uint64_t, int64_t>& item) {
    const auto found = left_.find(item.first);
    if (found == left_.end() || found->second != item.second) return true;
    if (passed_ - item.second <= horizon_) return false;
    left_.erase(found);
    return true;
  });
  if (order_.size() < kMost / 4 && shift_ > kLeastShift) --shift_;
  while (order_.size() > kMost && shift_ < kMostShift) {
    ++shift_;
    std::erase_if(order_, [&](const auto& item) {
      if (Samples(static_cast<uint32_t>(item.first))) return false;
      left_.erase(item.first);
      return true;
    });
  }
}

size_t ReuseSample::ClassOf(int64_t bytes) {
  const auto value = static_cast<uint64_t>(std::max<int64_t>(bytes, 0));
  if (value < 4) return static_cast<size_t>(value);
  const auto power = static_cast<uint32_t>(std::bit_width(value)) - 1;
  return 4 * (power - 1) + static_cast<size_t>(value >> (power - 2) & 3);
}

double ReuseSample::LeastOf(size_t size_class) {
  if (size_class < 4) return static_cast<double>(size_class);
  const size_t power = size_class / 4 + 1;
  return std::ldexp(static_cast<double>(4 + size_class % 4), static_cast<int>(power) - 2);
}

double ReuseSample::ReadsWithin(int64_t bytes) const {
  if (bytes <= 0) return 0;
  const size_t last = ClassOf(bytes);
  double reads = 0;
  for (size_t i = 0; i < last; ++i) reads += reads_[i];
  const double share =
      (static_cast<double>(bytes) - LeastOf(last)) / (LeastOf(last + 1) - LeastOf(last));
  return reads + reads_[last] * share;
}

void ReuseSample::Age() {
  for (double& reads : reads_) reads /= 2;
}

}  // namespace castor::gemini
