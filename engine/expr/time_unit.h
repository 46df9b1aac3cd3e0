// Units of time in EXTRACT, FLOOR, CEIL and differences: DateTimeUtils.TimeUnit and its calendar
// arithmetic, with its results for dates before 1970 and before 1582.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace castor::expr {

enum class TimeUnit : uint8_t {
  kMillennium,
  kCentury,
  kDecade,
  kIsoYear,
  kYear,
  kQuarter,
  kMonth,
  kWeek,
  kDay,
  kDoy,
  kDow,
  kIsoDow,
  kHour,
  kMinute,
  kSecond,
  kMillisecond,
  kMicrosecond,
  kNanosecond,
  kEpoch,
};

std::optional<TimeUnit> ParseTimeUnit(std::string_view name);

// Milliseconds of units from WEEK to MILLISECOND, else 0.
int64_t MillisOf(TimeUnit unit);

// DateTimeUtils.extractFromDate, of units of a day and longer.
int64_t ExtractFromDate(TimeUnit unit, int32_t days);

// DateTimeUtils.julianDateFloor as days since the epoch: the begin of the unit that holds the day,
// or for `ceil` of the next one, unless the day is a begin itself (with Flink's exceptions).
int64_t FloorDate(TimeUnit unit, int32_t days, bool ceil);

}  // namespace castor::expr
