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

// After Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
CivilDate CivilFromDays(int64_t days);
int64_t DaysFromCivil(int64_t year, int32_t month, int32_t day);
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
