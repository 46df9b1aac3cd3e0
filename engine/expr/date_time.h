// Dates and times as Flink computes with them: proleptic Gregorian calendar, days and milliseconds
// since the Unix epoch, no leap seconds. Pure functions; time zones are in time_zone.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace castor::expr {

inline constexpr int64_t kMillisPerSecond = 1000;
inline constexpr int64_t kMillisPerMinute = 60'000;
inline constexpr int64_t kMillisPerHour = 3'600'000;
inline constexpr int64_t kMillisPerDay = 86'400'000;

// Flink's TimestampData: milliseconds since the epoch (local or UTC) and the nanoseconds within.
struct Instant {
  int64_t millis = 0;
  int32_t nanos = 0;  // 0 .. 999'999
};

struct CivilDate {
  int32_t year;
  int32_t month;  // 1 .. 12
  int32_t day;    // 1 .. 31
};

constexpr int64_t FloorDiv(int64_t a, int64_t b) {
  const int64_t quotient = a / b;
  return quotient - ((a % b != 0) && ((a < 0) != (b < 0)));
}
constexpr int64_t FloorMod(int64_t a, int64_t b) { return a - FloorDiv(a, b) * b; }

namespace date_time_internal {
// After Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": of any day.
CivilDate CivilFromAnyDay(int64_t days);
}  // namespace date_time_internal

// Within 536 million days (1.4 million years) by multiplications of 32 and 64 bits: Neri and
// Schneider, "Euclidean affine functions and their application to calendar algorithms". Years begin
// in March there.
inline CivilDate CivilFromDays(int64_t days) {
  constexpr uint32_t kCenturies = 3670 * 4;  // moved by, so that nothing is negative
  constexpr uint32_t kFirst = 719468 + 146097 * (kCenturies / 4);  // 1970-01-01 from there
  if (days < -536'000'000 || days > 536'000'000) return date_time_internal::CivilFromAnyDay(days);
  const uint32_t quarter_days = 4 * (static_cast<uint32_t>(days) + kFirst) + 3;
  const uint32_t century = quarter_days / 146097;
  const uint64_t of_century = uint64_t{2'939'745} * ((quarter_days % 146097) | 3);
  const auto year_of_century = static_cast<uint32_t>(of_century >> 32);
  const uint32_t day_of_year = static_cast<uint32_t>(of_century) / 2'939'745 / 4;
  const uint32_t of_year = 2141 * day_of_year + 197'913;
  const bool next_year = day_of_year >= 306;
  const uint32_t month = of_year >> 16;
  return {static_cast<int32_t>(100 * century + year_of_century + (next_year ? 1 : 0)) -
              static_cast<int32_t>(100 * kCenturies),
          static_cast<int32_t>(next_year ? month - 12 : month),
          static_cast<int32_t>((of_year & 0xFFFF) / 2141 + 1)};
}
int64_t DaysFromCivil(int64_t year, int32_t month, int32_t day);
// DateTimeUtils.ymdToUnixDate: takes months beyond the year; its divisions round towards zero,
// which before the year -4800 gives other days than the calendar has, and its integers wrap.
int32_t UnixDate(int32_t year, int32_t month, int32_t day);
int32_t DaysInMonth(int64_t year, int32_t month);

// The column's form of a timestamp (see LogicalType) to and from an instant. Ticks beyond int64
// give false.
inline Instant TicksToInstant(int64_t ticks, int64_t ticks_per_second) {
  if (ticks_per_second == kMillisPerSecond) return {ticks, 0};
  const int64_t per_milli = ticks_per_second / kMillisPerSecond;
  const int64_t millis = FloorDiv(ticks, per_milli);
  const int64_t rest = ticks - millis * per_milli;
  return {millis, static_cast<int32_t>(rest * (1'000'000 / per_milli))};
}
inline bool InstantToTicks(const Instant& instant, int64_t ticks_per_second, int64_t* ticks) {
  const int64_t per_milli = ticks_per_second / kMillisPerSecond;
  int64_t whole;
  if (__builtin_mul_overflow(instant.millis, per_milli, &whole)) return false;
  return !__builtin_add_overflow(whole, instant.nanos / (1'000'000 / per_milli), ticks);
}

// "2020-01-31", "12:30:00[.123]", "2020-01-31 12:30:00[.123456789]": the forms in plans, nothing
// else.
std::optional<int32_t> ParseIsoDate(std::string_view text);
std::optional<int32_t> ParseIsoTime(std::string_view text);
std::optional<Instant> ParseIsoTimestamp(std::string_view text);

}  // namespace castor::expr
