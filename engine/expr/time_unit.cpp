#include "expr/time_unit.h"

#include <utility>

#include "expr/date_time.h"

namespace castor::expr {
namespace {

constexpr std::pair<std::string_view, TimeUnit> kUnits[] = {
    {"MILLENNIUM", TimeUnit::kMillennium},
    {"CENTURY", TimeUnit::kCentury},
    {"DECADE", TimeUnit::kDecade},
    {"ISOYEAR", TimeUnit::kIsoYear},
    {"YEAR", TimeUnit::kYear},
    {"QUARTER", TimeUnit::kQuarter},
    {"MONTH", TimeUnit::kMonth},
    {"WEEK", TimeUnit::kWeek},
    {"DAY", TimeUnit::kDay},
    {"DOY", TimeUnit::kDoy},
    {"DOW", TimeUnit::kDow},
    {"ISODOW", TimeUnit::kIsoDow},
    {"HOUR", TimeUnit::kHour},
    {"MINUTE", TimeUnit::kMinute},
    {"SECOND", TimeUnit::kSecond},
    {"MILLISECOND", TimeUnit::kMillisecond},
    {"MICROSECOND", TimeUnit::kMicrosecond},
    {"NANOSECOND", TimeUnit::kNanosecond},
    {"EPOCH", TimeUnit::kEpoch},
};

// Monday = 1.
int32_t IsoDayOfWeek(int64_t days) { return static_cast<int32_t>(FloorMod(days + 3, 7)) + 1; }

// The Thursday of a day's week is in the year that the week counts for.
struct IsoWeek {
  int32_t year;
  int32_t week;
};
IsoWeek IsoWeekOf(int64_t days) {
  const int64_t thursday = days - IsoDayOfWeek(days) + 4;
  const int32_t year = CivilFromDays(thursday).year;
  return {year, static_cast<int32_t>((thursday - DaysFromCivil(year, 1, 1)) / 7) + 1};
}

int32_t RoundYearUp(int32_t year, int32_t years) {
  return year > 0 ? (year + years - 1) / years : (year - years + 1) / years;
}

// The date by which Flink floors: Julian before 1582-10-16, as in the book it cites.
CivilDate HybridDate(int32_t days) {
  const int64_t julian = static_cast<int64_t>(days) + 2440588;
  if (julian > 2299160) return CivilFromDays(days);
  const int64_t c = julian + 32082;
  const int64_t d = (4 * c + 3) / 1461;
  const int64_t e = c - 1461 * d / 4;
  const int64_t m = (5 * e + 2) / 153;
  return {static_cast<int32_t>(d - 4800 + m / 10), static_cast<int32_t>(m + 3 - 12 * (m / 10)),
          static_cast<int32_t>(e - (153 * m + 2) / 5 + 1)};
}

int64_t FirstOfYears(int32_t year, int32_t years, bool ceil) {
  const int32_t last = years * ((year + years - 1) / years);
  return UnixDate(ceil ? last + 1 : last - years + 1, 1, 1);
}

}  // namespace

std::optional<TimeUnit> ParseTimeUnit(std::string_view name) {
  for (const auto& [text, unit] : kUnits) {
    if (text == name) return unit;
  }
  return std::nullopt;
}

int64_t MillisOf(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kWeek:
      return 7 * kMillisPerDay;
    case TimeUnit::kDay:
      return kMillisPerDay;
    case TimeUnit::kHour:
      return kMillisPerHour;
    case TimeUnit::kMinute:
      return kMillisPerMinute;
    case TimeUnit::kSecond:
      return kMillisPerSecond;
    case TimeUnit::kMillisecond:
      return 1;
    default:
      return 0;
  }
}

int64_t ExtractFromDate(TimeUnit unit, int32_t days) {
  const CivilDate date = CivilFromDays(days);
  switch (unit) {
    case TimeUnit::kMillennium:
      return RoundYearUp(date.year, 1000);
    case TimeUnit::kCentury:
      return RoundYearUp(date.year, 100);
    case TimeUnit::kDecade:
      return date.year / 10;
    case TimeUnit::kIsoYear:
      return IsoWeekOf(days).year;
    case TimeUnit::kYear:
      return date.year;
    case TimeUnit::kQuarter:
      return (date.month + 2) / 3;
    case TimeUnit::kMonth:
      return date.month;
    case TimeUnit::kWeek:
      return IsoWeekOf(days).week;
    case TimeUnit::kDay:
      return date.day;
    case TimeUnit::kDoy:
      return days - DaysFromCivil(date.year, 1, 1) + 1;
    case TimeUnit::kDow:
      return IsoDayOfWeek(days) % 7 + 1;
    case TimeUnit::kIsoDow:
      return IsoDayOfWeek(days);
    case TimeUnit::kEpoch:
      return days * 86400LL;
    default:
      return 0;
  }
}

int64_t FloorDate(TimeUnit unit, int32_t days, bool ceil) {
  const CivilDate date = HybridDate(days);
  switch (unit) {
    case TimeUnit::kMillennium:
      return FirstOfYears(date.year, 1000, ceil);
    case TimeUnit::kCentury:
      return FirstOfYears(date.year, 100, ceil);
    case TimeUnit::kDecade:
      return UnixDate(10 * (date.year / 10 + (ceil ? 1 : 0)), 1, 1);
    case TimeUnit::kYear: {
      const bool next = ceil && (date.month > 1 || date.day > 1);
      return UnixDate(date.year + (next ? 1 : 0), 1, 1);
    }
    case TimeUnit::kQuarter: {
      const bool next = ceil && (date.month > 1 || date.day > 1);
      const int32_t quarter = (date.month + 2) / 3 + (next ? 1 : 0);
      return UnixDate(date.year, quarter * 3 - 2, 1);
    }
    case TimeUnit::kMonth:
      return UnixDate(date.year, date.month + (ceil && date.day > 1 ? 1 : 0), 1);
    case TimeUnit::kWeek: {
      // Weeks begin on Sunday here.
      const int64_t of_week = FloorMod(static_cast<int64_t>(days) + 4, 7);
      const int64_t back = ceil && of_week > 0 ? of_week - 7 : of_week;
      return UnixDate(date.year, date.month, date.day) - back;
    }
    default:
      return UnixDate(date.year, date.month, date.day) + (ceil ? 1 : 0);
  }
}

}  // namespace castor::expr
