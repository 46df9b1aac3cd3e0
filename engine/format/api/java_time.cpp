#include "format/api/java_time.h"

#include <algorithm>

#include "format/api/java_number.h"

namespace castor::format {
namespace {

constexpr int64_t kNanosPerSecond = 1'000'000'000;

bool IsLeapYear(int64_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int32_t DaysInMonth(int64_t year, int32_t month) {
  constexpr int8_t kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && IsLeapYear(year) ? 29 : kDays[month - 1];
}

// Reads text from left to right; every function answers whether what it wants stood there.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : p_(text.data()), end_(p_ + text.size()) {}

  bool AtEnd() const { return p_ == end_; }
  bool Take(char c) {
    if (p_ == end_ || *p_ != c) return false;
    ++p_;
    return true;
  }
  bool TwoDigits(int32_t* value) {
    if (end_ - p_ < 2 || !IsDigit(p_[0]) || !IsDigit(p_[1])) return false;
    *value = (p_[0] - '0') * 10 + (p_[1] - '0');
    p_ += 2;
    return true;
  }
  // Up to nine digits as a fraction of a second; none are fine.
  int64_t Fraction() {
    int64_t nanos = 0;
    int32_t digits = 0;
    for (; digits < 9 && p_ < end_ && IsDigit(*p_); ++p_, ++digits) {
      nanos = nanos * 10 + (*p_ - '0');
    }
    for (; digits < 9; ++digits) nanos *= 10;
    return nanos;
  }
  // Four digits, or a sign and up to nine: '+' only with more than four (SignStyle.EXCEEDS_PAD).
  bool Year(int64_t* year) {
    const bool plus = Take('+');
    const bool minus = !plus && Take('-');
    int64_t value = 0;
    int32_t digits = 0;
    for (; digits < 9 && p_ < end_ && IsDigit(*p_); ++p_, ++digits)
      value = value * 10 + (*p_ - '0');
    if (digits < 4 || (plus && digits == 4) || (!plus && !minus && digits > 4)) return false;
    if (minus && value == 0) return false;
    *year = minus ? -value : value;
    return true;
  }

 private:
  static bool IsDigit(char c) { return c >= '0' && c <= '9'; }

  const char* p_;
  const char* const end_;
};

bool ScanDate(Scanner* scanner, Resolver resolver, int64_t* days) {
  int64_t year;
  int32_t month, day;
  if (!scanner->Year(&year) || !scanner->Take('-') || !scanner->TwoDigits(&month) ||
      !scanner->Take('-') || !scanner->TwoDigits(&day)) {
    return false;
  }
  if (month < 1 || month > 12 || day < 1 || day > 31) return false;
  const int32_t last = DaysInMonth(year, month);
  if (day > last) {
    if (resolver == Resolver::kStrict) return false;
    day = last;
  }
  *days = DaysFromCivil(year, month, day);
  return true;
}

// Nanoseconds of the day; with kSmart also 24:00, which is one day's worth.
bool ScanTime(Scanner* scanner, Resolver resolver, bool seconds_optional, int64_t* nanos) {
  int32_t hour, minute, second = 0;
  int64_t fraction = 0;
  if (!scanner->TwoDigits(&hour) || !scanner->Take(':') || !scanner->TwoDigits(&minute)) {
    return false;
  }
  if (scanner->Take(':')) {
    if (!scanner->TwoDigits(&second)) return false;
    if (scanner->Take('.')) fraction = scanner->Fraction();
  } else if (!seconds_optional) {
    return false;
  }
  if (minute > 59 || second > 59) return false;
  if (hour > 23) {
    const bool midnight = hour == 24 && minute == 0 && second == 0 && fraction == 0;
    if (resolver == Resolver::kStrict || !midnight) return false;
  }
  *nanos = (hour * 3600 + minute * 60 + second) * kNanosPerSecond + fraction;
  return true;
}

bool ToMillis(std::string_view text, Resolver resolver, bool seconds_optional, int32_t* millis) {
  Scanner scanner(text);
  int64_t nanos;
  if (!ScanTime(&scanner, resolver, seconds_optional, &nanos) || !scanner.AtEnd()) return false;
  *millis = static_cast<int32_t>(nanos % kNanosPerDay / 1'000'000);
  return true;
}

void AppendTwoDigits(int64_t value, std::string* out) {
  const char text[] = {static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
  out->append(text, 2);
}

void AppendSeconds(int64_t nanos_of_day, std::string* out) {
  const int64_t seconds = nanos_of_day / kNanosPerSecond;
  AppendTwoDigits(seconds / 3600, out);
  *out += ':';
  AppendTwoDigits(seconds / 60 % 60, out);
  *out += ':';
  AppendTwoDigits(seconds % 60, out);
}

void AppendFraction(int64_t nanos, int32_t digits, std::string* out) {
  char text[10];
  text[0] = '.';
  for (int32_t i = 9; i > 0; --i, nanos /= 10) text[i] = static_cast<char>('0' + nanos % 10);
  out->append(text, static_cast<size_t>(digits) + 1);
}

// In groups of three digits, as java.time's toString prints; nothing for 0.
void AppendGroupedFraction(int64_t nanos, std::string* out) {
  if (nanos == 0) return;
  AppendFraction(nanos, nanos % 1'000'000 == 0 ? 3 : nanos % 1000 == 0 ? 6 : 9, out);
}

int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// Days and nanoseconds of the day.
void SplitTicks(int64_t ticks, int64_t ticks_per_second, int64_t* days, int64_t* nanos) {
  const int64_t ticks_per_day = 86'400 * ticks_per_second;
  *days = FloorDivide(ticks, ticks_per_day);
  *nanos = (ticks - *days * ticks_per_day) * (kNanosPerSecond / ticks_per_second);
}

}  // namespace

// Both after Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms": years begin in March,
// so that the leap day is the last one; an era has 400 years.
int64_t DaysFromCivil(int64_t year, int32_t month, int32_t day) {
  year -= month <= 2 ? 1 : 0;
  const int64_t era = FloorDivide(year, 400);
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

void CivilFromDays(int64_t days, int64_t* year, int32_t* month, int32_t* day) {
  days += 719'468;
  const int64_t era = FloorDivide(days, 146'097);
  const int64_t day_of_era = days - era * 146'097;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t shifted_month = (5 * day_of_year + 2) / 153;
  *day = static_cast<int32_t>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
  *month = static_cast<int32_t>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  *year = year_of_era + era * 400 + (*month <= 2 ? 1 : 0);
}

bool ParseIsoDate(std::string_view text, int32_t* days) {
  Scanner scanner(text);
  int64_t wide;
  if (!ScanDate(&scanner, Resolver::kStrict, &wide) || !scanner.AtEnd()) return false;
  if (wide < INT32_MIN || wide > INT32_MAX) return false;
  *days = static_cast<int32_t>(wide);
  return true;
}

bool ParseSqlDate(std::string_view text, int32_t* days) {
  const size_t first = text.find('-');
  if (first != 4) return false;
  const size_t second = text.find('-', first + 1);
  if (second == std::string_view::npos) return false;
  int64_t year, month, day;
  const std::string_view month_text = text.substr(first + 1, second - first - 1);
  const std::string_view day_text = text.substr(second + 1);
  if (month_text.empty() || month_text.size() > 2 || day_text.empty() || day_text.size() > 2) {
    return false;
  }
  if (!ParseJavaInteger(text.substr(0, 4), -999, 9999, &year) ||
      !ParseJavaInteger(month_text, 1, 12, &month) || !ParseJavaInteger(day_text, 1, 31, &day)) {
    return false;
  }
  *days = static_cast<int32_t>(DaysFromCivil(year, static_cast<int32_t>(month), 1) + day - 1);
  return true;
}

bool ParseSqlTime(std::string_view text, int32_t* millis) {
  return ToMillis(text, Resolver::kSmart, false, millis);
}

bool ParseIsoTime(std::string_view text, int32_t* millis) {
  return ToMillis(text, Resolver::kStrict, true, millis);
}

bool ParseTimestamp(std::string_view text, TimestampStyle style, const LogicalType& type,
                    int64_t* ticks) {
  const bool zoned = type.kind() == TypeKind::kTimestampLtz;
  const bool iso = style == TimestampStyle::kIso8601;
  // The one constant of java.time among Flink's four formats is strict.
  const Resolver resolver = iso && !zoned ? Resolver::kStrict : Resolver::kSmart;
  Scanner scanner(text);
  int64_t days, nanos;
  if (!ScanDate(&scanner, resolver, &days)) return false;
  if (!scanner.Take(iso ? 'T' : ' ') && !(iso && !zoned && scanner.Take('t'))) return false;
  if (!ScanTime(&scanner, resolver, iso, &nanos)) return false;
  if (zoned && !scanner.Take('Z')) return false;
  if (!scanner.AtEnd()) return false;
  const int64_t per_second = type.TicksPerSecond();
  int64_t base;
  return !__builtin_mul_overflow(days, 86'400 * per_second, &base) &&
         !__builtin_add_overflow(base, nanos / (kNanosPerSecond / per_second), ticks);
}

void AppendDate(int64_t days, std::string* out) {
  int64_t year;
  int32_t month, day;
  CivilFromDays(days, &year, &month, &day);
  if (year < 0) *out += '-';
  if (year > 9999) *out += '+';
  const int64_t magnitude = year < 0 ? -year : year;
  if (magnitude < 10'000) {
    AppendTwoDigits(magnitude / 100, out);
    AppendTwoDigits(magnitude % 100, out);
  } else {
    AppendInteger(magnitude, out);
  }
  *out += '-';
  AppendTwoDigits(month, out);
  *out += '-';
  AppendTwoDigits(day, out);
}

void AppendTime(int64_t nanos_of_day, std::string* out) {
  AppendSeconds(nanos_of_day, out);
  int64_t fraction = nanos_of_day % kNanosPerSecond;
  if (fraction == 0) return;
  int32_t digits = 9;
  for (int64_t rest = fraction; rest % 10 == 0; rest /= 10) --digits;
  AppendFraction(fraction, digits, out);
}

void AppendTimestamp(int64_t ticks, int64_t ticks_per_second, char separator, std::string* out) {
  int64_t days, nanos;
  SplitTicks(ticks, ticks_per_second, &days, &nanos);
  AppendDate(days, out);
  *out += separator;
  AppendTime(nanos, out);
}

void AppendJavaLocalTime(int64_t nanos_of_day, std::string* out) {
  AppendSeconds(nanos_of_day, out);
  if (nanos_of_day % (60 * kNanosPerSecond) == 0) {
    out->resize(out->size() - 3);
  } else {
    AppendGroupedFraction(nanos_of_day % kNanosPerSecond, out);
  }
}

void AppendJavaLocalDateTime(int64_t ticks, int64_t ticks_per_second, std::string* out) {
  int64_t days, nanos;
  SplitTicks(ticks, ticks_per_second, &days, &nanos);
  AppendDate(days, out);
  *out += 'T';
  AppendJavaLocalTime(nanos, out);
}

void AppendJavaInstant(int64_t ticks, int64_t ticks_per_second, std::string* out) {
  int64_t days, nanos;
  SplitTicks(ticks, ticks_per_second, &days, &nanos);
  AppendDate(days, out);
  *out += 'T';
  AppendSeconds(nanos, out);
  AppendGroupedFraction(nanos % kNanosPerSecond, out);
  *out += 'Z';
}

void AppendTimeFixed(int64_t nanos_of_day, int32_t digits, std::string* out) {
  AppendSeconds(nanos_of_day, out);
  if (digits > 0) AppendFraction(nanos_of_day % kNanosPerSecond, digits, out);
}

void AppendTimestampFixed(int64_t ticks, int64_t ticks_per_second, char separator, int32_t digits,
                          std::string* out) {
  int64_t days, nanos;
  SplitTicks(ticks, ticks_per_second, &days, &nanos);
  AppendDate(days, out);
  *out += separator;
  AppendTimeFixed(nanos, digits, out);
}

}  // namespace castor::format
