// The shift between a TIMESTAMP and the instant that stands for it in a file written with
// `parquet.utc-timezone` = false: java.sql.Timestamp in the time zone of the process (environment
// variable TZ, else the machine's), which is what Flink uses. Dates before 1582 are Julian there.
//
// Before 1900 the zone's present standard offset holds. Wall-clock times that a change of the clock
// skips or repeats resolve as java.util.Date does: skipped ones move on by the gap, repeated ones
// are the later. One thread at a time (keeps the latest offset).
#pragma once

#include <cstdint>
#include <string>

#include "base/status.h"

namespace date {
class time_zone;
}

namespace castor::format::parquet {

// The zone's name. Errors name what is not a time zone.
Result<std::string> ProcessTimeZone();

class LocalTime {
 public:
  // An empty name: UTC and no shift at all.
  static Result<LocalTime> Of(const std::string& zone);

  bool is_identity() const { return identity_; }
  // Both in seconds since the epoch, rounded down.
  int64_t ToInstant(int64_t local_seconds);
  int64_t FromInstant(int64_t instant_seconds);

 private:
  int64_t OffsetAt(int64_t instant_seconds);

  bool identity_ = true;
  const date::time_zone* zone_ = nullptr;  // null: UTC
  int64_t standard_offset_ = 0;
  // The offset that holds for instants of [begin_, end_).
  int64_t begin_ = 0;
  int64_t end_ = 0;
  int64_t offset_ = 0;
};

}  // namespace castor::format::parquet
