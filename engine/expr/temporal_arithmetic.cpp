#include "expr/temporal_arithmetic.h"

#include <algorithm>

#include "expr/cast.h"
#include "expr/date_time.h"
#include "expr/java_number.h"
#include "expr/row_function.h"
#include "expr/timestamp_ticks.h"

namespace castor::expr {
namespace {

// Timestamps in milliseconds: wraps around as Java's long does.
struct AddMillis {
  int64_t sign;
  int64_t operator()(int64_t ticks, int64_t interval) const {
    return WrappingAdd(ticks, WrappingMultiply(sign, interval));
  }
};

// Finer timestamps reach from 1677 to 2262 only (nanoseconds).
struct AddMillisToTicks {
  int64_t sign;
  int64_t ticks_per_milli;
  bool operator()(RowScope& scope, int64_t ticks, int64_t interval, int64_t* out) const {
    int64_t scaled;
    if (__builtin_mul_overflow(sign * interval, ticks_per_milli, &scaled) ||
        __builtin_add_overflow(ticks, scaled, out)) {
      return scope.Fail([] { return "timestamp plus interval is out of range"; });
    }
    return true;
  }
};

struct AddMonthsToTicks {
  int32_t sign;
  int64_t ticks_per_second;
  bool operator()(RowScope& scope, int64_t ticks, int32_t months, int64_t* out) const {
    Instant instant = TicksToInstant(ticks, ticks_per_second);
    instant.millis = AddMonthsToMillis(instant.millis, sign * months);
    return ToTicks(scope, instant, ticks_per_second, out);
  }
};

struct AddMonthsToDate {
  int32_t sign;
  int32_t operator()(int32_t days, int32_t months) const {
    return AddMonthsToDays(days, sign * months);
  }
};

struct AddDaysToDate {
  int64_t sign;
  bool operator()(RowScope& scope, int32_t days, int64_t interval, int32_t* out) const {
    const int64_t change = interval / kMillisPerDay;
    if (change != static_cast<int32_t>(change)) {  // Math.toIntExact
      return scope.Fail([] { return "integer overflow in date plus interval"; });
    }
    *out = WrappingAdd(days, static_cast<int32_t>(sign * change));
    return true;
  }
};

struct DatePlusMillisToTicks {
  int64_t sign;
  int64_t ticks_per_second;
  bool operator()(RowScope& scope, int32_t days, int64_t interval, int64_t* out) const {
    const Instant instant{days * kMillisPerDay + sign * interval, 0};
    return ToTicks(scope, instant, ticks_per_second, out);
  }
};

struct AddMillisToTime {
  int64_t sign;
  int32_t operator()(int32_t time, int64_t interval) const {
    const int64_t moved = time + kMillisPerDay + sign * (interval % kMillisPerDay);
    return static_cast<int32_t>(moved % kMillisPerDay);
  }
};

struct FirstOfTwo {
  int32_t operator()(int32_t time, int32_t) const { return time; }
};

// A time point as milliseconds: days times 86 400 000, times of day as they are.
struct ToMillis {
  int64_t multiplier;
  int64_t divisor;
  template <typename T>
  int64_t operator()(T value) const {
    return FloorDiv(static_cast<int64_t>(value) * multiplier, divisor);
  }
};

struct DifferenceOfMillis {
  int64_t operator()(int64_t left, int64_t right) const { return WrappingSubtract(left, right); }
};
struct MonthsBetweenMillis {
  int32_t operator()(int64_t left, int64_t right) const {
    return SubtractMonthsOfMillis(left, right);
  }
};
struct MonthsBetweenDays {
  int32_t operator()(int32_t left, int32_t right) const {
    return SubtractMonthsOfDays(left, right);
  }
};

Result<Node*> TimestampPlusInterval(Call& call, Node* left, Node* right, int sign) {
  Builder& builder = call.builder;
  // The plan's type may be finer than the operand's; the sum keeps all digits either way.
  if (call.type().IsTimestamp() && call.type().precision() > left->type().precision()) {
    CASTOR_ASSIGN_OR_RETURN(left, builder.Cast(left, call.type().WithNullable(true)));
  }
  const LogicalType& type = left->type();
  const int64_t ticks = type.TicksPerSecond();
  const std::vector<Node*> operands{left, right};
  if (right->type().kind() == TypeKind::kIntervalYearMonth) {
    return builder.Make<RowNode<AddMonthsToTicks, int64_t, int64_t, int32_t>>(
        call.type(), operands, AddMonthsToTicks{sign, ticks}, OnError::kFail);
  }
  if (ticks == kMillisPerSecond) {
    return builder.Make<MapNode<AddMillis, int64_t, int64_t, int64_t>>(call.type(), operands,
                                                                       AddMillis{sign});
  }
  return builder.Make<RowNode<AddMillisToTicks, int64_t, int64_t, int64_t>>(
      call.type(), operands, AddMillisToTicks{sign, ticks / kMillisPerSecond}, OnError::kFail);
}

Result<Node*> DatePlusInterval(Call& call, Node* left, Node* right, int sign) {
  Builder& builder = call.builder;
  const std::vector<Node*> operands{left, right};
  if (right->type().kind() == TypeKind::kIntervalYearMonth) {
    return builder.Make<MapNode<AddMonthsToDate, int32_t, int32_t, int32_t>>(call.type(), operands,
                                                                             AddMonthsToDate{sign});
  }
  if (call.type().kind() == TypeKind::kDate) {
    return builder.Make<RowNode<AddDaysToDate, int32_t, int32_t, int64_t>>(
        call.type(), operands, AddDaysToDate{sign}, OnError::kFail);
  }
  return builder.Make<RowNode<DatePlusMillisToTicks, int64_t, int32_t, int64_t>>(
      call.type(), operands, DatePlusMillisToTicks{sign, call.type().TicksPerSecond()},
      OnError::kFail);
}

Result<Node*> TimePlusInterval(Call& call, Node* left, Node* right, int sign) {
  const std::vector<Node*> operands{left, right};
  if (right->type().kind() == TypeKind::kIntervalYearMonth) {
    return call.builder.Make<MapNode<FirstOfTwo, int32_t, int32_t, int32_t>>(call.type(), operands);
  }
  return call.builder.Make<MapNode<AddMillisToTime, int32_t, int32_t, int64_t>>(
      call.type(), operands, AddMillisToTime{sign});
}

Result<Node*> Difference(Call& call, Node* left, Node* right) {
  Builder& builder = call.builder;
  const bool left_ltz = left->type().kind() == TypeKind::kTimestampLtz;
  const bool right_ltz = right->type().kind() == TypeKind::kTimestampLtz;
  if (left_ltz != right_ltz) {
    return call.Unsupported("TIMESTAMP_LTZ can be subtracted from TIMESTAMP_LTZ only");
  }
  const bool both_days =
      left->type().kind() == TypeKind::kDate && right->type().kind() == TypeKind::kDate;
  if (call.type().kind() == TypeKind::kIntervalYearMonth && both_days) {
    return builder.Make<MapNode<MonthsBetweenDays, int32_t, int32_t, int32_t>>(
        call.type(), std::vector<Node*>{left, right});
  }
  const std::vector<Node*> millis{TimePointToMillis(builder, left),
                                  TimePointToMillis(builder, right)};
  if (call.type().kind() == TypeKind::kIntervalYearMonth) {
    return builder.Make<MapNode<MonthsBetweenMillis, int32_t, int64_t, int64_t>>(call.type(),
                                                                                 millis);
  }
  if (call.type().kind() == TypeKind::kIntervalDayTime) {
    return builder.Make<MapNode<DifferenceOfMillis, int64_t, int64_t, int64_t>>(call.type(),
                                                                                millis);
  }
  return call.Unsupported("no such temporal arithmetic");
}

bool IsInterval(const LogicalType& type) {
  return type.kind() == TypeKind::kIntervalDayTime || type.kind() == TypeKind::kIntervalYearMonth;
}

}  // namespace

Result<Node*> MakeTemporalPlusMinus(Call& call, bool plus) {
  if (call.arity() != 2) return call.Unsupported("it takes two operands");
  Node* left = call.operands[0];
  Node* right = call.operands[1];
  if (plus && IsInterval(left->type())) std::swap(left, right);
  const int sign = plus ? 1 : -1;
  if (IsInterval(right->type())) {
    if (left->type().IsTimestamp()) return TimestampPlusInterval(call, left, right, sign);
    if (left->type().kind() == TypeKind::kDate) return DatePlusInterval(call, left, right, sign);
    if (left->type().kind() == TypeKind::kTime) return TimePlusInterval(call, left, right, sign);
  } else if (!plus) {
    return Difference(call, left, right);
  }
  return call.Unsupported("no such temporal arithmetic");
}

Node* TimePointToMillis(Builder& builder, Node* node) {
  const LogicalType type = LogicalType::BigInt(node->type().nullable());
  const std::vector<Node*> operands{node};
  if (node->type().IsTimestamp()) {
    const int64_t per_milli = node->type().TicksPerSecond() / kMillisPerSecond;
    return builder.Make<MapNode<ToMillis, int64_t, int64_t>>(type, operands,
                                                             ToMillis{1, per_milli});
  }
  const int64_t multiplier = node->type().kind() == TypeKind::kDate ? kMillisPerDay : 1;
  return builder.Make<MapNode<ToMillis, int64_t, int32_t>>(type, operands, ToMillis{multiplier, 1});
}

int32_t AddMonthsToDays(int32_t days, int32_t months) {
  const CivilDate date = CivilFromDays(days);
  const int64_t month_index = static_cast<int64_t>(date.year) * 12 + date.month - 1 + months;
  const int64_t year = FloorDiv(month_index, 12);
  const auto month = static_cast<int32_t>(FloorMod(month_index, 12)) + 1;
  return static_cast<int32_t>(
      DaysFromCivil(year, month, std::min(date.day, DaysInMonth(year, month))));
}

int64_t AddMonthsToMillis(int64_t millis, int32_t months) {
  const int64_t of_day = FloorMod(millis, kMillisPerDay);
  const auto days = static_cast<int32_t>(FloorDiv(millis, kMillisPerDay));
  return AddMonthsToDays(days, months) * kMillisPerDay + of_day;
}

int32_t SubtractMonthsOfDays(int32_t left, int32_t right) {
  if (left < right) return -SubtractMonthsOfDays(right, left);
  // No month has more than 31 days: the estimate is not above the true value.
  int32_t months = (left - right) / 31;
  while (AddMonthsToDays(right, months) < left && AddMonthsToDays(right, months + 1) <= left) {
    ++months;
  }
  return months;
}

int32_t SubtractMonthsOfMillis(int64_t left, int64_t right) {
  const auto left_days = static_cast<int32_t>(FloorDiv(left, kMillisPerDay));
  const auto right_days = static_cast<int32_t>(FloorDiv(right, kMillisPerDay));
  int32_t months = SubtractMonthsOfDays(left_days, right_days);
  const bool same_day = AddMonthsToDays(right_days, months) == left_days;
  if (same_day && FloorMod(left, kMillisPerDay) < FloorMod(right, kMillisPerDay)) --months;
  return months;
}

}  // namespace castor::expr
