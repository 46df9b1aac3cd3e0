// The injected clock. Operators read time once a batch through it, so that tests decide what time
// it is. Thread-safe. Times are milliseconds since the Unix epoch, as in Flink.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>

namespace castor {

using TimestampMs = int64_t;

inline constexpr TimestampMs kMinTimestamp = std::numeric_limits<TimestampMs>::min();
// The watermark that says no row will follow.
inline constexpr TimestampMs kMaxWatermark = std::numeric_limits<TimestampMs>::max();

class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimestampMs NowMs() const = 0;

  static const Clock& System();
};

// A clock that stands still until told otherwise.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(TimestampMs now = 0) : now_(now) {}
  TimestampMs NowMs() const override { return now_.load(std::memory_order_relaxed); }
  void Set(TimestampMs now) { now_.store(now, std::memory_order_relaxed); }
  void Advance(int64_t ms) { now_.fetch_add(ms, std::memory_order_relaxed); }

 private:
  std::atomic<TimestampMs> now_;
};

}  // namespace castor
