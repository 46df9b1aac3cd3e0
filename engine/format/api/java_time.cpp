#include "format/api/java_time.h"

#include <charconv>
#include <cstring>

#include "format/api/digits.h"
#include "format/api/java_number.h"

namespace castor::format {
namespace {

constexpr int64_t kNanosPerSecond = 1'000'000'000;
// Digits of a year of 64 bits, and characters of a date, a time and what is between them.
constexpr size_t kMaxYear = 20;
constexpr size_t kMaxText = 48;

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

// Texts in which each character is a digit or a given separator, eight characters at a time.
class FixedLayout {
 public:
  // '0' in `layout` is any digit; other characters stand for themselves.
  explicit constexpr FixedLayout(const char (&layout)[9]) {
    for (int i = 0; i < 8; ++i) {
      layout_ |= static_cast<uint64_t>(layout[i]) << (8 * i);
      // What carries into the high bit from 10 on, or from 1 on.
      bias_ |= (layout[i] == '0' ? uint64_t{0x76} : uint64_t{0x7f}) << (8 * i);
    }
  }

  // In byte i the number that the characters i and i + 1 spell, if both are digits.
  bool Read(const char* text, uint64_t* pairs) const {
    uint64_t word;
    std::memcpy(&word, text, sizeof(word));
    word ^= layout_;
    if ((((word + bias_) | word) & 0x8080808080808080) != 0) return false;
    *pairs = word * 10 + (word >> 8);
    return true;
  }

 private:
  uint64_t layout_ = 0;
  uint64_t bias_ = 0;
};

int32_t PairAt(uint64_t pairs, int place) {
  return static_cast<int32_t>(pairs >> (8 * place) & 0xff);
}

// "yyyy-MM-dd?HH:mm:ss" with `separator` for the '?', and perhaps milliseconds, of days that there
// are: how nearly all timestamps are written. Others may be right as well.
bool ReadUsualTimestamp(std::string_view text, char separator, int64_t* days, int64_t* nanos) {
  static constexpr FixedLayout kYearAndMonth("0000-00-"), kTime("00:00:00"), kMillis("00:00.00");
  constexpr size_t kSeconds = 19;
  constexpr size_t kMilliseconds = kSeconds + 4;
  const char* const p = text.data();
  uint64_t date, time;
  if (text.size() != kSeconds && text.size() != kMilliseconds) return false;
  if (!kYearAndMonth.Read(p, &date) || !kTime.Read(p + 11, &time) || p[10] != separator)
    return false;
  const auto day_tens = static_cast<uint32_t>(p[8] - '0');
  const auto day_ones = static_cast<uint32_t>(p[9] - '0');
  if (day_tens > 9 || day_ones > 9) return false;
  const int64_t year = PairAt(date, 0) * 100 + PairAt(date, 2);
  const int32_t month = PairAt(date, 5);
  const auto day = static_cast<int32_t>(day_tens * 10 + day_ones);
  if (month < 1 || month > 12 || day < 1 || day > DaysInMonth(year, month)) return false;
  const int32_t hour = PairAt(time, 0), minute = PairAt(time, 3), second = PairAt(time, 6);
  if (hour > 23 || minute > 59 || second > 59) return false;
  int64_t millis = 0;
  if (text.size() == kMilliseconds) {
    uint64_t tail;
    const auto last = static_cast<uint32_t>(p[kMilliseconds - 1] - '0');
    if (last > 9 || !kMillis.Read(p + kSeconds - 5, &tail)) return false;
    millis = PairAt(tail, 6) * 10 + static_cast<int64_t>(last);
  }
  *days = DaysFromCivil(year, month, day);
  *nanos = (hour * 3600 + minute * 60 + second) * kNanosPerSecond + millis * 1'000'000;
  return true;
}

bool ScanTimestamp(std::string_view text, bool iso, bool zoned, int64_t* days, int64_t* nanos) {
  // The one constant of java.time among Flink's four formats is strict.
  const Resolver resolver = iso && !zoned ? Resolver::kStrict : Resolver::kSmart;
  Scanner scanner(text);
  if (!ScanDate(&scanner, resolver, days)) return false;
  if (!scanner.Take(iso ? 'T' : ' ') && !(iso && !zoned && scanner.Take('t'))) return false;
  return ScanTime(&scanner, resolver, iso, nanos) && scanner.AtEnd();
}

bool ToMillis(std::string_view text, Resolver resolver, bool seconds_optional, int32_t* millis) {
  Scanner scanner(text);
  int64_t nanos;
  if (!ScanTime(&scanner, resolver, seconds_optional, &nanos) || !scanner.AtEnd()) return false;
  *millis = static_cast<int32_t>(nanos % kNanosPerDay / 1'000'000);
  return true;
}

int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// Days and nanoseconds of the day.
void SplitTicks(int64_t ticks, int64_t ticks_per_second, int64_t* days, int64_t* nanos) {
  const int64_t ticks_per_day = 86'400 * ticks_per_second;
  *days = FloorDivide(ticks, ticks_per_day);
  *nanos = (ticks - *days * ticks_per_day) * (kNanosPerSecond / ticks_per_second);
}

// The Put functions write at `at` and return where they end.
char* PutTwoDigits(int64_t value, char* at) {
  at[0] = static_cast<char>('0' + value / 10);
  at[1] = static_cast<char>('0' + value % 10);
  return at + 2;
}

char* PutSeconds(int64_t nanos_of_day, char* at) {
  const auto seconds = static_cast<int32_t>(nanos_of_day / kNanosPerSecond);
  at = PutTwoDigits(seconds / 3600, at);
  *at++ = ':';
  at = PutTwoDigits(seconds / 60 % 60, at);
  *at++ = ':';
  return PutTwoDigits(seconds % 60, at);
}

char* PutFraction(int64_t nanos, int32_t digits, char* at) {
  at[0] = '.';
  auto rest = static_cast<uint32_t>(nanos);
  for (int32_t i = 9; i > digits; --i) rest /= 10;
  for (int32_t i = digits; i > 0; --i, rest /= 10) at[i] = static_cast<char>('0' + rest % 10);
  return at + digits + 1;
}

// In groups of three digits, as java.time's toString prints; nothing for 0.
char* PutGroupedFraction(int64_t nanos, char* at) {
  if (nanos == 0) return at;
  return PutFraction(nanos, nanos % 1'000'000 == 0 ? 3 : nanos % 1000 == 0 ? 6 : 9, at);
}

// As many digits as are needed; nothing for 0.
char* PutShortFraction(int64_t nanos, char* at) {
  if (nanos == 0) return at;
  at = PutFraction(nanos, nanos % 1'000'000 == 0 ? 3 : 9, at);
  while (at[-1] == '0') --at;
  return at;
}

char* PutDate(int64_t days, char* at) {
  int64_t year;
  int32_t month, day;
  CivilFromDays(days, &year, &month, &day);
  if (year < 0) *at++ = '-';
  if (year > 9999) *at++ = '+';
  const int64_t magnitude = year < 0 ? -year : year;
  if (magnitude < 10'000) {
    at = PutTwoDigits(magnitude / 100, at);
    at = PutTwoDigits(magnitude % 100, at);
  } else {
    at = std::to_chars(at, at + kMaxYear, magnitude).ptr;
  }
  *at++ = '-';
  at = PutTwoDigits(month, at);
  *at++ = '-';
  return PutTwoDigits(day, at);
}

// Date, separator and what `put_time(nanos_of_day, at)` writes, at most to the nanosecond.
template <typename PutTime>
void AppendDateAndTime(int64_t ticks, int64_t ticks_per_second, char separator, PutTime&& put_time,
                       std::string* out) {
  int64_t days, nanos;
  SplitTicks(ticks, ticks_per_second, &days, &nanos);
  char text[kMaxText];
  char* at = PutDate(days, text);
  *at++ = separator;
  at = put_time(nanos, at);
  out->append(text, static_cast<size_t>(at - text));
}

char* PutTime(int64_t nanos_of_day, char* at) {
  return PutShortFraction(nanos_of_day % kNanosPerSecond, PutSeconds(nanos_of_day, at));
}

char* PutJavaLocalTime(int64_t nanos_of_day, char* at) {
  at = PutSeconds(nanos_of_day, at);
  if (nanos_of_day % (60 * kNanosPerSecond) == 0) return at - 3;
  return PutGroupedFraction(nanos_of_day % kNanosPerSecond, at);
}

char* PutTimeFixed(int64_t nanos_of_day, int32_t digits, char* at) {
  at = PutSeconds(nanos_of_day, at);
  return digits > 0 ? PutFraction(nanos_of_day % kNanosPerSecond, digits, at) : at;
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
  if (zoned) {
    if (text.empty() || text.back() != 'Z') return false;
    text.remove_suffix(1);
  }
  int64_t days, nanos;
  if (!ReadUsualTimestamp(text, iso ? 'T' : ' ', &days, &nanos) &&
      !ScanTimestamp(text, iso, zoned, &days, &nanos)) {
    return false;
  }
  const int64_t per_second = type.TicksPerSecond();
  int64_t base;
  return !__builtin_mul_overflow(days, 86'400 * per_second, &base) &&
         !__builtin_add_overflow(base, nanos / (kNanosPerSecond / per_second), ticks);
}

void AppendDate(int64_t days, std::string* out) {
  char text[kMaxText];
  out->append(text, static_cast<size_t>(PutDate(days, text) - text));
}

void AppendTime(int64_t nanos_of_day, std::string* out) {
  char text[kMaxText];
  out->append(text, static_cast<size_t>(PutTime(nanos_of_day, text) - text));
}

void AppendTimestamp(int64_t ticks, int64_t ticks_per_second, char separator, std::string* out) {
  AppendDateAndTime(ticks, ticks_per_second, separator, PutTime, out);
}

void AppendJavaLocalTime(int64_t nanos_of_day, std::string* out) {
  char text[kMaxText];
  out->append(text, static_cast<size_t>(PutJavaLocalTime(nanos_of_day, text) - text));
}

void AppendJavaLocalDateTime(int64_t ticks, int64_t ticks_per_second, std::string* out) {
  AppendDateAndTime(ticks, ticks_per_second, 'T', PutJavaLocalTime, out);
}

void AppendJavaInstant(int64_t ticks, int64_t ticks_per_second, std::string* out) {
  const auto put_time = [](int64_t nanos, char* at) {
    at = PutGroupedFraction(nanos % kNanosPerSecond, PutSeconds(nanos, at));
    *at++ = 'Z';
    return at;
  };
  AppendDateAndTime(ticks, ticks_per_second, 'T', put_time, out);
}

void AppendTimeFixed(int64_t nanos_of_day, int32_t digits, std::string* out) {
  char text[kMaxText];
  out->append(text, static_cast<size_t>(PutTimeFixed(nanos_of_day, digits, text) - text));
}

void AppendTimestampFixed(int64_t ticks, int64_t ticks_per_second, char separator, int32_t digits,
                          std::string* out) {
  const auto put_time = [digits](int64_t nanos, char* at) {
    return PutTimeFixed(nanos, digits, at);
  };
  AppendDateAndTime(ticks, ticks_per_second, separator, put_time, out);
}

}  // namespace castor::format
