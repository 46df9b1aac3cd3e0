// How much more room would have spared how many reads: for a sample of all that leaves memory, how
// much has left after it when it is wanted again (Waldspurger, Park, Garthwaite, Ahmad: "Efficient
// MRC Construction with SHARDS", FAST 2015).
//
// What is sampled depends on its hash alone; how much of all is, on how much leaves within the
// horizon, so that some thousand are remembered at most. Not thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>
#include <utility>

namespace castor::gemini {

class ReuseSample {
 public:
  bool Samples(uint32_t hash) const {
    return ((hash * uint32_t{0x9E3779B1}) & ((uint32_t{1} << shift_) - 1)) == 0;
  }
  // What has left longer ago than that is of no interest: bytes that have left since.
  void SetHorizon(int64_t bytes) { horizon_ = bytes; }
  // So many bytes have left, sampled or not.
  void Passed(int64_t bytes) { passed_ += bytes; }
  // Something that is sampled has left, or is wanted and has to be read.
  void Left(uint64_t id);
  void Wanted(uint64_t id);

  // Reads that `bytes` more would have spared lately.
  double ReadsWithin(int64_t bytes) const;
  // What has been counted so far counts half.
  void Age();

 private:
  static constexpr size_t kMost = 1024;       // that are remembered
  static constexpr uint32_t kLeastShift = 4;  // one of sixteen is sampled to begin with
  static constexpr uint32_t kMostShift = 20;
  static constexpr size_t kClasses = 256;  // four to each power of two

  static size_t ClassOf(int64_t bytes);
  static double LeastOf(size_t size_class);
  void Forget();

  uint32_t shift_ = kLeastShift;
  int64_t horizon_ = INT64_MAX;
  int64_t passed_ = 0;
  std::unordered_map<uint64_t, int64_t> left_;  // what had passed when it left
  std::deque<std::pair<uint64_t, int64_t>>
      order_;                             // the same, the oldest first, and what was wanted
  std::array<double, kClasses> reads_{};  // by what had passed meanwhile; of all, not of the sample
};

}  // namespace castor::gemini
