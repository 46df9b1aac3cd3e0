#include "format/parquet/local_time.h"

#include <date/tz.h>

#include <algorithm>
#include <cstdlib>

#include "format/api/java_time.h"

namespace castor::format::parquet {
namespace {

constexpr int64_t kSecondsPerDay = 86'400;
constexpr int64_t kFirstGregorianDay = -141'427;  // 1582-10-15
constexpr int64_t kFirstGregorianYear = 1582;
constexpr int64_t kFirstTransition = -2'208'988'800;  // 1900-01-01, where the JDK's tables begin

// The day number of a date of the Julian calendar.
int64_t DaysFromJulian(int64_t year, int32_t month, int32_t day) {
  const int64_t shifted_year = year - (month <= 2 ? 1 : 0);
  const int64_t era_years = shifted_year >= 0 ? shifted_year / 4 : -((3 - shifted_year) / 4);
  const int64_t year_of_era = shifted_year - era_years * 4;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era_years * 1461 + year_of_era * 365 + day_of_year - 719'470;
}

void JulianFromDays(int64_t days, int64_t* year, int32_t* month, int32_t* day) {
  const int64_t z = days + 719'470;
  const int64_t era = (z >= 0 ? z : z - 1460) / 1461;
  const int64_t day_of_era = z - era * 1461;
  const int64_t year_of_era = (day_of_era - day_of_era / 1460) / 365;
  const int64_t day_of_year = day_of_era - 365 * year_of_era;
  const int64_t shifted_month = (5 * day_of_year + 2) / 153;
  *day = static_cast<int32_t>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
  *month = static_cast<int32_t>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  *year = era * 4 + year_of_era + (*month <= 2 ? 1 : 0);
}

int64_t FloorDiv(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// The same date and time of day as java.util.Date counts it.
int64_t HybridFromProleptic(int64_t seconds) {
  const int64_t days = FloorDiv(seconds, kSecondsPerDay);
  if (days >= kFirstGregorianDay) return seconds;
  int64_t year;
  int32_t month, day;
  CivilFromDays(days, &year, &month, &day);
  if (year >= kFirstGregorianYear) return seconds;
  return seconds + (DaysFromJulian(year, month, day) - days) * kSecondsPerDay;
}

int64_t ProlepticFromHybrid(int64_t seconds) {
  const int64_t days = FloorDiv(seconds, kSecondsPerDay);
  if (days >= kFirstGregorianDay) return seconds;
  int64_t year;
  int32_t month, day;
  JulianFromDays(days, &year, &month, &day);
  return seconds + (DaysFromCivil(year, month, day) - days) * kSecondsPerDay;
}

int64_t OffsetOn(const date::time_zone& zone, date::sys_days day) {
  return zone.get_info(date::sys_seconds(day)).offset.count();
}

}  // namespace

Result<std::string> ProcessTimeZone() {
  const char* variable = std::getenv("TZ");
  if (variable != nullptr && *variable != '\0') {
    return std::string(variable[0] == ':' ? variable + 1 : variable);
  }
  try {
    return date::current_zone()->name();
  } catch (const std::exception&) {
    return std::string("UTC");  // a machine without /etc/localtime
  }
}

Result<LocalTime> LocalTime::Of(const std::string& zone) {
  LocalTime time;
  if (zone.empty()) return time;
  time.identity_ = false;
  if (zone == "UTC" || zone == "Etc/UTC" || zone == "GMT") return time;
  try {
    time.zone_ = date::locate_zone(zone);
  } catch (const std::exception&) {
    return Status::InvalidArgument(
        "the time zone of this process, '" + zone +
        "' (environment variable TZ), is not known; give a name such as "
        "'Europe/Berlin', or set option 'parquet.utc-timezone' = 'true'");
  }
  // Summer time is the larger offset, in January on one half of the globe.
  time.standard_offset_ = std::min(OffsetOn(*time.zone_, date::sys_days(date::January / 1 / 2037)),
                                   OffsetOn(*time.zone_, date::sys_days(date::July / 1 / 2037)));
  return time;
}

int64_t LocalTime::OffsetAt(int64_t instant_seconds) {
  if (zone_ == nullptr) return 0;
  if (instant_seconds < kFirstTransition) return standard_offset_;
  if (instant_seconds < begin_ || instant_seconds >= end_) {
    const date::sys_info info =
        zone_->get_info(date::sys_seconds(std::chrono::seconds(instant_seconds)));
    begin_ = std::max(info.begin.time_since_epoch().count(), kFirstTransition);
    end_ = info.end.time_since_epoch().count();
    offset_ = info.offset.count();
  }
  return offset_;
}

int64_t LocalTime::ToInstant(int64_t local_seconds) {
  const int64_t wall = HybridFromProleptic(local_seconds);
  if (zone_ == nullptr) return wall;
  if (wall - standard_offset_ < kFirstTransition) return wall - standard_offset_;
  // Far from both ends of the period that is known, the offset is not in doubt.
  const int64_t guess = wall - offset_;
  if (guess >= begin_ + kSecondsPerDay && guess < end_ - kSecondsPerDay) return guess;
  const date::local_info info = zone_->get_info(date::local_seconds(std::chrono::seconds(wall)));
  const bool later = info.result == date::local_info::ambiguous;
  const int64_t instant = wall - (later ? info.second : info.first).offset.count();
  OffsetAt(instant);
  return instant;
}

int64_t LocalTime::FromInstant(int64_t instant_seconds) {
  return ProlepticFromHybrid(instant_seconds + OffsetAt(instant_seconds));
}

}  // namespace castor::format::parquet
