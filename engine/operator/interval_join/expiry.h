// Removes the rows whose clean-up timers have fired and that have no partners to come, and pads
// those of an outer side that found none (TimeIntervalJoin.onTimer). Resumable: works page by page.
// Not thread-safe.
#pragma once

#include <memory>
#include <vector>

#include "operator/api/operator.h"
#include "operator/interval_join/cached_rows.h"
#include "operator/interval_join/cleanup_timers.h"
#include "operator/interval_join/interval_bounds.h"
#include "operator/joining/stored_output.h"

namespace castor::interval_join {

// An input of the join.
struct Side {
  CachedRows rows;
  bool pads = false;        // rows without a match are emitted with NULLs for the other side
  TimestampMs expired = 0;  // rows up to this time were looked for in order to be removed
};

class Expiry {
 public:
  Expiry(const IntervalBounds* bounds, Side* sides, CleanupTimers* timers, LogicalType output_type)
      : bounds_(bounds), sides_(sides), timers_(timers), results_(std::move(output_type)) {}

  // Timers that are due by `until`; rows expire at `now`.
  void Start(TimestampMs until, TimestampMs now) { until_ = until, now_ = now; }
  Result<Progress> Run(size_t page_rows, Output& out);

 private:
  Result<state::Readiness> OpenPage();
  // Looks at some rows of the timer at hand, and goes to the next after the last.
  Result<state::Readiness> LookAtRows(size_t page_rows);
  Result<state::Readiness> ClosePage();
  void Flush(Output& out);

  const IntervalBounds* const bounds_;
  Side* const sides_;  // two
  CleanupTimers* const timers_;
  TimestampMs until_ = 0;
  TimestampMs now_ = 0;

  // The page of timers at hand: taken, located, and how far it has been worked off.
  const std::vector<CleanupTimers::Due>* due_ = nullptr;
  bool open_ = false;
  std::vector<int32_t> key_rows_;
  std::vector<uint64_t> handles_[2];
  std::vector<TimestampMs> next_times_;  // per timer; kMaxWatermark: no rows are left
  size_t timer_ = 0;
  uint64_t cursor_ = 0;
  std::vector<CachedRow> found_;
  joining::StoredOutput results_;
};

}  // namespace castor::interval_join
