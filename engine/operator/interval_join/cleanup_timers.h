// When to look for rows of a key that have expired: at most one timer per key and side, set when
// the side gets its first row and set anew when it fires, as TimeIntervalJoin does. (An earlier row
// that comes later does not move it: until then late rows may find it.) Not thread-safe.
#pragma once

#include <span>
#include <vector>

#include "state/keyed_state.h"

namespace castor::interval_join {

class CleanupTimers {
 public:
  // A timer that has fired.
  struct Due {
    int32_t key_row;  // in `keys()`
    int side;
  };

  Status Open(state::KeyedStateStore& store);

  // Sets the timer of `side` for the keys of `rows`, where there is none, to times[i] of the first
  // row of the key. After kPending the same call again.
  Result<state::Readiness> Set(int side, const state::KeyBatch& keys, std::span<const int32_t> rows,
                               std::span<const TimestampMs> times);

  TimestampMs NextTime() { return timers_->NextTime(); }
  // Takes up to `max` timers that are due by `now`; none: there are no more. They stay at hand
  // until `Finish`.
  Result<state::Readiness> Take(TimestampMs now, size_t max);
  const std::vector<Due>& due() const { return due_; }
  const state::KeyBatch& keys() const { return keys_; }
  // Sets the timers at hand anew: times[i] is that of Due i, kMaxWatermark: it has no rows left.
  // After kPending the same call again.
  Result<state::Readiness> Finish(std::span<const TimestampMs> times);

 private:
  state::TimerQueue* timers_ = nullptr;
  state::ValueState* set_ = nullptr;  // per key: the time of either side's timer, 0: none

  state::TimerPage fired_;
  std::vector<Due> due_;
  state::KeyBatch keys_;
  std::vector<std::byte*> records_;
  std::vector<int32_t> unused_;
};

}  // namespace castor::interval_join
