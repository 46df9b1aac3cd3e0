// EXTRACT, FLOOR and CEIL to a unit, TIMESTAMPDIFF: ExtractCallGen, FloorCeilCallGen,
// TimestampDiffCallGen.
#include "expr/cast.h"
#include "expr/date_time.h"
#include "expr/functions/registry.h"
#include "expr/functions/shared.h"
#include "expr/row_call.h"
#include "expr/temporal_arithmetic.h"
#include "expr/time_unit.h"
#include "expr/time_zone.h"
#include "expr/timestamp_ticks.h"

namespace castor::expr {
namespace {

std::optional<TimeUnit> UnitOperand(Call& call, size_t i) {
  const auto name = i < call.arity() ? ConstantText(call, i) : std::nullopt;
  return name ? ParseTimeUnit(*name) : std::nullopt;
}

// Units of a day and longer, which need the calendar.
bool IsCalendarUnit(TimeUnit unit) { return unit <= TimeUnit::kIsoDow; }

// --- EXTRACT ---

struct ExtractDate {
  TimeUnit unit;
  int64_t operator()(int32_t days) const { return ExtractFromDate(unit, days); }
};

// Year, month or day of a date: most of what is asked for.
template <int32_t CivilDate::* kPart>
struct ExtractCivil {
  int64_t operator()(int32_t days) const { return CivilFromDays(days).*kPart; }
};

// Of (local) milliseconds, cut towards zero.
struct DaysOfMillis {
  int32_t operator()(int64_t millis) const { return static_cast<int32_t>(millis / kMillisPerDay); }
};

// ((value % factor) / divisor) of a number of milliseconds or months; factor 0: of all of it.
template <int64_t kFactor, int64_t kDivisor>
struct ExtractPart {
  template <typename T>
  int64_t operator()(T value) const {
    if constexpr (kFactor == 0) {
      return value / kDivisor;
    } else {
      return value % kFactor / kDivisor;
    }
  }
};

struct ExtractQuarterOfMonths {
  int64_t operator()(int32_t months) const { return (months % 12 - 1) / 3 + 1; }
};

// Milliseconds of a timestamp in a zone (UTC for TIMESTAMP).
struct LocalMillis {
  ZoneClock clock;
  int64_t ticks_per_second;
  int64_t operator()(int64_t ticks) const {
    const int64_t millis = TicksToInstant(ticks, ticks_per_second).millis;
    return millis + clock.CalendarOffsetAt(millis);
  }
};

// What is below a second, in parts of which a millisecond has `per_milli`.
struct ExtractFraction {
  ZoneClock clock;
  int64_t ticks_per_second;
  int32_t per_milli;
  int64_t operator()(int64_t ticks) const {
    const Instant instant = TicksToInstant(ticks, ticks_per_second);
    const int64_t millis = instant.millis + clock.CalendarOffsetAt(instant.millis);
    return millis % kMillisPerSecond * per_milli + instant.nanos / (1'000'000 / per_milli);
  }
};

// As ExtractCallGen.getFactor and the unit's multiplier say, of day-time intervals, of times and of
// local milliseconds; nullptr for other units.
template <typename T>
Node* ExtractOfMillis(Builder& builder, const LogicalType& type, Node* operand, TimeUnit unit) {
  const auto make = [&]<int64_t kFactor, int64_t kDivisor>() {
    return builder.Make<MapNode<ExtractPart<kFactor, kDivisor>, int64_t, T>>(
        type, std::vector<Node*>{operand});
  };
  switch (unit) {
    case TimeUnit::kHour:
      return make.template operator()<kMillisPerDay, kMillisPerHour>();
    case TimeUnit::kMinute:
      return make.template operator()<kMillisPerHour, kMillisPerMinute>();
    case TimeUnit::kSecond:
      return make.template operator()<kMillisPerMinute, kMillisPerSecond>();
    case TimeUnit::kMillisecond:
      return make.template operator()<kMillisPerSecond, 1>();
    case TimeUnit::kDay:
      return make.template operator()<0, kMillisPerDay>();
    case TimeUnit::kEpoch:
      return make.template operator()<0, kMillisPerSecond>();
    default:
      return nullptr;
  }
}

Node* ExtractOfMonths(Call& call, Node* operand, TimeUnit unit) {
  const auto make = [&]<typename F>() {
    return call.builder.Make<MapNode<F, int64_t, int32_t>>(call.type(),
                                                           std::vector<Node*>{operand});
  };
  switch (unit) {
    case TimeUnit::kQuarter:
      return make.template operator()<ExtractQuarterOfMonths>();
    case TimeUnit::kYear:
      return make.template operator()<ExtractPart<0, 12>>();
    case TimeUnit::kMonth:
      return make.template operator()<ExtractPart<12, 1>>();
    case TimeUnit::kCentury:
      return make.template operator()<ExtractPart<0, 1200>>();
    case TimeUnit::kMillennium:
      return make.template operator()<ExtractPart<0, 12000>>();
    default:
      return nullptr;
  }
}

Node* ExtractOfDate(Call& call, Node* operand, TimeUnit unit) {
  const std::vector<Node*> operands{operand};
  Builder& builder = call.builder;
  switch (unit) {
    case TimeUnit::kYear:
      return builder.Make<MapNode<ExtractCivil<&CivilDate::year>, int64_t, int32_t>>(call.type(),
                                                                                     operands);
    case TimeUnit::kMonth:
      return builder.Make<MapNode<ExtractCivil<&CivilDate::month>, int64_t, int32_t>>(call.type(),
                                                                                      operands);
    case TimeUnit::kDay:
      return builder.Make<MapNode<ExtractCivil<&CivilDate::day>, int64_t, int32_t>>(call.type(),
                                                                                    operands);
    default:
      return builder.Make<MapNode<ExtractDate, int64_t, int32_t>>(call.type(), operands,
                                                                  ExtractDate{unit});
  }
}

Result<Node*> ExtractFromTimestamp(Call& call, Node* operand, TimeUnit unit) {
  Builder& builder = call.builder;
  const LogicalType& from = operand->type();
  ZoneClock clock;
  if (from.kind() == TypeKind::kTimestampLtz) {
    CASTOR_ASSIGN_OR_RETURN(clock, ZoneClock::Find(builder.settings().time_zone));
  }
  if (unit == TimeUnit::kMicrosecond || unit == TimeUnit::kNanosecond) {
    const int32_t per_milli = unit == TimeUnit::kMicrosecond ? 1000 : 1'000'000;
    return builder.Make<MapNode<ExtractFraction, int64_t, int64_t>>(
        call.type(), std::vector<Node*>{operand},
        ExtractFraction{clock, from.TicksPerSecond(), per_milli});
  }
  const LogicalType millis_type = LogicalType::BigInt(from.nullable());
  Node* millis = clock.IsUtc() && from.TicksPerSecond() == kMillisPerSecond
                     ? MakeRetype(builder, operand, millis_type)
                     : builder.Make<MapNode<LocalMillis, int64_t, int64_t>>(
                           millis_type, std::vector<Node*>{operand},
                           LocalMillis{clock, from.TicksPerSecond()});
  if (IsCalendarUnit(unit)) {
    Node* days = builder.Make<MapNode<DaysOfMillis, int32_t, int64_t>>(
        LogicalType(TypeKind::kDate, from.nullable()), std::vector<Node*>{millis});
    return ExtractOfDate(call, days, unit);
  }
  return ExtractOfMillis<int64_t>(builder, call.type(), millis, unit);
}

Result<Node*> Extract(Call& call) {
  const auto unit = UnitOperand(call, 0);
  if (!unit || call.arity() != 2) return call.Unsupported("it takes a unit of time and a value");
  Node* operand = call.operands[1];
  const LogicalType& type = operand->type();
  Node* extracted = nullptr;
  switch (type.kind()) {
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      return ExtractFromTimestamp(call, operand, *unit);
    case TypeKind::kDate:
      if (IsCalendarUnit(*unit) || *unit == TimeUnit::kEpoch) {
        return ExtractOfDate(call, operand, *unit);
      }
      break;
    case TypeKind::kIntervalYearMonth:
      extracted = ExtractOfMonths(call, operand, *unit);
      break;
    case TypeKind::kTime:
      if (*unit == TimeUnit::kDay || *unit == TimeUnit::kEpoch) break;
      extracted = ExtractOfMillis<int32_t>(call.builder, call.type(), operand, *unit);
      break;
    case TypeKind::kIntervalDayTime:
    case TypeKind::kBigInt:
      if (*unit == TimeUnit::kEpoch) break;
      extracted = ExtractOfMillis<int64_t>(call.builder, call.type(), operand, *unit);
      break;
    default:
      break;
  }
  if (extracted != nullptr) return extracted;
  return call.Unsupported("the unit cannot be taken of " + type.ToString());
}

// --- FLOOR and CEIL ---

int64_t FloorMillis(int64_t millis, int64_t unit) { return millis - FloorMod(millis, unit); }

struct RoundDate {
  TimeUnit unit;
  bool ceil;
  int32_t operator()(int32_t days) const {
    return static_cast<int32_t>(FloorDate(unit, days, ceil));
  }
};

struct RoundTime {
  int32_t unit;
  bool ceil;
  int32_t operator()(int32_t millis) const {
    const int32_t rest = millis % unit;
    if (!ceil) return millis - (rest < 0 ? rest + unit : rest);
    return millis - (rest > 0 ? rest - unit : rest);
  }
};

struct RoundTimestamp {
  TimeUnit unit;
  bool ceil;
  int64_t ticks_per_second;
  bool operator()(RowScope& scope, int64_t ticks, int64_t* out) const {
    const Instant instant = TicksToInstant(ticks, ticks_per_second);
    Instant rounded;
    if (unit == TimeUnit::kMillisecond) {
      rounded.millis = instant.millis + (ceil && instant.nanos > 0 ? 1 : 0);
    } else if (unit == TimeUnit::kDay || unit > TimeUnit::kIsoDow) {
      const int64_t length = MillisOf(unit);
      rounded.millis = FloorMillis(instant.millis + (ceil ? length - 1 : 0), length);
    } else {
      const auto days = static_cast<int32_t>(instant.millis / kMillisPerDay);
      rounded.millis = FloorDate(unit, days, ceil) * kMillisPerDay;
    }
    return ToTicks(scope, rounded, ticks_per_second, out);
  }
};

// DateTimeUtils.timestampFloor and timestampCeil: by the offset that holds at the instant itself.
struct RoundLtz {
  TimeUnit unit;
  bool ceil;
  ZoneClock clock;
  int64_t ticks_per_second;
  bool operator()(RowScope& scope, int64_t ticks, int64_t* out) const {
    const int64_t millis = TicksToInstant(ticks, ticks_per_second).millis;
    const int64_t offset = clock.CalendarOffsetAt(millis);
    const int64_t local = millis + offset;
    int64_t rounded;
    if (unit == TimeUnit::kDay || unit > TimeUnit::kIsoDow) {
      const int64_t length = MillisOf(unit);
      rounded = FloorMillis(local, length);
      // Its ceiling is that of a remainder towards zero, the same but before 1970.
      if (ceil) rounded = local - local % length + (local % length > 0 ? length : 0);
    } else {
      const auto days = static_cast<int32_t>(local / kMillisPerDay);
      rounded = FloorDate(unit, days, ceil) * kMillisPerDay;
    }
    return ToTicks(scope, {rounded - offset, 0}, ticks_per_second, out);
  }
};

Result<Node*> RoundToUnit(Call& call, bool ceil) {
  const auto unit = UnitOperand(call, 1);
  if (!unit || (IsCalendarUnit(*unit) && *unit > TimeUnit::kDay) || *unit == TimeUnit::kIsoYear ||
      *unit > TimeUnit::kMillisecond) {
    return call.Unsupported("the unit is not one to round to");
  }
  Node* operand = call.operands[0];
  const std::vector<Node*> operands{operand};
  const LogicalType& type = operand->type();
  Builder& builder = call.builder;
  switch (type.kind()) {
    case TypeKind::kDate:
      if (!IsCalendarUnit(*unit)) return operand;
      return builder.Make<MapNode<RoundDate, int32_t, int32_t>>(call.type(), operands,
                                                                RoundDate{*unit, ceil});
    case TypeKind::kTime:
      if (IsCalendarUnit(*unit)) break;
      return builder.Make<MapNode<RoundTime, int32_t, int32_t>>(
          call.type(), operands, RoundTime{static_cast<int32_t>(MillisOf(*unit)), ceil});
    case TypeKind::kTimestamp:
      return builder.Make<RowNode<RoundTimestamp, int64_t, int64_t>>(
          call.type(), operands, RoundTimestamp{*unit, ceil, type.TicksPerSecond()},
          OnError::kFail);
    case TypeKind::kTimestampLtz: {
      CASTOR_ASSIGN_OR_RETURN(const ZoneClock clock, ZoneClock::Find(builder.settings().time_zone));
      return builder.Make<RowNode<RoundLtz, int64_t, int64_t>>(
          call.type(), operands, RoundLtz{*unit, ceil, clock, type.TicksPerSecond()},
          OnError::kFail);
    }
    default:
      break;
  }
  return call.Unsupported(type.ToString() + " cannot be rounded to the unit");
}

template <bool kCeil>
Result<Node*> Round(Call& call) {
  return call.arity() == 2 ? RoundToUnit(call, kCeil) : MakeRounding(call, kCeil);
}

// --- TIMESTAMPDIFF ---

struct MonthsBetween {
  int32_t divisor;
  int32_t operator()(int64_t left, int64_t right) const {
    return SubtractMonthsOfMillis(left, right) / divisor;
  }
};
struct UnitsBetween {
  int64_t unit;
  int32_t operator()(int64_t left, int64_t right) const {
    return static_cast<int32_t>((left - right) / unit);
  }
};

// TIMESTAMPDIFF(unit, to, from) of plans.
Result<Node*> TimestampDiff(Call& call) {
  const auto unit = UnitOperand(call, 0);
  if (!unit || call.arity() != 3) return call.Unsupported("it takes a unit and two times");
  std::vector<Node*> millis;
  for (size_t i = 1; i < 3; ++i) {
    const TypeKind kind = call.operand_type(i).kind();
    if (kind != TypeKind::kDate && kind != TypeKind::kTimestamp) {
      return call.Unsupported("it takes DATE and TIMESTAMP");
    }
    millis.push_back(TimePointToMillis(call.builder, call.operands[i]));
  }
  const int32_t months = *unit == TimeUnit::kYear      ? 12
                         : *unit == TimeUnit::kQuarter ? 3
                         : *unit == TimeUnit::kMonth   ? 1
                                                       : 0;
  if (months > 0) {
    return call.builder.Make<MapNode<MonthsBetween, int32_t, int64_t, int64_t>>(
        call.type(), std::move(millis), MonthsBetween{months});
  }
  const int64_t length = MillisOf(*unit);
  if (length < kMillisPerSecond) return call.Unsupported("the unit is not one of a difference");
  return call.builder.Make<MapNode<UnitsBetween, int32_t, int64_t, int64_t>>(
      call.type(), std::move(millis), UnitsBetween{length});
}

constexpr FunctionEntry kFunctions[] = {
    {"EXTRACT", Extract},     {"FLOOR", Round<false>},          {"CEIL", Round<true>},
    {"CEILING", Round<true>}, {"TIMESTAMPDIFF", TimestampDiff},
};

}  // namespace

std::span<const FunctionEntry> TemporalFunctions() { return kFunctions; }

}  // namespace castor::expr
