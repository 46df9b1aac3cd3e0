// Between instants and wall-clock time: windows over TIMESTAMP_LTZ are aligned to the clock on the
// wall of `table.local-time-zone`, windows over TIMESTAMP to no zone at all. Defines Flink's
// TimeWindowUtil.
//
// "Wall" times are milliseconds of a local date-time taken as if it were UTC. Keeps the offset that
// was valid last, so that a batch costs one look-up: not thread-safe.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/configuration.h"
#include "base/status.h"
#include "column/logical_type.h"

namespace date {
class time_zone;
}

namespace castor::windowing {

class ZoneShift {
 public:
  // No shift.
  ZoneShift() = default;
  // What windows over `time_attribute_type` are shifted by: TIMESTAMP by nothing
  // (TimeWindowUtil.getShiftTimeZone).
  static Result<ZoneShift> OfTimes(const LogicalType& time_attribute_type,
                                   const Configuration& configuration);
  // `zone` as in table.local-time-zone: a name of the time-zone database, "GMT+03:00" and the like,
  // "UTC" (no shift) or "default", which is the machine's.
  static Result<ZoneShift> Of(const std::string& zone);

  bool identity() const { return zone_ == nullptr && offset_ms_ == 0; }
  // TimeWindowUtil.toUtcTimestampMills
  TimestampMs ToWall(TimestampMs instant);
  // TimeWindowUtil.toEpochMills: in a gap the later, in an overlap the earlier instant.
  TimestampMs ToInstant(TimestampMs wall) const;
  // TimeWindowUtil.toEpochMillsForTimer: in a zone that still has daylight saving time, in an
  // overlap the later instant, in a gap its begin.
  TimestampMs ToTimer(TimestampMs wall) const;

 private:
  const date::time_zone* zone_ = nullptr;  // null: the offset is fixed
  bool saves_daylight_ = false;
  // The offset valid for instants in [valid_from_, valid_to_).
  TimestampMs valid_from_ = 0;
  TimestampMs valid_to_ = 0;
  int64_t offset_ms_ = 0;
};

}  // namespace castor::windowing
