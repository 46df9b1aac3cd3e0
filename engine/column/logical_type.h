// Flink's logical types and the physical form in which a column holds them.
//
// A LogicalType is a small immutable value; children of nested types are shared. Precision of
// TIMESTAMP decides the unit: up to 3 milliseconds, up to 6 microseconds, up to 9 nanoseconds since
// the epoch (local or UTC as the type says), always int64. DECIMAL is a 128-bit unscaled integer
// whatever its precision. DATE is days, TIME milliseconds of the day, year-month intervals months,
// day-time intervals milliseconds, as in Flink. BOOLEAN takes one byte (0 or 1): bit-packing it
// would cost every kernel more than the conversion at an Arrow boundary does. The NULL type is held
// like BOOLEAN, all rows null. A structured type is a ROW with a class name.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace castor {

enum class TypeKind : uint8_t {
  kNull,
  kBoolean,
  kTinyInt,
  kSmallInt,
  kInteger,
  kBigInt,
  kFloat,
  kDouble,
  kDecimal,
  kChar,
  kVarChar,
  kBinary,
  kVarBinary,
  kDate,
  kTime,
  kTimestamp,
  kTimestampLtz,
  kIntervalYearMonth,
  kIntervalDayTime,
  kRow,
  kArray,
  kMap,
  kMultiset,
  kRaw,  // this and the next two: the bytes that Flink's binary rows hold of a value
  kVariant,
  kBitmap,
  kSymbol,
};

enum class PhysicalType : uint8_t {
  kBool,  // uint8_t, 0 or 1
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kInt128,  // __int128
  kFloat,
  kDouble,
  kString,  // StringRef: bytes or UTF-8
  kRow,     // one child column per field
  kList,    // ListRef into child columns: ARRAY, MAP, MULTISET
};

// Which fields an interval type shows; part of its identity, without effect on its values.
enum class IntervalUnit : uint8_t {
  kNone,
  kYear,
  kYearToMonth,
  kMonth,
  kDay,
  kDayToHour,
  kDayToMinute,
  kDayToSecond,
  kHour,
  kHourToMinute,
  kHourToSecond,
  kMinute,
  kMinuteToSecond,
  kSecond,
};

enum class TimeAttribute : uint8_t { kNone, kRowtime, kProctime };

__extension__ typedef __int128 int128_t;  // -Wpedantic refuses it in a using declaration

class LogicalType {
 public:
  struct Field;

  LogicalType() = default;  // the NULL type
  explicit LogicalType(TypeKind kind, bool nullable = true, int32_t precision = 0,
                       int32_t scale = 0);

  static LogicalType Row(std::vector<Field> fields, bool nullable = true);
  static LogicalType Structured(std::string class_name, std::vector<Field> fields, bool nullable);
  // `precision` of years or days; `scale` is the fractional precision of seconds. The plain
  // constructor makes YEAR TO MONTH and DAY TO SECOND with Flink's default precisions.
  static LogicalType Interval(IntervalUnit unit, int32_t precision, int32_t scale,
                              bool nullable = true);
  static LogicalType Decimal(int32_t precision, int32_t scale, bool nullable = true) {
    return LogicalType(TypeKind::kDecimal, nullable, precision, scale);
  }
  static LogicalType Timestamp(int32_t precision, bool nullable = true) {
    return LogicalType(TypeKind::kTimestamp, nullable, precision);
  }
  static LogicalType String(bool nullable = true) {
    return LogicalType(TypeKind::kVarChar, nullable, INT32_MAX);
  }
  static LogicalType BigInt(bool nullable = true) {
    return LogicalType(TypeKind::kBigInt, nullable);
  }
  static LogicalType Integer(bool nullable = true) {
    return LogicalType(TypeKind::kInteger, nullable);
  }
  static LogicalType Boolean(bool nullable = true) {
    return LogicalType(TypeKind::kBoolean, nullable);
  }
  static LogicalType Double(bool nullable = true) {
    return LogicalType(TypeKind::kDouble, nullable);
  }

  // Reads Flink's compact serial form (LogicalTypeParser), e.g. "TIMESTAMP(3) WITH LOCAL TIME ZONE"
  // or "ROW<`a` INT NOT NULL, `b` DECIMAL(10, 2)>". Comments of fields are read and dropped. Types
  // that Castor does not know (LEGACY, DESCRIPTOR, TIMESTAMP WITH TIME ZONE ...) are kUnsupported,
  // by name. Flink's own accumulators become RAW: their layouts here are the engine's own.
  static Result<LogicalType> Parse(std::string_view text);

  TypeKind kind() const { return kind_; }
  bool nullable() const { return nullable_; }
  // Length of CHAR, VARCHAR, BINARY, VARBINARY; precision of DECIMAL, TIME, TIMESTAMP and
  // intervals.
  int32_t precision() const { return precision_; }
  int32_t length() const { return precision_; }
  int32_t scale() const { return scale_; }
  IntervalUnit interval_unit() const { return interval_unit_; }
  TimeAttribute time_attribute() const { return time_attribute_; }
  const std::vector<Field>& fields() const;          // of a ROW
  const std::vector<LogicalType>& children() const;  // element, or key and value, of collections
  // Of RAW, and of a structured type (a ROW; empty for other ROWs).
  const std::string& class_name() const;
  bool IsStructured() const { return kind_ == TypeKind::kRow && !class_name().empty(); }
  // Of the columns below one of this type: a ROW's fields; an ARRAY's element; a MAP's key and
  // value; a MULTISET's element and its count.
  std::vector<LogicalType> ChildTypes() const;

  PhysicalType physical() const;
  // Ticks per second of TIMESTAMP and TIMESTAMP_LTZ: 1e3, 1e6 or 1e9.
  int64_t TicksPerSecond() const;
  bool IsString() const { return kind_ == TypeKind::kChar || kind_ == TypeKind::kVarChar; }
  bool IsTimestamp() const {
    return kind_ == TypeKind::kTimestamp || kind_ == TypeKind::kTimestampLtz;
  }

  LogicalType WithNullable(bool nullable) const;
  LogicalType WithTimeAttribute(TimeAttribute attribute) const;
  static LogicalType Collection(TypeKind kind, std::vector<LogicalType> children, bool nullable);
  static LogicalType Raw(std::string class_name, std::string serializer, bool nullable);
  // Whether a structured type's class is an accumulator of Flink's or a part of one.
  static bool IsAccumulatorClass(std::string_view class_name);

  // Flink's summary form, e.g. "BIGINT NOT NULL".
  std::string ToString() const;
  bool operator==(const LogicalType& other) const;
  // Equal but for nullability, time attributes, names of fields and of structured types, at every
  // depth: the same bytes in a column.
  bool SameLayout(const LogicalType& other) const;

 private:
  struct Nested;

  TypeKind kind_ = TypeKind::kNull;
  bool nullable_ = true;
  TimeAttribute time_attribute_ = TimeAttribute::kNone;
  IntervalUnit interval_unit_ = IntervalUnit::kNone;
  int32_t precision_ = 0;
  int32_t scale_ = 0;
  std::shared_ptr<const Nested> nested_;
};

struct LogicalType::Field {
  std::string name;
  LogicalType type;
};

// Bytes of one value of a physical type (16 for strings' references, 8 for lists'); 0 for rows.
int32_t PhysicalWidth(PhysicalType type);

}  // namespace castor
