// What reading costs, as it is measured.
#pragma once

#include <algorithm>
#include <cstdint>

namespace castor::gemini {

// Time since it was made, by a clock of nanoseconds; 0 if there is none.
class Stopwatch {
 public:
  using Clock = int64_t (*)();

  explicit Stopwatch(Clock clock) : clock_(clock), started_(clock == nullptr ? 0 : clock()) {}
  int64_t elapsed() const { return clock_ == nullptr ? 0 : clock_() - started_; }

 private:
  const Clock clock_;
  const int64_t started_;
};

// What one read of something small costs, in bytes that merges copy in the same time: the currency
// in which what an instance could do better is weighed. A read is cheap from the page cache and
// dear from an object store. Not thread-safe.
class ReadCost {
 public:
  double bytes() const { return std::clamp(read_ns_ / copy_ns_, kLeast, kMost); }
  double read_ns() const { return read_ns_; }

  void Read(uint64_t reads, int64_t ns) { Take(&read_ns_, ns, reads); }
  void Copied(uint64_t bytes, int64_t ns) { Take(&copy_ns_, ns, bytes); }

 private:
  static constexpr double kLeast = 1 << 11, kMost = 1 << 24;
  static constexpr double kShare = 0.1;  // that what is new has in the average

  static void Take(double* average, int64_t ns, uint64_t count) {
    if (count == 0 || ns <= 0) return;
    *average += kShare * (static_cast<double>(ns) / static_cast<double>(count) - *average);
  }

  // To begin with: a read is worth 8 KiB.
  double read_ns_ = 8192, copy_ns_ = 1;  // of one read, of one byte
};

}  // namespace castor::gemini
