#include "expr/date_time.h"

#include "expr/java_number.h"

namespace castor::expr {
namespace {

// Exactly `digits` digits, taken off the front.
bool TakeDigits(std::string_view* text, size_t digits, int32_t* value) {
  if (text->size() < digits) return false;
  *value = 0;
  for (size_t i = 0; i < digits; ++i) {
    const char c = (*text)[i];
    if (c < '0' || c > '9') return false;
    *value = *value * 10 + (c - '0');
  }
  text->remove_prefix(digits);
  return true;
}

bool Take(std::string_view* text, char expected) {
  if (text->empty() || text->front() != expected) return false;
  text->remove_prefix(1);
  return true;
}

bool TakeDate(std::string_view* text, int64_t* days) {
  int32_t year, month, day;
  if (!TakeDigits(text, 4, &year) || !Take(text, '-') || !TakeDigits(text, 2, &month) ||
      !Take(text, '-') || !TakeDigits(text, 2, &day)) {
    return false;
  }
  if (month < 1 || month > 12 || day < 1 || day > DaysInMonth(year, month)) return false;
  *days = DaysFromCivil(year, month, day);
  return true;
}

bool TakeTime(std::string_view* text, int64_t* nanos_of_day) {
  int32_t hour, minute, second;
  if (!TakeDigits(text, 2, &hour) || !Take(text, ':') || !TakeDigits(text, 2, &minute) ||
      !Take(text, ':') || !TakeDigits(text, 2, &second)) {
    return false;
  }
  if (hour > 23 || minute > 59 || second > 59) return false;
  int64_t fraction = 0;
  if (Take(text, '.')) {
    int64_t unit = 100'000'000;
    while (!text->empty() && text->front() >= '0' && text->front() <= '9' && unit > 0) {
      fraction += (text->front() - '0') * unit;
      unit /= 10;
      text->remove_prefix(1);
    }
  }
  *nanos_of_day = (hour * 3600 + minute * 60 + second) * 1'000'000'000LL + fraction;
  return true;
}

}  // namespace

CivilDate date_time_internal::CivilFromAnyDay(int64_t days) {
  days += 719468;
  const int64_t era = FloorDiv(days, 146097);
  const auto day_of_era = static_cast<uint32_t>(days - era * 146097);
  const uint32_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const uint32_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const uint32_t shifted = (5 * day_of_year + 2) / 153;  // months from March
  const auto day = static_cast<int32_t>(day_of_year - (153 * shifted + 2) / 5 + 1);
  const auto month = static_cast<int32_t>(shifted < 10 ? shifted + 3 : shifted - 9);
  const auto year = static_cast<int32_t>(year_of_era + era * 400 + (month <= 2));
  return {year, month, day};
}

int64_t DaysFromCivil(int64_t year, int32_t month, int32_t day) {
  year -= month <= 2;
  const int64_t era = FloorDiv(year, 400);
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

int32_t UnixDate(int32_t year, int32_t month, int32_t day) {
  const int32_t before_march = (14 - month) / 12;
  const int32_t y = year + 4800 - before_march;
  const int32_t m = month + 12 * before_march - 3;
  constexpr int32_t kJulianOfEpoch = 2440588;
  const int32_t days = day + (153 * m + 2) / 5 + y / 4 - y / 100 + y / 400 - 32045;
  return WrappingAdd(WrappingMultiply(365, y), days - kJulianOfEpoch);
}

int32_t DaysInMonth(int64_t year, int32_t month) {
  constexpr int32_t kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month != 2) return kDays[month - 1];
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
}

std::optional<int32_t> ParseIsoDate(std::string_view text) {
  int64_t days;
  if (!TakeDate(&text, &days) || !text.empty()) return std::nullopt;
  return static_cast<int32_t>(days);
}

std::optional<int32_t> ParseIsoTime(std::string_view text) {
  int64_t nanos;
  if (!TakeTime(&text, &nanos) || !text.empty()) return std::nullopt;
  return static_cast<int32_t>(nanos / 1'000'000);
}

std::optional<Instant> ParseIsoTimestamp(std::string_view text) {
  int64_t days, nanos;
  if (!TakeDate(&text, &days) || !Take(&text, ' ') || !TakeTime(&text, &nanos) || !text.empty()) {
    return std::nullopt;
  }
  return Instant{days * kMillisPerDay + nanos / 1'000'000, static_cast<int32_t>(nanos % 1'000'000)};
}

}  // namespace castor::expr
