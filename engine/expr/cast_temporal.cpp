// Casts among DATE, TIME, TIMESTAMP and TIMESTAMP_LTZ: TimestampToTimestampCastRule,
// TimestampToDateCastRule, TimestampToTimeCastRule, DateToTimestampCastRule,
// TimeToTimestampCastRule, TimeToTimeCastRule.
#include "expr/cast.h"
#include "expr/date_time.h"
#include "expr/row_function.h"
#include "expr/time_text.h"
#include "expr/time_zone.h"
#include "expr/timestamp_ticks.h"

namespace castor::expr {
namespace {

// Between timestamps: to another zone or unit, digits cut off towards zero.
struct Convert {
  enum class Zone : uint8_t { kSame, kToUtc, kToLocal };
  ZoneClock clock;
  Zone zone;
  int64_t from_ticks;
  int64_t to_ticks;
  int to_precision;
  bool truncate;

  bool operator()(RowScope& scope, int64_t ticks, int64_t* out) const {
    Instant instant = TicksToInstant(ticks, from_ticks);
    if (zone == Zone::kToUtc) instant.millis = clock.ToUtc(instant.millis);
    if (zone == Zone::kToLocal) instant.millis = clock.ToLocal(instant.millis);
    if (truncate) instant = TruncateInstant(instant, to_precision);
    return ToTicks(scope, instant, to_ticks, out);
  }
};

struct TimestampToDate {
  int64_t ticks_per_day;
  // Towards zero: Flink has it so, although it is the wrong day before 1970.
  int32_t operator()(int64_t ticks) const { return static_cast<int32_t>(ticks / ticks_per_day); }
};

// Milliseconds first (down), then days towards zero.
struct FineTimestampToDate {
  int64_t ticks_per_second;
  int32_t operator()(int64_t ticks) const {
    return static_cast<int32_t>(TicksToInstant(ticks, ticks_per_second).millis / kMillisPerDay);
  }
};

struct LtzToDate {
  ZoneClock clock;
  int64_t ticks_per_second;
  int32_t operator()(int64_t ticks) const {
    const int64_t local = clock.ToLocal(TicksToInstant(ticks, ticks_per_second).millis);
    return static_cast<int32_t>(FloorDiv(local, kMillisPerDay));
  }
};

struct TimestampToTime {
  int64_t ticks_per_second;
  int precision;
  int32_t operator()(int64_t ticks) const {
    const int64_t millis = TicksToInstant(ticks, ticks_per_second).millis;
    return TruncateTime(static_cast<int32_t>(millis % kMillisPerDay), precision);
  }
};

struct LtzToTime {
  ZoneClock clock;
  int64_t ticks_per_second;
  int precision;
  int32_t operator()(int64_t ticks) const {
    const int64_t local = clock.ToLocal(TicksToInstant(ticks, ticks_per_second).millis);
    return TruncateTime(static_cast<int32_t>(FloorMod(local, kMillisPerDay)), precision);
  }
};

// A date's midnight, or a time on the first of January 1970.
struct ToTimestamp {
  ZoneClock clock;
  bool to_utc;
  int64_t multiplier;
  int64_t ticks_per_second;
  bool operator()(RowScope& scope, int32_t value, int64_t* out) const {
    int64_t millis = value * multiplier;
    if (to_utc) millis = clock.ToUtc(millis);
    return ToTicks(scope, {millis, 0}, ticks_per_second, out);
  }
};

struct CutTime {
  int precision;
  int32_t operator()(int32_t millis) const { return TruncateTime(millis, precision); }
};

struct ScaleTicks {
  int64_t from;
  int64_t to;
  bool operator()(RowScope& scope, int64_t ticks, int64_t* out) const {
    return ToTicks(scope, TicksToInstant(ticks, from), to, out);
  }
};

Result<Node*> BetweenTimestamps(Builder& builder, Node* operand, const LogicalType& type) {
  const LogicalType& from = operand->type();
  // Time attributes have three digits, whatever the plan says.
  const bool attribute = from.time_attribute() != TimeAttribute::kNone ||
                         type.time_attribute() != TimeAttribute::kNone;
  const bool local = from.kind() == TypeKind::kTimestamp && from.kind() == type.kind();
  const int precision = attribute && local ? 3 : type.precision();
  const bool truncate = from.precision() > precision;
  if (from.kind() == type.kind() && !truncate && from.TicksPerSecond() == type.TicksPerSecond()) {
    return MakeRetype(builder, operand, type);
  }
  CASTOR_ASSIGN_OR_RETURN(const ZoneClock clock, ZoneClock::Find(builder.settings().time_zone));
  Convert convert{
      clock,   Convert::Zone::kSame, from.TicksPerSecond(), type.TicksPerSecond(), precision,
      truncate};
  if (from.kind() != type.kind()) {
    convert.zone =
        type.kind() == TypeKind::kTimestamp ? Convert::Zone::kToLocal : Convert::Zone::kToUtc;
  }
  return builder.Make<RowNode<Convert, int64_t, int64_t>>(type, std::vector<Node*>{operand},
                                                          convert, OnError::kFail);
}

Result<Node*> FromTimestamp(Builder& builder, Node* operand, const LogicalType& type) {
  const std::vector<Node*> operands{operand};
  const int64_t ticks = operand->type().TicksPerSecond();
  CASTOR_ASSIGN_OR_RETURN(const ZoneClock clock, ZoneClock::Find(builder.settings().time_zone));
  const bool ltz = operand->type().kind() == TypeKind::kTimestampLtz;
  if (type.kind() == TypeKind::kDate) {
    if (ltz) {
      return builder.Make<MapNode<LtzToDate, int32_t, int64_t>>(type, operands,
                                                                LtzToDate{clock, ticks});
    }
    if (ticks != kMillisPerSecond) {
      return builder.Make<MapNode<FineTimestampToDate, int32_t, int64_t>>(
          type, operands, FineTimestampToDate{ticks});
    }
    return builder.Make<MapNode<TimestampToDate, int32_t, int64_t>>(type, operands,
                                                                    TimestampToDate{kMillisPerDay});
  }
  if (ltz) {
    return builder.Make<MapNode<LtzToTime, int32_t, int64_t>>(
        type, operands, LtzToTime{clock, ticks, type.precision()});
  }
  return builder.Make<MapNode<TimestampToTime, int32_t, int64_t>>(
      type, operands, TimestampToTime{ticks, type.precision()});
}

}  // namespace

Result<Node*> MakeTimestampReinterpret(Builder& builder, Node* operand, const LogicalType& type) {
  const auto ticks = [](const LogicalType& t) {
    return t.IsTimestamp() ? t.TicksPerSecond() : kMillisPerSecond;
  };
  if (ticks(operand->type()) == ticks(type)) return MakeRetype(builder, operand, type);
  return builder.Make<RowNode<ScaleTicks, int64_t, int64_t>>(
      type, std::vector<Node*>{operand}, ScaleTicks{ticks(operand->type()), ticks(type)},
      OnError::kFail);
}

Result<Node*> MakeTemporalCast(Builder& builder, Node* operand, const LogicalType& type) {
  const LogicalType& from = operand->type();
  if (from.IsTimestamp() && type.IsTimestamp()) return BetweenTimestamps(builder, operand, type);
  const bool to_date_or_time = type.kind() == TypeKind::kDate || type.kind() == TypeKind::kTime;
  if (from.IsTimestamp() && to_date_or_time) return FromTimestamp(builder, operand, type);
  const bool date_or_time = from.kind() == TypeKind::kDate || from.kind() == TypeKind::kTime;
  if (date_or_time && type.IsTimestamp()) {
    CASTOR_ASSIGN_OR_RETURN(const ZoneClock clock, ZoneClock::Find(builder.settings().time_zone));
    const ToTimestamp convert{clock, type.kind() == TypeKind::kTimestampLtz,
                              from.kind() == TypeKind::kDate ? kMillisPerDay : 1,
                              type.TicksPerSecond()};
    return builder.Make<RowNode<ToTimestamp, int64_t, int32_t>>(type, std::vector<Node*>{operand},
                                                                convert, OnError::kFail);
  }
  if (from.kind() == TypeKind::kTime && type.kind() == TypeKind::kTime) {
    if (from.precision() <= type.precision()) return MakeRetype(builder, operand, type);
    return builder.Make<MapNode<CutTime, int32_t, int32_t>>(type, std::vector<Node*>{operand},
                                                            CutTime{type.precision()});
  }
  return nullptr;
}

}  // namespace castor::expr
