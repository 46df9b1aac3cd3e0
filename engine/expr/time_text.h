// Dates and times as text, as Flink's casts read and write them (DateTimeUtils). Pure functions.
//
// Writers take at most kMaxTimeText bytes and return the end.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "expr/date_time.h"

namespace castor::expr {

inline constexpr int kMaxTimeText = 48;

// DateTimeUtils.parseDate(String): "2020-1-31", "2020-01", "2020", what follows a blank is ignored.
std::optional<int32_t> ParseCastDate(std::string_view text);
// DateTimeUtils.parseTime: "12", "12:30", "12:30:00.123", with an offset such as "+08:00".
// Milliseconds.
std::optional<int32_t> ParseCastTime(std::string_view text);
// DateTimeUtils.parseTimestampData: "2020-1-31", "2020-01-31 12:30:00.123456789"; the 31st of a
// shorter month is its last day, 24:00:00 the next day's begin. Digits beyond `precision` are cut
// off.
std::optional<Instant> ParseCastTimestamp(std::string_view text, int precision);

char* WriteDate(int32_t days, char* out);
char* WriteTime(int32_t millis, int precision, char* out);
// A local timestamp with `precision` digits behind the point.
char* WriteTimestamp(const Instant& local, int precision, char* out);
// LocalDateTime.toString: a T, seconds only where there are any, 0, 3, 6 or 9 digits behind the
// point.
char* WriteLocalDateTime(const Instant& local, char* out);
char* WriteYearMonthInterval(int32_t months, char* out);
char* WriteDayTimeInterval(int64_t millis, char* out);

// DateTimeUtils.truncate and applyTimePrecisionTruncation: towards zero, which is not down before
// 1970.
Instant TruncateInstant(const Instant& instant, int precision);
int32_t TruncateTime(int32_t millis, int precision);

}  // namespace castor::expr
