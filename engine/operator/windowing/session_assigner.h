// The session that a row would be alone in: from its time to its time plus the gap. Or, where a
// window table function has merged sessions already, the one that it attached to the row. Defines
// Flink's UnsliceAssigners. Not thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "base/configuration.h"
#include "base/status.h"
#include "column/batch.h"
#include "operator/windowing/window.h"
#include "operator/windowing/zone_shift.h"
#include "plan/window.h"

namespace castor::windowing {

class SessionAssigner {
 public:
  static Result<SessionAssigner> Make(const plan::WindowingStrategy& windowing,
                                      const LogicalType& input_row,
                                      const Configuration& configuration);

  bool event_time() const { return event_time_; }
  // Whether the sessions of a key still have to be merged.
  bool merges() const { return !attached_; }
  const ZoneShift& shift() const { return shift_; }

  // The window of each row. Under processing time all rows have the time `now_instant`.
  Status Assign(const Batch& batch, TimestampMs now_instant, std::vector<Window>* windows);

 private:
  Status AssignAttached(const Batch& batch, std::vector<Window>* windows);

  bool event_time_ = true;
  bool attached_ = false;
  int64_t gap_ms_ = 0;
  int32_t time_field_ = -1;
  int32_t start_field_ = -1;
  int32_t end_field_ = -1;
  ZoneShift shift_;
  std::vector<TimestampMs> times_;
};

}  // namespace castor::windowing
