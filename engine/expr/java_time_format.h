// Patterns of java.time.format.DateTimeFormatter and java.text.SimpleDateFormat, with the results
// of a JDK in English. Letters y u M d D H h K k m s S a E and quoted text; others are refused by
// name.
//
// The two differ in more than their letters: DateTimeFormatter takes fields of exact widths and
// cuts a day beyond the month to its last; SimpleDateFormat takes what looks like a number, ignores
// what follows, carries overflowing fields on and uses the Julian calendar before October 1582.
// Immutable, thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "expr/date_time.h"
#include "expr/time_zone.h"

namespace castor::expr {

class JavaTimePattern {
 public:
  struct Item {
    char letter = 0;  // 0: literal text
    int count = 0;
    std::string text;
  };

  const std::vector<Item>& items() const { return items_; }

 protected:
  Status Compile(std::string_view pattern, std::string_view letters);

 private:
  std::vector<Item> items_;
};

// java.time.format.DateTimeFormatter.
class DateTimePattern : public JavaTimePattern {
 public:
  static Result<DateTimePattern> Compile(std::string_view pattern);

  // Appends.
  void Format(const Instant& local, std::string* out) const;
  // The text changes at multiples of so many milliseconds only; 0: it depends on nanoseconds.
  int64_t PeriodMs() const { return period_ms_; }
  // Fields that the pattern lacks are those of 1970-01-01 00:00:00
  // (DateTimeUtils.fromTemporalAccessor).
  std::optional<Instant> Parse(std::string_view text) const;
  // DateTimeUtils.precisionFromFormat.
  int FractionDigits() const { return fraction_digits_; }

 private:
  // Where a number of fixed width stands in the text.
  struct Gap {
    size_t at;
    int width;
    char letter;
  };

  void FindGaps();

  int fraction_digits_ = 3;
  int64_t period_ms_ = kMillisPerDay;
  // Of a pattern with nothing but such numbers (years from 1 to 9999) and literal text: the text
  // with zeros in the gaps. No gaps: it is another one.
  std::string gapped_;
  std::vector<Gap> gaps_;
};

// java.text.SimpleDateFormat.
class SimpleDatePattern : public JavaTimePattern {
 public:
  static Result<SimpleDatePattern> Compile(std::string_view pattern);

  void Format(int64_t utc_millis, const ZoneClock& clock, std::string* out) const;
  // Milliseconds, UTC.
  std::optional<int64_t> Parse(std::string_view text, const ZoneClock& clock) const;
};

}  // namespace castor::expr
