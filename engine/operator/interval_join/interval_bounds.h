// The arithmetic of an interval join: which rows of the other side a row may join, how long it is
// kept. Defines TimeIntervalJoin's relative sizes. A row of the left side at `l` and one of the
// right side at `r` join when l is in [r + lower, r + upper]. Plain values.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/clock.h"

namespace castor::interval_join {

class IntervalBounds {
 public:
  IntervalBounds(int64_t lower_ms, int64_t upper_ms) : relative_{-lower_ms, upper_ms} {}

  void set_min_cleanup_interval(int64_t ms) { min_cleanup_ms_ = std::max<int64_t>(0, ms); }
  // Whether no rows can ever join.
  bool empty() const { return relative_[0] + relative_[1] < 0; }
  // How much later than its row's time a result may leave.
  int64_t max_delay() const { return std::max(relative_[0], relative_[1]); }

  // The times on the other side that a row of `side` at `time` may join.
  TimestampMs First(int side, TimestampMs time) const { return time - relative_[1 - side]; }
  TimestampMs Last(int side, TimestampMs time) const { return time + relative_[side]; }

  // Rows of `side` up to this time have no partners to come at `now`.
  TimestampMs Expired(int side, TimestampMs now) const {
    return now == kMaxWatermark ? kMaxWatermark : now - relative_[side] - 1;
  }
  // When to look for rows of `side` to remove, if `time` is that of the earliest.
  TimestampMs CleanupTime(int side, TimestampMs time) const {
    return time + relative_[side] + min_cleanup_ms_ + 1;
  }

 private:
  int64_t relative_[2];
  int64_t min_cleanup_ms_ = 0;
};

}  // namespace castor::interval_join
