// java.text.SimpleDateFormat over a lenient java.util.GregorianCalendar.
#include <algorithm>

#include "expr/java_time_fields.h"
#include "expr/java_time_format.h"

namespace castor::expr {
namespace {

using Item = JavaTimePattern::Item;

// 1582-10-15; the day before was 1582-10-04 of the Julian calendar.
constexpr int64_t kFirstGregorianDay = -141427;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Days since 1970-01-01 (Gregorian) of a date of the Julian calendar.
int64_t DaysFromJulian(int64_t year, int32_t month, int32_t day) {
  year -= month <= 2;
  const int64_t cycle = FloorDiv(year, 4);
  const int64_t year_of_cycle = year - cycle * 4;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return cycle * 1461 + year_of_cycle * 365 + day_of_year - 719470;
}

CivilDate JulianFromDays(int64_t days) {
  days += 719470;
  const int64_t cycle = FloorDiv(days, 1461);
  const int64_t of_cycle = days - cycle * 1461;
  const int64_t year_of_cycle = std::min<int64_t>(of_cycle / 365, 3);
  const int64_t of_year = of_cycle - year_of_cycle * 365;
  const int64_t shifted = (5 * of_year + 2) / 153;
  const auto day = static_cast<int32_t>(of_year - (153 * shifted + 2) / 5 + 1);
  const auto month = static_cast<int32_t>(shifted < 10 ? shifted + 3 : shifted - 9);
  return {static_cast<int32_t>(cycle * 4 + year_of_cycle + (month <= 2)), month, day};
}

CivilDate CalendarDate(int64_t days) {
  return days >= kFirstGregorianDay ? CivilFromDays(days) : JulianFromDays(days);
}

// The first of a month, which may be far out of 1 .. 12.
int64_t FirstOfMonth(int64_t year, int64_t month) {
  year += FloorDiv(month - 1, 12);
  const auto of_year = static_cast<int32_t>(FloorMod(month - 1, 12)) + 1;
  const int64_t gregorian = DaysFromCivil(year, of_year, 1);
  return gregorian >= kFirstGregorianDay ? gregorian : DaysFromJulian(year, of_year, 1);
}

int64_t DaysOf(int64_t year, int64_t month, int64_t day) {
  int64_t days = FirstOfMonth(year, month) + day - 1;
  // October 1582 begins Julian and ends Gregorian.
  if (days >= kFirstGregorianDay && FirstOfMonth(year, month) < kFirstGregorianDay) days -= 10;
  return days;
}

void FormatYear(int64_t year, int count, std::string* out) {
  const int64_t of_era = year > 0 ? year : 1 - year;
  if (count == 2) {
    AppendPadded(of_era % 100, 2, out);
  } else {
    AppendPadded(of_era, count, out);
  }
}

struct Parsed {
  int64_t year = 1970;
  int64_t month = 1;
  int64_t day = 1;
  std::optional<int64_t> day_of_year;
  int64_t hour = 0;
  std::optional<int64_t> half_hour;
  bool afternoon = false;
  int64_t minute = 0;
  int64_t second = 0;
  int64_t millis = 0;
};

class Reader {
 public:
  Reader(const std::vector<Item>& items, std::string_view text) : items_(items), text_(text) {}

  bool Read(Parsed* parsed) {
    for (size_t i = 0; i < items_.size(); ++i) {
      const Item& item = items_[i];
      if (item.letter == 0) {
        if (!text_.substr(at_).starts_with(item.text)) return false;
        at_ += item.text.size();
        continue;
      }
      // Fields that touch have the width of their letters.
      const bool touches = i + 1 < items_.size() && items_[i + 1].letter != 0;
      if (!ReadField(item, touches, parsed)) return false;
    }
    return true;
  }

 private:
  bool ReadField(const Item& item, bool touches, Parsed* parsed) {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    if (item.letter == 'E') return ReadName(7, DayName, nullptr);
    if (item.letter == 'a') return ReadHalf(parsed);
    if (item.letter == 'M' && item.count > 2) return ReadName(12, MonthName, &parsed->month);
    const size_t start = at_;
    int64_t value;
    if (!ReadNumber(touches ? item.count : 0, &value)) return false;
    Store(item, at_ - start, value, parsed);
    return true;
  }

  bool ReadNumber(int width, int64_t* value) {
    const size_t limit = width > 0 ? at_ + static_cast<size_t>(width) : text_.size();
    if (limit > text_.size()) return false;
    const bool negative = at_ < limit && text_[at_] == '-';
    size_t i = at_ + static_cast<size_t>(negative);
    const size_t first = i;
    *value = 0;
    while (i < limit && IsDigit(text_[i])) {
      if (i - first < 18) *value = *value * 10 + (text_[i] - '0');
      ++i;
    }
    if (i == first) return false;
    at_ = i;
    if (negative) *value = -*value;
    return true;
  }

  bool ReadName(int32_t names, std::string_view (*name)(int32_t, bool), int64_t* value) {
    for (const bool full : {true, false}) {
      for (int32_t i = 1; i <= names; ++i) {
        if (!StartsWithIgnoringCase(name(i, full))) continue;
        at_ += name(i, full).size();
        if (value != nullptr) *value = i;
        return true;
      }
    }
    return false;
  }

  bool ReadHalf(Parsed* parsed) {
    if (!StartsWithIgnoringCase("AM") && !StartsWithIgnoringCase("PM")) return false;
    parsed->afternoon = (text_[at_] | 0x20) == 'p';
    at_ += 2;
    return true;
  }

  bool StartsWithIgnoringCase(std::string_view word) const {
    if (text_.size() - at_ < word.size()) return false;
    for (size_t i = 0; i < word.size(); ++i) {
      if ((text_[at_ + i] | 0x20) != (word[i] | 0x20)) return false;
    }
    return true;
  }

  static void Store(const Item& item, size_t digits, int64_t value, Parsed* parsed) {
    switch (item.letter) {
      case 'y':
        // Java: within 80 years before and 20 after the day it runs; here always of 2026.
        parsed->year = item.count <= 2 && digits == 2 && value >= 0 ? TwoDigitYear(value) : value;
        break;
      case 'M':
        parsed->month = value;
        break;
      case 'd':
        parsed->day = value;
        break;
      case 'D':
        parsed->day_of_year = value;
        break;
      case 'H':
        parsed->hour = value;
        break;
      case 'k':
        parsed->hour = value == 24 ? 0 : value;
        break;
      case 'K':
        parsed->half_hour = value;
        break;
      case 'h':
        parsed->half_hour = value == 12 ? 0 : value;
        break;
      case 'm':
        parsed->minute = value;
        break;
      case 's':
        parsed->second = value;
        break;
      case 'S':
        parsed->millis = value;
        break;
      default:
        break;
    }
  }

  static int64_t TwoDigitYear(int64_t value) { return value < 46 ? 2000 + value : 1900 + value; }

  const std::vector<Item>& items_;
  const std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

Result<SimpleDatePattern> SimpleDatePattern::Compile(std::string_view pattern) {
  SimpleDatePattern compiled;
  CASTOR_RETURN_NOT_OK(compiled.JavaTimePattern::Compile(pattern, "yMdDHhKkmsSaE"));
  return compiled;
}

void SimpleDatePattern::Format(int64_t utc_millis, const ZoneClock& clock, std::string* out) const {
  const int64_t local = utc_millis + clock.CalendarOffsetAt(utc_millis);
  const int64_t days = FloorDiv(local, kMillisPerDay);
  const auto of_day = static_cast<int32_t>(local - days * kMillisPerDay);
  const CivilDate date = CalendarDate(days);
  const int32_t hour = of_day / 3'600'000;
  for (const Item& item : items()) {
    switch (item.letter) {
      case 0:
        *out += item.text;
        break;
      case 'y':
        FormatYear(date.year, item.count, out);
        break;
      case 'M':
        if (item.count > 2) {
          *out += MonthName(date.month, item.count > 3);
        } else {
          AppendPadded(date.month, item.count, out);
        }
        break;
      case 'd':
        AppendPadded(date.day, item.count, out);
        break;
      case 'D':
        AppendPadded(days - FirstOfMonth(date.year, 1) + 1, item.count, out);
        break;
      case 'E':
        *out += DayName(static_cast<int32_t>(FloorMod(days + 3, 7)) + 1, item.count > 3);
        break;
      case 'a':
        *out += hour < 12 ? "AM" : "PM";
        break;
      case 'H':
        AppendPadded(hour, item.count, out);
        break;
      case 'k':
        AppendPadded(hour == 0 ? 24 : hour, item.count, out);
        break;
      case 'K':
        AppendPadded(hour % 12, item.count, out);
        break;
      case 'h':
        AppendPadded(hour % 12 == 0 ? 12 : hour % 12, item.count, out);
        break;
      case 'm':
        AppendPadded(of_day / 60'000 % 60, item.count, out);
        break;
      case 's':
        AppendPadded(of_day / 1000 % 60, item.count, out);
        break;
      case 'S':
        AppendPadded(of_day % 1000, item.count, out);
        break;
      default:
        break;
    }
  }
}

std::optional<int64_t> SimpleDatePattern::Parse(std::string_view text,
                                                const ZoneClock& clock) const {
  Parsed parsed;
  if (!Reader(items(), text).Read(&parsed)) return std::nullopt;
  const int64_t days = parsed.day_of_year ? FirstOfMonth(parsed.year, 1) + *parsed.day_of_year - 1
                                          : DaysOf(parsed.year, parsed.month, parsed.day);
  const int64_t hour =
      parsed.half_hour ? *parsed.half_hour + (parsed.afternoon ? 12 : 0) : parsed.hour;
  const int64_t local = days * kMillisPerDay + hour * kMillisPerHour +
                        parsed.minute * kMillisPerMinute + parsed.second * kMillisPerSecond +
                        parsed.millis;
  return clock.ToUtcByCalendar(local);
}

}  // namespace castor::expr
