// Time zones by the system's zoneinfo, with java.time's and java.util's ways around DST changes.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/status.h"

namespace date {
class time_zone;
}

namespace castor::expr {

// A zone and the latest period looked up in it, so that rows close in time cost two comparisons.
// Cheap to copy; one thread per copy.
class ZoneClock {
 public:
  // UTC.
  ZoneClock() = default;

  // An id of the zone database, "UTC", an offset such as "GMT+08:00" or "+08:00", or "default" for
  // the machine's zone: what table.local-time-zone takes.
  static Result<ZoneClock> Find(std::string_view id);
  // java.util.TimeZone.getTimeZone: also its old three-letter ids; GMT for everything unknown.
  static ZoneClock FindLenient(std::string_view id);

  bool IsUtc() const { return zone_ == nullptr && fixed_offset_ == 0; }

  // Milliseconds to add to UTC at that instant.
  int64_t OffsetAt(int64_t utc_millis) const {
    if (utc_millis < begin_ || utc_millis >= end_) Lookup(utc_millis);
    return offset_;
  }
  int64_t ToLocal(int64_t utc_millis) const { return utc_millis + OffsetAt(utc_millis); }

  // java.util.TimeZone.getOffset, which knows no local mean times: before 1900, the zone's standard
  // time.
  int64_t CalendarOffsetAt(int64_t utc_millis) const;

  // The instant of a local time (java.time.ZonedDateTime): the earlier one of two, and in a gap as
  // if the offset before it still held.
  int64_t ToUtc(int64_t local_millis) const;
  // The same by java.util.GregorianCalendar, hence SimpleDateFormat: the later one of two.
  int64_t ToUtcByCalendar(int64_t local_millis) const;

 private:
  void Lookup(int64_t utc_millis) const;

  const date::time_zone* zone_ = nullptr;  // null: the offset is fixed
  int64_t fixed_offset_ = 0;
  mutable int64_t begin_ = 0;  // of the latest period, UTC
  mutable int64_t end_ = 0;
  mutable int64_t offset_ = 0;
};

}  // namespace castor::expr
