// java.time.format.DateTimeFormatter.ofPattern, resolving SMART.
#include <algorithm>
#include <utility>

#include "expr/decimal.h"
#include "expr/java_time_fields.h"
#include "expr/java_time_format.h"

namespace castor::expr {
namespace {

using Item = JavaTimePattern::Item;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsText(const Item& item) {
  return item.letter == 'a' || item.letter == 'E' || (item.letter == 'M' && item.count > 2);
}
bool IsNumber(const Item& item) { return item.letter != 0 && !IsText(item); }

// Digits that the field always has; 0 if its width varies.
int FixedWidth(const Item& item) {
  if (!IsNumber(item)) return 0;
  if (item.letter == 'S') return item.count;
  if (item.letter == 'y' || item.letter == 'u') return item.count == 2 ? 2 : 0;
  if (item.letter == 'D') return item.count == 3 ? 3 : 0;
  return item.count == 2 ? 2 : 0;
}

struct Local {
  int64_t days;
  CivilDate date;
  int32_t hour, minute, second;
  int32_t nanos;
};

Local Split(const Instant& instant) {
  const int64_t days = FloorDiv(instant.millis, kMillisPerDay);
  const auto of_day = static_cast<int32_t>(instant.millis - days * kMillisPerDay);
  Local local{};
  local.days = days;
  local.date = CivilFromDays(days);
  local.hour = of_day / 3'600'000;
  local.minute = of_day / 60'000 % 60;
  local.second = of_day / 1000 % 60;
  local.nanos = of_day % 1000 * 1'000'000 + instant.nanos;
  return local;
}

void FormatYear(int64_t year, int count, std::string* out) {
  if (count == 2) {
    AppendPadded(FloorMod(year, 100), 2, out);
    return;
  }
  if (count >= 4 && year > 9999) *out += '+';
  AppendPadded(year, count, out);
}

void FormatFraction(int32_t nanos, int digits, std::string* out) {
  int32_t unit = 100'000'000;
  for (int i = 0; i < digits; ++i, unit /= 10) {
    *out += static_cast<char>('0' + (unit == 0 ? 0 : nanos / unit % 10));
  }
}

void FormatItem(const Item& item, const Local& local, std::string* out) {
  const int32_t year = local.date.year;
  switch (item.letter) {
    case 0:
      *out += item.text;
      break;
    case 'y':
      FormatYear(year > 0 ? year : 1 - year, item.count, out);
      break;
    case 'u':
      FormatYear(year, item.count, out);
      break;
    case 'M':
      if (IsText(item)) {
        *out += MonthName(local.date.month, item.count == 4);
      } else {
        AppendPadded(local.date.month, item.count, out);
      }
      break;
    case 'd':
      AppendPadded(local.date.day, item.count, out);
      break;
    case 'D':
      AppendPadded(local.days - DaysFromCivil(year, 1, 1) + 1, item.count, out);
      break;
    case 'E':
      *out += DayName(static_cast<int32_t>(FloorMod(local.days + 3, 7)) + 1, item.count == 4);
      break;
    case 'a':
      *out += local.hour < 12 ? "AM" : "PM";
      break;
    case 'H':
      AppendPadded(local.hour, item.count, out);
      break;
    case 'k':
      AppendPadded(local.hour == 0 ? 24 : local.hour, item.count, out);
      break;
    case 'K':
      AppendPadded(local.hour % 12, item.count, out);
      break;
    case 'h':
      AppendPadded(local.hour % 12 == 0 ? 12 : local.hour % 12, item.count, out);
      break;
    case 'm':
      AppendPadded(local.minute, item.count, out);
      break;
    case 's':
      AppendPadded(local.second, item.count, out);
      break;
    case 'S':
      FormatFraction(local.nanos, item.count, out);
      break;
    default:
      break;
  }
}

// The value of a field that is a number of fixed width.
int32_t FixedNumber(char letter, int width, const Local& local) {
  switch (letter) {
    case 'y':
    case 'u':
      return width == 2 ? local.date.year % 100 : local.date.year;
    case 'M':
      return local.date.month;
    case 'd':
      return local.date.day;
    case 'H':
      return local.hour;
    case 'k':
      return local.hour == 0 ? 24 : local.hour;
    case 'K':
      return local.hour % 12;
    case 'h':
      return local.hour % 12 == 0 ? 12 : local.hour % 12;
    case 'm':
      return local.minute;
    case 's':
      return local.second;
    default:
      return local.nanos / static_cast<int32_t>(PowerOfTen(9 - width));
  }
}

void WriteDigits(int32_t value, int width, char* target) {
  for (int i = width - 1; i >= 0; --i, value /= 10) {
    target[i] = static_cast<char>('0' + value % 10);
  }
}

// The fields that were parsed, each once or with one value.
class Fields {
 public:
  bool Set(char field, int64_t value) {
    auto& slot = values_[static_cast<unsigned char>(field)];
    if (slot && *slot != value) return false;
    slot = value;
    return true;
  }
  std::optional<int64_t> Get(char field) const {
    return values_[static_cast<unsigned char>(field)];
  }

 private:
  std::optional<int64_t> values_[128];
};

// How long a field keeps its value; 0: it changes within a millisecond.
int64_t PeriodOf(const Item& item) {
  switch (item.letter) {
    case 'a':
    case 'H':
    case 'k':
    case 'K':
    case 'h':
      return kMillisPerHour;
    case 'm':
      return kMillisPerMinute;
    case 's':
      return kMillisPerSecond;
    case 'S':
      return item.count <= 3 ? 1 : 0;
    default:
      return kMillisPerDay;
  }
}

class Reader {
 public:
  Reader(const std::vector<Item>& items, std::string_view text) : items_(items), text_(text) {}

  std::optional<Instant> Read() {
    for (size_t i = 0; i < items_.size(); ++i) {
      if (!ReadItem(i)) return std::nullopt;
    }
    if (at_ != text_.size()) return std::nullopt;
    return Resolve();
  }

 private:
  bool ReadItem(size_t i) {
    const Item& item = items_[i];
    if (item.letter == 0) {
      if (!text_.substr(at_).starts_with(item.text)) return false;
      at_ += item.text.size();
      return true;
    }
    if (IsText(item)) return ReadText(item);
    if (item.letter == 'S') return ReadFraction(item.count);
    const int fixed = FixedWidth(item);
    return fixed > 0 ? ReadFixed(item, fixed) : ReadVariable(item, i);
  }

  bool ReadText(const Item& item) {
    const auto take = [this](std::string_view word) {
      if (!text_.substr(at_).starts_with(word)) return false;
      at_ += word.size();
      return true;
    };
    if (item.letter == 'a') {
      return take("AM") ? fields_.Set('a', 0) : take("PM") && fields_.Set('a', 1);
    }
    const bool full = item.count == 4;
    const int32_t names = item.letter == 'M' ? 12 : 7;
    for (int32_t value = 1; value <= names; ++value) {
      const bool found = take(item.letter == 'M' ? MonthName(value, full) : DayName(value, full));
      if (found) return fields_.Set(item.letter, value);
    }
    return false;
  }

  bool ReadFraction(int digits) {
    int64_t nanos = 0;
    int64_t unit = 100'000'000;
    for (int i = 0; i < digits; ++i, unit /= 10, ++at_) {
      if (at_ >= text_.size() || !IsDigit(text_[at_])) return false;
      nanos += (text_[at_] - '0') * unit;
    }
    return fields_.Set('S', nanos);
  }

  bool ReadFixed(const Item& item, int width) {
    int64_t value = 0;
    for (int i = 0; i < width; ++i, ++at_) {
      if (at_ >= text_.size() || !IsDigit(text_[at_])) return false;
      value = value * 10 + (text_[at_] - '0');
    }
    if (item.letter == 'y' || item.letter == 'u') value += 2000;
    return fields_.Set(item.letter, value);
  }

  // Leaves the digits that following fields of fixed width need.
  bool ReadVariable(const Item& item, size_t i) {
    const bool year = item.letter == 'y' || item.letter == 'u';
    const bool wide =
        year && item.count >= 4;  // a sign beyond `count` digits only, and then always
    bool negative = false, plus = false;
    if (at_ < text_.size() && (text_[at_] == '-' || text_[at_] == '+')) {
      negative = text_[at_] == '-';
      plus = !negative;
      if (plus && !wide) return false;
      ++at_;
    }
    int reserved = 0;
    for (size_t next = i + 1; next < items_.size() && FixedWidth(items_[next]) > 0; ++next) {
      reserved += FixedWidth(items_[next]);
    }
    int digits = 0;
    while (at_ + static_cast<size_t>(digits) < text_.size() && digits < 19 + reserved &&
           IsDigit(text_[at_ + static_cast<size_t>(digits)])) {
      ++digits;
    }
    const int least = year ? item.count : (item.letter == 'D' ? item.count : 1);
    digits = std::min(19, std::max(least, digits - reserved));
    int64_t value = 0;
    for (int d = 0; d < digits; ++d, ++at_) {
      if (at_ >= text_.size() || !IsDigit(text_[at_])) return false;
      if (d < 18) value = value * 10 + (text_[at_] - '0');
    }
    if (wide && !negative && plus != (digits > item.count)) return false;
    if (negative && value == 0) return false;
    return fields_.Set(item.letter, negative ? -value : value);
  }

  static bool InRange(const std::optional<int64_t>& value, int64_t low, int64_t high) {
    return !value || (*value >= low && *value <= high);
  }

  std::optional<int64_t> ResolveHour() {
    auto hour = fields_.Get('H');
    const auto set = [&hour](int64_t value) {
      if (hour && *hour != value) return false;
      hour = value;
      return true;
    };
    const auto clock = fields_.Get('k');
    if (!InRange(clock, 1, 24) || (clock && !set(*clock % 24))) return std::nullopt;
    auto half = fields_.Get('K');
    const auto half_clock = fields_.Get('h');
    if (!InRange(half, 0, 11) || !InRange(half_clock, 1, 12)) return std::nullopt;
    if (half_clock) half = *half_clock % 12;
    const auto afternoon = fields_.Get('a');
    // Without AM or PM, an hour of the half day is no hour.
    if (half && afternoon && !set(*half + 12 * *afternoon)) return std::nullopt;
    return hour.value_or(0);
  }

  std::optional<Instant> Resolve() {
    auto year = fields_.Get('u');
    if (const auto of_era = fields_.Get('y')) {
      if (*of_era < 1 || (year && *year != *of_era)) return std::nullopt;
      year = of_era;
    }
    const auto month = fields_.Get('M');
    const auto day = fields_.Get('d');
    const auto hour = ResolveHour();
    const auto minute = fields_.Get('m');
    const auto second = fields_.Get('s');
    if (!hour || !InRange(year, -999'999'999, 999'999'999) || !InRange(month, 1, 12) ||
        !InRange(day, 1, 31) || !InRange(minute, 0, 59) || !InRange(second, 0, 59)) {
      return std::nullopt;
    }
    const int64_t nanos = fields_.Get('S').value_or(0);
    const bool midnight =
        *hour == 24 && minute.value_or(0) == 0 && second.value_or(0) == 0 && nanos == 0;
    if (*hour < 0 || (*hour > 23 && !midnight)) return std::nullopt;

    const int64_t y = year.value_or(1970);
    const auto m = static_cast<int32_t>(month.value_or(1));
    const auto d = static_cast<int32_t>(day.value_or(1));
    // Only a whole date has its day cut to the month.
    const int32_t last = DaysInMonth(y, m);
    if (d > last && !(year && month)) return std::nullopt;
    int64_t days = DaysFromCivil(y, m, std::min(d, last));
    if (const auto day_of_year = fields_.Get('D'); day_of_year && year) {
      const int64_t of_year = DaysFromCivil(y, 1, 1) + *day_of_year - 1;
      if (*day_of_year < 1 || of_year >= DaysFromCivil(y + 1, 1, 1)) return std::nullopt;
      if ((month || day) && of_year != days) return std::nullopt;
      days = of_year;
    }
    if (const auto of_week = fields_.Get('E')) {
      if (year && month && day && FloorMod(days + 3, 7) + 1 != *of_week) return std::nullopt;
    }
    const int64_t seconds = *hour * 3600 + minute.value_or(0) * 60 + second.value_or(0);
    return Instant{days * kMillisPerDay + seconds * 1000 + nanos / 1'000'000,
                   static_cast<int32_t>(nanos % 1'000'000)};
  }

  const std::vector<Item>& items_;
  const std::string_view text_;
  size_t at_ = 0;
  Fields fields_;
};

Status CheckCounts(const DateTimePattern& pattern) {
  for (const Item& item : pattern.items()) {
    int most = 2;
    if (item.letter == 0) continue;
    if (item.letter == 'y' || item.letter == 'u') most = 19;
    if (item.letter == 'M' || item.letter == 'E') most = 4;
    if (item.letter == 'D') most = 3;
    if (item.letter == 'S') most = 9;
    if (item.letter == 'a') most = 1;
    if (item.count > most) {
      return Status::InvalidArgument("time format: too many letters '" +
                                     std::string(1, item.letter) + "'");
    }
  }
  return Status::OK();
}

}  // namespace

Result<DateTimePattern> DateTimePattern::Compile(std::string_view pattern) {
  DateTimePattern compiled;
  CASTOR_RETURN_NOT_OK(compiled.JavaTimePattern::Compile(pattern, "yuMdDHhKkmsSaE"));
  CASTOR_RETURN_NOT_OK(CheckCounts(compiled));
  int trailing = 0;
  while (trailing < static_cast<int>(pattern.size()) &&
         pattern[pattern.size() - 1 - static_cast<size_t>(trailing)] == 'S') {
    ++trailing;
  }
  compiled.fraction_digits_ = std::clamp(trailing, 3, 9);
  for (const Item& item : compiled.items()) {
    compiled.period_ms_ = std::min(compiled.period_ms_, PeriodOf(item));
  }
  compiled.FindGaps();
  return compiled;
}

void DateTimePattern::FindGaps() {
  std::string text;
  std::vector<Gap> gaps;
  for (const Item& item : items()) {
    if (item.letter == 0) {
      text += item.text;
      continue;
    }
    const bool year = item.letter == 'y' || item.letter == 'u';
    const int width = year && item.count == 4 ? 4 : FixedWidth(item);
    if (width == 0 || width > 9 || item.letter == 'D') return;
    gaps.push_back({text.size(), width, item.letter});
    text.append(static_cast<size_t>(width), '0');
  }
  gapped_ = std::move(text);
  gaps_ = std::move(gaps);
}

void DateTimePattern::Format(const Instant& local, std::string* out) const {
  const Local fields = Split(local);
  if (!gaps_.empty() && fields.date.year >= 1 && fields.date.year <= 9999) {
    const size_t start = out->size();
    *out += gapped_;
    for (const Gap& gap : gaps_) {
      WriteDigits(FixedNumber(gap.letter, gap.width, fields), gap.width,
                  out->data() + start + gap.at);
    }
    return;
  }
  for (const Item& item : items()) FormatItem(item, fields, out);
}

std::optional<Instant> DateTimePattern::Parse(std::string_view text) const {
  return Reader(items(), text).Read();
}

}  // namespace castor::expr
