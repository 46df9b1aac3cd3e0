// Dates, times and timestamps as text, read and printed as Flink's TimeFormats and java.time do.
//
// `Resolver` is java.time's ResolverStyle: kStrict refuses 30 February, kSmart takes it as the last
// day of the month and 24:00 as the next day's midnight. Free functions without state; readers
// answer false for what Java would refuse, printers append to `out`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "column/logical_type.h"

namespace castor::format {

enum class Resolver : uint8_t { kStrict, kSmart };

// Flink's option `timestamp-format.standard`: what stands between date and time, and how much of
// the time may be left out.
enum class TimestampStyle : uint8_t { kSql, kIso8601 };

inline constexpr int64_t kNanosPerDay = 86'400'000'000'000;

// Days since 1970-01-01 of a date of the proleptic Gregorian calendar, and back.
int64_t DaysFromCivil(int64_t year, int32_t month, int32_t day);
void CivilFromDays(int64_t days, int64_t* year, int32_t* month, int32_t* day);

// DateTimeFormatter.ISO_LOCAL_DATE.
bool ParseIsoDate(std::string_view text, int32_t* days);
// java.sql.Date.valueOf: "yyyy-[m]m-[d]d", where day 31 of a short month runs on into the next one.
bool ParseSqlDate(std::string_view text, int32_t* days);
// TimeFormats.SQL_TIME_FORMAT ("HH:mm:ss" and up to nine fraction digits), in milliseconds of the
// day.
bool ParseSqlTime(std::string_view text, int32_t* millis);
// DateTimeFormatter.ISO_LOCAL_TIME: seconds may be left out.
bool ParseIsoTime(std::string_view text, int32_t* millis);

// A timestamp in the ticks of `type` (rounded down). A trailing 'Z' is demanded of TIMESTAMP_LTZ
// and refused of TIMESTAMP. False also for an instant that the type's 64 bits do not hold.
bool ParseTimestamp(std::string_view text, TimestampStyle style, const LogicalType& type,
                    int64_t* ticks);

void AppendDate(int64_t days, std::string* out);  // ISO_LOCAL_DATE
// "HH:mm:ss" and as many fraction digits as are needed.
void AppendTime(int64_t nanos_of_day, std::string* out);
// Date, `separator`, time.
void AppendTimestamp(int64_t ticks, int64_t ticks_per_second, char separator, std::string* out);
// LocalTime.toString and LocalDateTime.toString: seconds only where needed, 3, 6 or 9 fraction
// digits.
void AppendJavaLocalTime(int64_t nanos_of_day, std::string* out);
void AppendJavaLocalDateTime(int64_t ticks, int64_t ticks_per_second, std::string* out);
// Instant.toString: as LocalDateTime, but always with seconds, and 'Z'.
void AppendJavaInstant(int64_t ticks, int64_t ticks_per_second, std::string* out);
// As AppendTime and AppendTimestamp with exactly `digits` fraction digits (and no point for 0).
void AppendTimeFixed(int64_t nanos_of_day, int32_t digits, std::string* out);
void AppendTimestampFixed(int64_t ticks, int64_t ticks_per_second, char separator, int32_t digits,
                          std::string* out);

}  // namespace castor::format
