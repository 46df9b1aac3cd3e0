// LogicalType::ToString: Flink's LogicalType.asSummaryString(); SerialForm: asSerializableString().
#include "column/logical_type_format.h"

#include <string>

#include "column/logical_type.h"

namespace castor {
namespace {

std::string Quoted(const std::string& text, char quote) {
  std::string out(1, quote);
  for (char c : text) {
    if (c == quote) out += quote;
    out += c;
  }
  return out + quote;
}

std::string WithLength(const char* name, int32_t length) {
  return std::string(name) + "(" + std::to_string(length) + ")";
}

std::string IntervalName(const LogicalType& type) {
  const std::string precision = "(" + std::to_string(type.precision()) + ")";
  const std::string second = "SECOND(" + std::to_string(type.scale()) + ")";
  switch (type.interval_unit()) {
    case IntervalUnit::kYear:
      return "INTERVAL YEAR" + precision;
    case IntervalUnit::kYearToMonth:
      return "INTERVAL YEAR" + precision + " TO MONTH";
    case IntervalUnit::kMonth:
      return "INTERVAL MONTH";
    case IntervalUnit::kDay:
      return "INTERVAL DAY" + precision;
    case IntervalUnit::kDayToHour:
      return "INTERVAL DAY" + precision + " TO HOUR";
    case IntervalUnit::kDayToMinute:
      return "INTERVAL DAY" + precision + " TO MINUTE";
    case IntervalUnit::kDayToSecond:
      return "INTERVAL DAY" + precision + " TO " + second;
    case IntervalUnit::kHour:
      return "INTERVAL HOUR";
    case IntervalUnit::kHourToMinute:
      return "INTERVAL HOUR TO MINUTE";
    case IntervalUnit::kHourToSecond:
      return "INTERVAL HOUR TO " + second;
    case IntervalUnit::kMinute:
      return "INTERVAL MINUTE";
    case IntervalUnit::kMinuteToSecond:
      return "INTERVAL MINUTE TO " + second;
    case IntervalUnit::kSecond:
      return "INTERVAL " + second;
    case IntervalUnit::kNone:
      break;
  }
  __builtin_unreachable();
}

using Format = std::string (*)(const LogicalType& type);

std::string CollectionName(const char* name, const LogicalType& type, Format format) {
  std::string out = std::string(name) + "<";
  for (size_t i = 0; i < type.children().size(); ++i) {
    if (i > 0) out += ", ";
    out += format(type.children()[i]);
  }
  return out + ">";
}

std::string RowName(const LogicalType& type, Format format) {
  std::string out =
      type.IsStructured() ? "STRUCTURED<'" + type.class_name() + "', " : std::string("ROW<");
  for (size_t i = 0; i < type.fields().size(); ++i) {
    if (i > 0) out += ", ";
    out += Quoted(type.fields()[i].name, '`') + " " + format(type.fields()[i].type);
  }
  return out + ">";
}

std::string Summary(const LogicalType& type) { return type.ToString(); }

// The type without nullability and time attribute.
std::string Name(const LogicalType& type) {
  switch (type.kind()) {
    case TypeKind::kNull:
      return "NULL";
    case TypeKind::kBoolean:
      return "BOOLEAN";
    case TypeKind::kTinyInt:
      return "TINYINT";
    case TypeKind::kSmallInt:
      return "SMALLINT";
    case TypeKind::kInteger:
      return "INT";
    case TypeKind::kBigInt:
      return "BIGINT";
    case TypeKind::kFloat:
      return "FLOAT";
    case TypeKind::kDouble:
      return "DOUBLE";
    case TypeKind::kDecimal:
      return "DECIMAL(" + std::to_string(type.precision()) + ", " + std::to_string(type.scale()) +
             ")";
    case TypeKind::kChar:
      return WithLength("CHAR", type.length());
    case TypeKind::kVarChar:
      return type.length() == INT32_MAX ? "STRING" : WithLength("VARCHAR", type.length());
    case TypeKind::kBinary:
      return WithLength("BINARY", type.length());
    case TypeKind::kVarBinary:
      return type.length() == INT32_MAX ? "BYTES" : WithLength("VARBINARY", type.length());
    case TypeKind::kDate:
      return "DATE";
    case TypeKind::kTime:
      return WithLength("TIME", type.precision());
    case TypeKind::kTimestamp:
      return WithLength("TIMESTAMP", type.precision());
    case TypeKind::kTimestampLtz:
      return WithLength("TIMESTAMP_LTZ", type.precision());
    case TypeKind::kIntervalYearMonth:
    case TypeKind::kIntervalDayTime:
      return IntervalName(type);
    case TypeKind::kRow:
      return RowName(type, Summary);
    case TypeKind::kArray:
      return CollectionName("ARRAY", type, Summary);
    case TypeKind::kMap:
      return CollectionName("MAP", type, Summary);
    case TypeKind::kMultiset:
      return CollectionName("MULTISET", type, Summary);
    case TypeKind::kRaw:
      return "RAW(" + Quoted(type.class_name(), '\'') + ", ?)";
    case TypeKind::kVariant:
      return "VARIANT";
    case TypeKind::kBitmap:
      return "BITMAP";
    case TypeKind::kSymbol:
      return "SYMBOL";
  }
  __builtin_unreachable();
}

// What the serial form spells out, likewise without nullability.
std::string SerialName(const LogicalType& type) {
  switch (type.kind()) {
    case TypeKind::kVarChar:
      return WithLength("VARCHAR", type.length());
    case TypeKind::kVarBinary:
      return WithLength("VARBINARY", type.length());
    case TypeKind::kTimestampLtz:
      return WithLength("TIMESTAMP", type.precision()) + " WITH LOCAL TIME ZONE";
    case TypeKind::kRow:
      return RowName(type, SerialForm);
    case TypeKind::kArray:
      return CollectionName("ARRAY", type, SerialForm);
    case TypeKind::kMap:
      return CollectionName("MAP", type, SerialForm);
    case TypeKind::kMultiset:
      return CollectionName("MULTISET", type, SerialForm);
    default:
      return Name(type);
  }
}

}  // namespace

std::string SerialForm(const LogicalType& type) {
  return SerialName(type) + (type.nullable() ? "" : " NOT NULL");
}

std::string LogicalType::ToString() const {
  std::string out = Name(*this);
  if (!nullable_) out += " NOT NULL";
  if (time_attribute_ == TimeAttribute::kRowtime) out += " *ROWTIME*";
  if (time_attribute_ == TimeAttribute::kProctime) out += " *PROCTIME*";
  return out;
}

}  // namespace castor
