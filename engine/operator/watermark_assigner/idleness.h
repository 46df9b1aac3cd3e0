// When an input counts as idle: no row for `timeout_ms`, looked at from timer to timer.
//
// Flink measures with a clock that stands still under back-pressure. Here a timer that comes late,
// because the subtask was blocked or overloaded, counts as one that came in time. Single-threaded.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/clock.h"

namespace castor {

class Idleness {
 public:
  Idleness() = default;
  // `timeout_ms` <= 0: never idle. `timer_ms`: between calls of Silent.
  Idleness(int64_t timeout_ms, int64_t timer_ms, TimestampMs now)
      : timeout_ms_(timeout_ms), timer_ms_(timer_ms), last_timer_(now) {}

  bool enabled() const { return timeout_ms_ > 0; }
  void CountRows(int64_t rows) { rows_ += rows; }

  // At each timer: whether there has been no row for the timeout.
  bool Silent(TimestampMs now) {
    passed_ms_ += std::min(now - last_timer_, timer_ms_);
    last_timer_ = now;
    if (rows_ != seen_rows_) {
      seen_rows_ = rows_;
      last_activity_ms_ = passed_ms_;
    }
    return enabled() && last_activity_ms_ + timeout_ms_ <= passed_ms_;
  }

 private:
  int64_t timeout_ms_ = 0;
  int64_t timer_ms_ = 0;
  TimestampMs last_timer_ = 0;
  int64_t passed_ms_ = 0;  // time that passed, delays left out
  int64_t last_activity_ms_ = 0;
  int64_t rows_ = 0;
  int64_t seen_rows_ = -1;
};

}  // namespace castor
