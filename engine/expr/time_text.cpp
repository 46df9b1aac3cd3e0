#include "expr/time_text.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace castor::expr {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// String.trim.
std::string_view Trim(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

// Digits, trimmed, as an int.
bool ReadInt(std::string_view text, int32_t* value) {
  text = Trim(text);
  if (text.empty()) return false;
  for (const char c : text) {
    if (!IsDigit(c)) return false;
  }
  return std::from_chars(text.data(), text.data() + text.size(), *value).ec == std::errc{};
}

bool ReadInt(std::string_view text, size_t from, size_t to, int32_t* value) {
  return from <= to && to <= text.size() && ReadInt(text.substr(from, to - from), value);
}

// Three digits, rounded by the fourth if that stands right behind them.
int32_t ReadMillis(std::string_view fraction) {
  int32_t multiplier = 100;
  int32_t millis = 0;
  for (size_t i = 0; i < fraction.size(); ++i) {
    millis += multiplier * (IsDigit(fraction[i]) ? fraction[i] - '0' : 0);
    if (multiplier < 10) {
      if (i + 1 < fraction.size() && fraction[i + 1] >= '5') ++millis;
      break;
    }
    multiplier /= 10;
  }
  return millis;
}

char* WriteTwo(int32_t value, char* out) {
  *out++ = static_cast<char>('0' + value / 10 % 10);
  *out++ = static_cast<char>('0' + value % 10);
  return out;
}
char* WriteFour(int32_t value, char* out) {
  return WriteTwo(value % 100, WriteTwo(value / 100, out));
}

char* WriteClock(int32_t seconds, char* out) {
  out = WriteTwo(seconds / 3600, out);
  *out++ = ':';
  out = WriteTwo(seconds / 60 % 60, out);
  *out++ = ':';
  return WriteTwo(seconds % 60, out);
}

// One or two digits off the front.
bool TakeOneOrTwo(std::string_view* text, int32_t* value) {
  size_t digits = 0;
  *value = 0;
  while (digits < 2 && digits < text->size() && IsDigit((*text)[digits])) {
    *value = *value * 10 + ((*text)[digits++] - '0');
  }
  text->remove_prefix(digits);
  return digits > 0;
}

bool Take(std::string_view* text, char expected) {
  if (text->empty() || text->front() != expected) return false;
  text->remove_prefix(1);
  return true;
}

// Four digits, or after a plus sign more than four.
bool TakeYear(std::string_view* text, int64_t* year) {
  const bool plus = Take(text, '+');
  size_t digits = 0;
  *year = 0;
  while (digits < text->size() && digits < 10 && IsDigit((*text)[digits])) {
    *year = *year * 10 + ((*text)[digits++] - '0');
  }
  text->remove_prefix(digits);
  return (plus ? digits > 4 : digits == 4) && *year >= 1 && *year <= 999'999'999;
}

bool TakeFraction(std::string_view* text, int32_t* nanos) {
  *nanos = 0;
  if (!Take(text, '.')) return true;
  int32_t unit = 100'000'000;
  for (; !text->empty() && IsDigit(text->front()); unit /= 10) {
    if (unit == 0) return false;
    *nanos += (text->front() - '0') * unit;
    text->remove_prefix(1);
  }
  return true;
}

struct Clock {
  int32_t hour = 0;
  int32_t minute = 0;
  int32_t second = 0;
  int32_t nanos = 0;
};

bool TakeClock(std::string_view* text, Clock* clock) {
  return Take(text, ' ') && TakeOneOrTwo(text, &clock->hour) && Take(text, ':') &&
         TakeOneOrTwo(text, &clock->minute) && Take(text, ':') &&
         TakeOneOrTwo(text, &clock->second) && TakeFraction(text, &clock->nanos);
}

}  // namespace

std::optional<int32_t> ParseCastDate(std::string_view text) {
  const size_t blank = text.find(' ');
  if (blank != std::string_view::npos && blank > 0) text = text.substr(0, blank);
  int32_t year = 0, month = 1, day = 1;
  const size_t first = text.find('-');
  if (first == std::string_view::npos) {
    if (!ReadInt(text, &year)) return std::nullopt;
  } else {
    if (!ReadInt(text, 0, first, &year)) return std::nullopt;
    const size_t second = text.find('-', first + 1);
    const size_t month_end = second == std::string_view::npos ? text.size() : second;
    if (!ReadInt(text, first + 1, month_end, &month)) return std::nullopt;
    if (second != std::string_view::npos && !ReadInt(text, second + 1, text.size(), &day)) {
      return std::nullopt;
    }
  }
  if (year > 9999 || month < 1 || month > 12 || day < 1 || day > DaysInMonth(year, month)) {
    return std::nullopt;
  }
  return static_cast<int32_t>(DaysFromCivil(year, month, day));
}

std::optional<int32_t> ParseCastTime(std::string_view text) {
  constexpr size_t kNone = std::string_view::npos;
  size_t end = text.size();
  int32_t sign = -1;
  size_t zone = text.find('-');
  if (zone == kNone) {
    zone = text.find('+');
    sign = 1;
  }
  int32_t zone_hour = 0, zone_minute = 0;
  if (zone != kNone) {
    end = zone;
    const size_t colon = text.find(':', zone);
    const size_t hour_end = colon == kNone ? text.size() : colon;
    if (!ReadInt(text, zone + 1, hour_end, &zone_hour)) return std::nullopt;
    if (colon != kNone && !ReadInt(text, colon + 1, text.size(), &zone_minute)) {
      return std::nullopt;
    }
  }
  int32_t hour = 0, minute = 0, second = 0, millis = 0;
  const size_t colon1 = text.find(':');
  if (colon1 == kNone) {
    if (!ReadInt(text, 0, end, &hour)) return std::nullopt;
  } else {
    if (!ReadInt(text, 0, colon1, &hour)) return std::nullopt;
    const size_t colon2 = text.find(':', colon1 + 1);
    if (colon2 == kNone) {
      if (!ReadInt(text, colon1 + 1, end, &minute)) return std::nullopt;
    } else {
      if (!ReadInt(text, colon1 + 1, colon2, &minute)) return std::nullopt;
      const size_t dot = text.find('.', colon2);
      if (!ReadInt(text, colon2 + 1, dot == kNone ? end : dot, &second)) return std::nullopt;
      if (dot != kNone) {
        if (dot + 1 > end) return std::nullopt;
        millis = ReadMillis(Trim(text.substr(dot + 1, end - dot - 1)));
      }
    }
  }
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const int64_t total = (hour + sign * static_cast<int64_t>(zone_hour)) * kMillisPerHour +
                        (minute + sign * static_cast<int64_t>(zone_minute)) * kMillisPerMinute +
                        second * kMillisPerSecond + millis;
  return static_cast<int32_t>(total);
}

std::optional<Instant> ParseCastTimestamp(std::string_view text, int precision) {
  int64_t year;
  int32_t month, day;
  if (!TakeYear(&text, &year) || !Take(&text, '-') || !TakeOneOrTwo(&text, &month) ||
      !Take(&text, '-') || !TakeOneOrTwo(&text, &day)) {
    return std::nullopt;
  }
  Clock clock;
  if (!text.empty() && (!TakeClock(&text, &clock) || !text.empty())) return std::nullopt;
  if (month < 1 || month > 12 || day < 1 || day > 31) return std::nullopt;
  if (clock.minute > 59 || clock.second > 59) return std::nullopt;
  const bool midnight = clock.hour == 24 && clock.minute + clock.second + clock.nanos == 0;
  if (clock.hour > 23 && !midnight) return std::nullopt;

  int32_t unit = 1;
  for (int digit = precision; digit < 9; ++digit) unit *= 10;
  clock.nanos = clock.nanos / unit * unit;
  const int64_t days = DaysFromCivil(year, month, std::min(day, DaysInMonth(year, month)));
  const int64_t seconds = clock.hour * 3600 + clock.minute * 60 + clock.second;
  return Instant{days * kMillisPerDay + seconds * 1000 + clock.nanos / 1'000'000,
                 clock.nanos % 1'000'000};
}

char* WriteDate(int32_t days, char* out) {
  const CivilDate date = CivilFromDays(days);
  out = WriteFour(date.year, out);
  *out++ = '-';
  out = WriteTwo(date.month, out);
  *out++ = '-';
  return WriteTwo(date.day, out);
}

char* WriteTime(int32_t millis, int precision, char* out) {
  const auto of_day = static_cast<int32_t>(millis < 0 ? FloorMod(millis, kMillisPerDay)
                                                      : static_cast<int64_t>(millis));
  out = WriteClock(of_day / 1000, out);
  if (precision <= 0) return out;
  *out++ = '.';
  int32_t rest = of_day % 1000;
  for (; precision > 0; --precision) {
    *out++ = static_cast<char>('0' + rest / 100);
    rest = rest % 100 * 10;
    if (rest == 0) break;
  }
  return out;
}

char* WriteTimestamp(const Instant& local, int precision, char* out) {
  const int64_t days = FloorDiv(local.millis, kMillisPerDay);
  const auto of_day = static_cast<int32_t>(local.millis - days * kMillisPerDay);
  out = WriteDate(static_cast<int32_t>(days), out);
  *out++ = ' ';
  out = WriteClock(of_day / 1000, out);
  if (precision <= 0) return out;
  *out++ = '.';
  int32_t nanos = of_day % 1000 * 1'000'000 + local.nanos;
  for (int32_t unit = 100'000'000; precision > 0; --precision, unit /= 10) {
    *out++ = static_cast<char>('0' + nanos / unit);
    nanos %= unit;
  }
  return out;
}

char* WriteLocalDateTime(const Instant& local, char* out) {
  constexpr std::string_view kThreeZeros = "000";
  char* end = WriteTimestamp(local, 9, out);
  *std::find(out, end, ' ') = 'T';
  while (std::string_view(end - 3, 3) == kThreeZeros) end -= 3;
  if (end[-1] != '.') return end;
  --end;
  return std::string_view(end - 3, 3) == ":00" ? end - 3 : end;
}

char* WriteYearMonthInterval(int32_t months, char* out) {
  *out++ = months >= 0 ? '+' : '-';
  const int64_t magnitude = months < 0 ? -static_cast<int64_t>(months) : months;
  out = std::to_chars(out, out + 16, magnitude / 12).ptr;
  *out++ = '-';
  return WriteTwo(static_cast<int32_t>(magnitude % 12), out);
}

char* WriteDayTimeInterval(int64_t millis, char* out) {
  *out++ = millis >= 0 ? '+' : '-';
  const uint64_t magnitude = millis < 0 ? -static_cast<uint64_t>(millis) : millis;
  out = std::to_chars(out, out + 24, static_cast<int32_t>(magnitude / kMillisPerDay)).ptr;
  *out++ = ' ';
  const auto of_day = static_cast<int32_t>(magnitude % kMillisPerDay);
  out = WriteClock(of_day / 1000, out);
  *out++ = '.';
  *out++ = static_cast<char>('0' + of_day % 1000 / 100);
  return WriteTwo(of_day % 100, out);
}

Instant TruncateInstant(const Instant& instant, int precision) {
  // Flink counts the digits of the nanoseconds without leading zeros: few of them are left as they
  // are.
  int64_t limit = 1;
  for (int digit = 0; digit < precision; ++digit) limit *= 10;
  const int64_t nanos_of_second = FloorMod(instant.millis, 1000) * 1'000'000 + instant.nanos;
  if (precision > 0 && nanos_of_second < limit) return instant;
  constexpr int64_t kUnits[] = {1000, 100, 10, 1};
  if (precision <= 3) {
    const int64_t unit = kUnits[precision];
    return {instant.millis / unit * unit, 0};
  }
  int32_t unit = 1;
  for (int digit = precision; digit < 9; ++digit) unit *= 10;
  return {instant.millis, instant.nanos / unit * unit};
}

int32_t TruncateTime(int32_t millis, int precision) {
  constexpr int32_t kUnits[] = {1000, 100, 10, 1};
  const int32_t unit = kUnits[precision < 3 ? precision : 3];
  return millis / unit * unit;
}

}  // namespace castor::expr
