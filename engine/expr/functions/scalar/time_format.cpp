// Times to and from text by a pattern, and Unix time: DATE_FORMAT, TO_DATE, TO_TIMESTAMP,
// TO_TIMESTAMP_LTZ, UNIX_TIMESTAMP, FROM_UNIXTIME, CONVERT_TZ. Which of Java's two kinds of pattern
// a function takes, and what it gives for text that does not fit, is Flink's (DateTimeUtils).
#include <cmath>
#include <memory>

#include "expr/cast.h"
#include "expr/functions/registry.h"
#include "expr/functions/shared.h"
#include "expr/input_nodes.h"
#include "expr/java_number.h"
#include "expr/java_time_format.h"
#include "expr/row_call.h"
#include "expr/time_text.h"
#include "expr/timestamp_ticks.h"

namespace castor::expr {
namespace {

constexpr std::string_view kDefaultPattern = "yyyy-MM-dd HH:mm:ss";

// A pattern given by a literal, compiled once, or by an operand, compiled whenever it changes. One
// node is used by one thread.
template <typename Pattern>
class PatternCache {
 public:
  // nullptr after a row error: the pattern cannot be read.
  Pattern* Get(RowScope& scope, std::string_view text) const {
    if (latest_->compiled && latest_->text == text) return &*latest_->compiled;
    auto compiled = Pattern::Compile(text);
    if (!compiled.ok()) {
      scope.Fail([&] { return compiled.status().message(); });
      return nullptr;
    }
    latest_->text = text;
    latest_->compiled = std::move(compiled).value();
    return &*latest_->compiled;
  }

 private:
  struct Latest {
    std::string text;
    std::optional<Pattern> compiled;
  };
  std::shared_ptr<Latest> latest_ = std::make_shared<Latest>();
};

// A literal pattern that cannot be read is refused when the job is compiled.
template <typename Pattern>
Status CheckPattern(Call& call, size_t i) {
  if (const auto text = ConstantText(call, i)) {
    const Status status = Pattern::Compile(*text).status();
    if (!status.ok()) return status.WithContext("function " + call.function());
  }
  return Status::OK();
}

Result<ZoneClock> SessionClock(Call& call) {
  return ZoneClock::Find(call.builder.settings().time_zone);
}

// --- DATE_FORMAT ---

// A pattern and the text that it gave last, which holds as long as no field of it changes: rows
// mostly come in the order of time.
class TimeFormat {
 public:
  static Result<TimeFormat> Compile(std::string_view pattern) {
    TimeFormat format;
    CASTOR_ASSIGN_OR_RETURN(format.pattern_, DateTimePattern::Compile(pattern));
    return format;
  }

  // Valid until the next call.
  std::string_view Format(const Instant& local) {
    if (local.millis < begin_ || local.millis >= end_) {
      text_.clear();
      pattern_.Format(local, &text_);
      const int64_t period = pattern_.PeriodMs();
      begin_ = period == 0 ? local.millis : FloorDiv(local.millis, period) * period;
      end_ = begin_ + period;
    }
    return text_;
  }

 private:
  DateTimePattern pattern_;
  std::string text_;
  int64_t begin_ = 0;  // of local time, in milliseconds
  int64_t end_ = 0;
};

struct FormatTimestamp {
  ZoneClock clock;
  int64_t ticks_per_second;
  PatternCache<TimeFormat> patterns = {};
  bool operator()(RowScope& scope, int64_t ticks, const StringRef& pattern, StringRef* out) const {
    TimeFormat* format = patterns.Get(scope, pattern.view());
    if (format == nullptr) return false;
    Instant instant = TicksToInstant(ticks, ticks_per_second);
    instant.millis = clock.ToLocal(instant.millis);
    *out = scope.arena().Add(format->Format(instant));
    return true;
  }
};

// Of text in the default form; NULL for other text.
struct ReformatText {
  ZoneClock clock;
  SimpleDatePattern from;
  PatternCache<SimpleDatePattern> patterns = {};
  bool operator()(RowScope& scope, const StringRef& input, const StringRef& pattern,
                  StringRef* out) const {
    const SimpleDatePattern* to = patterns.Get(scope, pattern.view());
    if (to == nullptr) return false;
    const auto millis = from.Parse(input.view(), clock);
    if (!millis) return false;
    std::string text;
    to->Format(*millis, clock, &text);
    *out = scope.arena().Add(text);
    return true;
  }
};

Result<Node*> DateFormat(Call& call) {
  if (call.arity() != 2) return call.Unsupported("it takes a time and a pattern");
  const LogicalType& type = call.operand_type(0);
  if (type.IsTimestamp()) {
    CASTOR_RETURN_NOT_OK(CheckPattern<DateTimePattern>(call, 1));
    ZoneClock clock;
    if (type.kind() == TypeKind::kTimestampLtz) {
      CASTOR_ASSIGN_OR_RETURN(clock, SessionClock(call));
    }
    return MakeRowCall<FormatTimestamp, StringRef, int64_t, StringRef>(
        call, {Want::kAny, Want::kText}, {clock, type.TicksPerSecond()}, OnError::kFail);
  }
  CASTOR_RETURN_NOT_OK(CheckPattern<SimpleDatePattern>(call, 1));
  CASTOR_ASSIGN_OR_RETURN(SimpleDatePattern from, SimpleDatePattern::Compile(kDefaultPattern));
  return MakeRowCall<ReformatText, StringRef, StringRef, StringRef>(
      call, {Want::kText, Want::kText}, {ZoneClock(), std::move(from)}, OnError::kFail);
}

// --- TO_DATE ---

struct ToDate {
  bool operator()(RowScope&, const StringRef& text, int32_t* out) const {
    const auto days = ParseCastDate(text.view());
    if (days) *out = *days;
    return days.has_value();
  }
};

// What Flink makes of text that does not fit: the first representable millisecond.
constexpr int64_t kUnreadable = INT64_MIN;

struct ToDateByPattern {
  PatternCache<SimpleDatePattern> patterns = {};
  bool operator()(RowScope& scope, const StringRef& text, const StringRef& pattern,
                  int32_t* out) const {
    const SimpleDatePattern* compiled = patterns.Get(scope, pattern.view());
    if (compiled == nullptr) return false;
    const int64_t millis = compiled->Parse(text.view(), ZoneClock()).value_or(kUnreadable);
    const CivilDate date = CivilFromDays(FloorDiv(millis, kMillisPerDay));
    *out = UnixDate(date.year, date.month, date.day);
    return true;
  }
};

Result<Node*> MakeToDate(Call& call) {
  if (call.arity() == 1) return MakeRowCall<ToDate, int32_t, StringRef>(call, {Want::kText});
  CASTOR_RETURN_NOT_OK(CheckPattern<SimpleDatePattern>(call, 1));
  return MakeRowCall<ToDateByPattern, int32_t, StringRef, StringRef>(
      call, {Want::kText, Want::kText}, {}, OnError::kFail);
}

// --- TO_TIMESTAMP ---

// Digits, one or two of them if `two` allows.
bool TakeInt(std::string_view* text, size_t most, int64_t* value) {
  size_t digits = 0;
  *value = 0;
  while (digits < text->size() && digits <= most && (*text)[digits] >= '0' &&
         (*text)[digits] <= '9') {
    *value = *value * 10 + ((*text)[digits++] - '0');
  }
  text->remove_prefix(digits);
  return digits > 0 && digits <= most;
}
bool Take(std::string_view* text, char expected) {
  if (!text->starts_with(expected)) return false;
  text->remove_prefix(1);
  return true;
}

// java.sql.Timestamp.valueOf and java.sql.Date.valueOf, to which text that does not fit its pattern
// is given: days and times beyond their range are carried on.
std::optional<Instant> ParseSqlTimestamp(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  const size_t year_end = text.find('-');
  int64_t year, month, day;
  if (year_end != 4 || !TakeInt(&text, 4, &year) || !Take(&text, '-') ||
      !TakeInt(&text, 2, &month) || !Take(&text, '-') || !TakeInt(&text, 2, &day)) {
    return std::nullopt;
  }
  if (month < 1 || month > 12 || day < 1 || day > 31) return std::nullopt;
  const int64_t days = DaysFromCivil(year, static_cast<int32_t>(month), 1) + day - 1;
  int64_t hour = 0, minute = 0, second = 0, nanos = 0;
  if (!text.empty()) {
    if (!Take(&text, ' ') || !TakeInt(&text, 9, &hour) || !Take(&text, ':') ||
        !TakeInt(&text, 9, &minute) || !Take(&text, ':') || !TakeInt(&text, 9, &second)) {
      return std::nullopt;
    }
    if (Take(&text, '.')) {
      const size_t digits = text.size();
      if (!TakeInt(&text, 9, &nanos)) return std::nullopt;
      for (size_t i = digits; i < 9; ++i) nanos *= 10;
    }
    if (!text.empty()) return std::nullopt;
  }
  const int64_t millis = days * kMillisPerDay + hour * kMillisPerHour + minute * kMillisPerMinute +
                         second * kMillisPerSecond + nanos / 1'000'000;
  return Instant{millis, static_cast<int32_t>(nanos % 1'000'000)};
}

std::optional<Instant> ParseByPattern(const DateTimePattern& pattern, std::string_view text,
                                      int precision) {
  auto instant = pattern.Parse(text);
  if (!instant) return ParseSqlTimestamp(text);
  int32_t unit = 1;
  for (int digit = precision; digit < 9; ++digit) unit *= 10;
  const int64_t of_milli = precision > 3 ? instant->nanos / unit * unit : 0;
  instant->nanos = static_cast<int32_t>(of_milli);
  return instant;
}

// Text as local time, or (`clock`) as time in a zone.
struct ToTimestamp {
  int64_t ticks_per_second;
  bool operator()(RowScope& scope, const StringRef& text, int64_t* out) const {
    const auto instant = ParseCastTimestamp(text.view(), 3);
    return instant && ToTicks(scope, *instant, ticks_per_second, out);
  }
};

struct ToTimestampByPattern {
  int64_t ticks_per_second;
  bool by_pattern_digits;  // the precision follows from the pattern, else it is 3
  PatternCache<DateTimePattern> patterns = {};
  bool operator()(RowScope& scope, const StringRef& text, const StringRef& pattern,
                  int64_t* out) const {
    const DateTimePattern* compiled = patterns.Get(scope, pattern.view());
    if (compiled == nullptr) return false;
    const int precision = by_pattern_digits ? compiled->FractionDigits() : 3;
    const auto instant = ParseByPattern(*compiled, text.view(), precision);
    return instant && ToTicks(scope, *instant, ticks_per_second, out);
  }
  bool operator()(RowScope& scope, const StringRef& text, const StringRef& pattern,
                  const StringRef& zone, int64_t* out) const {
    const DateTimePattern* compiled = patterns.Get(scope, pattern.view());
    if (compiled == nullptr) return false;
    auto instant = ParseByPattern(*compiled, text.view(), compiled->FractionDigits());
    const auto clock = ZoneClock::Find(zone.view());
    if (!instant || !clock.ok()) return false;
    instant->millis = clock->ToUtc(instant->millis);
    return ToTicks(scope, *instant, ticks_per_second, out);
  }
};

Result<Node*> MakeToTimestamp(Call& call) {
  const int64_t ticks = call.type().TicksPerSecond();
  if (call.arity() == 1) {
    return MakeRowCall<ToTimestamp, int64_t, StringRef>(call, {Want::kText}, {ticks});
  }
  CASTOR_RETURN_NOT_OK(CheckPattern<DateTimePattern>(call, 1));
  return MakeRowCall<ToTimestampByPattern, int64_t, StringRef, StringRef>(
      call, {Want::kText, Want::kText}, {ticks, false});
}

// --- TO_TIMESTAMP_LTZ ---

constexpr int64_t kFirstSecond = -62167219200;
constexpr int64_t kLastSecond = 253402300799;

int64_t LongPowerOfTen(int exponent) {
  int64_t power = 1;
  for (; exponent > 0; --exponent) power *= 10;
  return power;
}

bool EpochToTicks(RowScope& scope, int64_t epoch, int precision, int64_t ticks_per_second,
                  int64_t* out) {
  const int64_t factor = LongPowerOfTen(precision);
  const int64_t seconds = FloorDiv(epoch, factor);
  if (seconds < kFirstSecond || seconds > kLastSecond) return false;
  const int64_t nanos = FloorMod(epoch, factor) * LongPowerOfTen(9 - precision);
  return ToTicks(scope,
                 {seconds * 1000 + nanos / 1'000'000, static_cast<int32_t>(nanos % 1'000'000)},
                 ticks_per_second, out);
}

struct FromEpoch {
  int64_t ticks_per_second;
  bool operator()(RowScope& scope, int64_t epoch, int32_t precision, int64_t* out) const {
    if (precision < 0 || precision > 9) {
      return scope.Fail([&] {
        return "TO_TIMESTAMP_LTZ: the precision must be from 0 to 9, it is " +
               std::to_string(precision);
      });
    }
    return EpochToTicks(scope, epoch, precision, ticks_per_second, out);
  }
  bool operator()(RowScope& scope, double epoch, int32_t precision, int64_t* out) const {
    const double seconds = epoch / std::pow(10, precision);
    if (seconds < static_cast<double>(kFirstSecond) || seconds > static_cast<double>(kLastSecond)) {
      return false;
    }
    const auto nanos = JavaCast<int64_t>(epoch * std::pow(10, 9 - precision));
    return (*this)(scope, nanos, 9, out);
  }
};

Result<Node*> EpochToTimestampLtz(Call& call) {
  const TypeKind kind = call.operand_type(0).kind();
  if (call.arity() == 1) {
    MutableColumnPtr precision = Column::MakeConstant(LogicalType::Integer(false), 1);
    precision->mutable_values<int32_t>()[0] = 3;
    call.operands.push_back(call.builder.Make<ConstantNode>(std::move(precision)));
  }
  const FromEpoch from{call.type().TicksPerSecond()};
  if (kind == TypeKind::kDouble || kind == TypeKind::kFloat) {
    return MakeRowCall<FromEpoch, int64_t, double, int32_t>(call, {Want::kDouble, Want::kInt}, from,
                                                            OnError::kFail);
  }
  if (kind == TypeKind::kDecimal) {
    CASTOR_ASSIGN_OR_RETURN(call.operands[0],
                            call.builder.Cast(call.operands[0], LogicalType::BigInt()));
  }
  return MakeRowCall<FromEpoch, int64_t, int64_t, int32_t>(call, {Want::kLong, Want::kInt}, from,
                                                           OnError::kFail);
}

Result<Node*> ToTimestampLtz(Call& call) {
  if (!call.operand_type(0).IsString()) return EpochToTimestampLtz(call);
  const int64_t ticks = call.type().TicksPerSecond();
  if (call.arity() == 1) {
    // Text that does not fit is an error here, unlike in TO_TIMESTAMP.
    CASTOR_ASSIGN_OR_RETURN(Node * local,
                            call.builder.Cast(call.operands[0], LogicalType::Timestamp(3)));
    return MakeRetype(call.builder, local, call.type());
  }
  CASTOR_RETURN_NOT_OK(CheckPattern<DateTimePattern>(call, 1));
  const ToTimestampByPattern parse{ticks, true};
  if (call.arity() == 2) {
    return MakeRowCall<ToTimestampByPattern, int64_t, StringRef, StringRef>(
        call, {Want::kText, Want::kText}, parse);
  }
  return MakeRowCall<ToTimestampByPattern, int64_t, StringRef, StringRef, StringRef>(
      call, {Want::kText, Want::kText, Want::kText}, parse);
}

// --- Unix time ---

struct UnixTime {
  ZoneClock clock;
  PatternCache<SimpleDatePattern> patterns = {};
  bool operator()(RowScope& scope, const StringRef& text, int64_t* out) const {
    return Parse(scope, text, kDefaultPattern, out);
  }
  bool operator()(RowScope& scope, const StringRef& text, const StringRef& pattern,
                  int64_t* out) const {
    return Parse(scope, text, pattern.view(), out);
  }

 private:
  bool Parse(RowScope& scope, const StringRef& text, std::string_view pattern, int64_t* out) const {
    const SimpleDatePattern* compiled = patterns.Get(scope, pattern);
    if (compiled == nullptr) return false;
    const auto millis = compiled->Parse(text.view(), clock);
    *out = millis ? *millis / 1000 : kUnreadable;
    return true;
  }
};

struct UnixTimeOfTimestamp {
  int64_t ticks_per_second;
  int64_t operator()(int64_t ticks) const {
    return TicksToInstant(ticks, ticks_per_second).millis / 1000;
  }
};

Result<Node*> UnixTimestamp(Call& call) {
  if (call.arity() == 0) return MakeUnixNow(call);
  if (call.operand_type(0).IsTimestamp()) {
    const int64_t ticks = call.operand_type(0).TicksPerSecond();
    return MakeMapCall<UnixTimeOfTimestamp, int64_t, int64_t>(call, {Want::kAny}, {ticks});
  }
  CASTOR_ASSIGN_OR_RETURN(const ZoneClock clock, SessionClock(call));
  if (call.arity() == 1) {
    return MakeRowCall<UnixTime, int64_t, StringRef>(call, {Want::kText}, {clock});
  }
  CASTOR_RETURN_NOT_OK(CheckPattern<SimpleDatePattern>(call, 1));
  return MakeRowCall<UnixTime, int64_t, StringRef, StringRef>(call, {Want::kText, Want::kText},
                                                              {clock}, OnError::kFail);
}

struct FromUnixTime {
  ZoneClock clock;
  PatternCache<SimpleDatePattern> patterns = {};
  bool operator()(RowScope& scope, int64_t seconds, StringRef* out) const {
    return Format(scope, seconds, kDefaultPattern, out);
  }
  bool operator()(RowScope& scope, int64_t seconds, const StringRef& pattern,
                  StringRef* out) const {
    return Format(scope, seconds, pattern.view(), out);
  }

 private:
  bool Format(RowScope& scope, int64_t seconds, std::string_view pattern, StringRef* out) const {
    const SimpleDatePattern* compiled = patterns.Get(scope, pattern);
    if (compiled == nullptr) return false;
    std::string text;
    compiled->Format(WrappingMultiply<int64_t>(seconds, 1000), clock, &text);
    *out = scope.arena().Add(text);
    return true;
  }
};

Result<Node*> MakeFromUnixTime(Call& call) {
  CASTOR_ASSIGN_OR_RETURN(const ZoneClock clock, SessionClock(call));
  if (call.arity() == 1) {
    return MakeRowCall<FromUnixTime, StringRef, int64_t>(call, {Want::kLong}, {clock});
  }
  CASTOR_RETURN_NOT_OK(CheckPattern<SimpleDatePattern>(call, 1));
  return MakeRowCall<FromUnixTime, StringRef, int64_t, StringRef>(call, {Want::kLong, Want::kText},
                                                                  {clock}, OnError::kFail);
}

// --- CONVERT_TZ ---

struct ConvertTz {
  SimpleDatePattern pattern;
  bool operator()(RowScope& scope, const StringRef& text, const StringRef& from,
                  const StringRef& to, StringRef* out) const {
    const auto millis = pattern.Parse(text.view(), ZoneClock::FindLenient(from.view()));
    if (!millis) return false;
    std::string converted;
    pattern.Format(*millis, ZoneClock::FindLenient(to.view()), &converted);
    *out = scope.arena().Add(converted);
    return true;
  }
};

Result<Node*> MakeConvertTz(Call& call) {
  CASTOR_ASSIGN_OR_RETURN(SimpleDatePattern pattern, SimpleDatePattern::Compile(kDefaultPattern));
  return MakeRowCall<ConvertTz, StringRef, StringRef, StringRef, StringRef>(
      call, {Want::kText, Want::kText, Want::kText}, {std::move(pattern)});
}

constexpr FunctionEntry kFunctions[] = {
    {"DATE_FORMAT", DateFormat},       {"TO_DATE", MakeToDate},
    {"TO_TIMESTAMP", MakeToTimestamp}, {"TO_TIMESTAMP_LTZ", ToTimestampLtz},
    {"UNIX_TIMESTAMP", UnixTimestamp}, {"FROM_UNIXTIME", MakeFromUnixTime},
    {"CONVERT_TZ", MakeConvertTz},
};

}  // namespace

std::span<const FunctionEntry> TimeFormatFunctions() { return kFunctions; }

}  // namespace castor::expr
