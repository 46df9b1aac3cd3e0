#include "column/logical_type.h"

#include <cassert>
#include <utility>

namespace castor {

struct LogicalType::Nested {
  std::vector<Field> fields;          // ROW
  std::vector<LogicalType> children;  // ARRAY, MAP, MULTISET
  std::string class_name;             // RAW, structured types
  std::string raw_serializer;
};

namespace {

// Whether all pairs of elements satisfy `same`.
template <typename T, typename F>
bool AllPairs(const std::vector<T>& a, const std::vector<T>& b, F same) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!same(a[i], b[i])) return false;
  }
  return true;
}

}  // namespace

LogicalType::LogicalType(TypeKind kind, bool nullable, int32_t precision, int32_t scale)
    : kind_(kind), nullable_(nullable), precision_(precision), scale_(scale) {
  if (kind == TypeKind::kIntervalYearMonth) {
    interval_unit_ = IntervalUnit::kYearToMonth;
    if (precision_ == 0) precision_ = 2;
  } else if (kind == TypeKind::kIntervalDayTime) {
    interval_unit_ = IntervalUnit::kDayToSecond;
    if (precision_ == 0) precision_ = 2, scale_ = 6;
  }
}

LogicalType LogicalType::Row(std::vector<Field> fields, bool nullable) {
  LogicalType type(TypeKind::kRow, nullable);
  auto nested = std::make_shared<Nested>();
  nested->fields = std::move(fields);
  type.nested_ = std::move(nested);
  return type;
}

LogicalType LogicalType::Structured(std::string class_name, std::vector<Field> fields,
                                    bool nullable) {
  LogicalType type(TypeKind::kRow, nullable);
  auto nested = std::make_shared<Nested>();
  nested->fields = std::move(fields);
  nested->class_name = std::move(class_name);
  type.nested_ = std::move(nested);
  return type;
}

LogicalType LogicalType::Collection(TypeKind kind, std::vector<LogicalType> children,
                                    bool nullable) {
  LogicalType type(kind, nullable);
  auto nested = std::make_shared<Nested>();
  nested->children = std::move(children);
  type.nested_ = std::move(nested);
  return type;
}

bool LogicalType::IsAccumulatorClass(std::string_view class_name) {
  return class_name.starts_with("org.apache.flink.table.runtime.functions.aggregate.") ||
         class_name.starts_with("org.apache.flink.table.api.dataview.");
}

LogicalType LogicalType::Raw(std::string class_name, std::string serializer, bool nullable) {
  LogicalType type(TypeKind::kRaw, nullable);
  auto nested = std::make_shared<Nested>();
  nested->class_name = std::move(class_name);
  nested->raw_serializer = std::move(serializer);
  type.nested_ = std::move(nested);
  return type;
}

LogicalType LogicalType::Interval(IntervalUnit unit, int32_t precision, int32_t scale,
                                  bool nullable) {
  const bool year_month = unit <= IntervalUnit::kMonth;
  LogicalType type(year_month ? TypeKind::kIntervalYearMonth : TypeKind::kIntervalDayTime, nullable,
                   precision, scale);
  type.interval_unit_ = unit;
  return type;
}

const std::vector<LogicalType::Field>& LogicalType::fields() const {
  static const std::vector<Field> kNoFields;
  return nested_ ? nested_->fields : kNoFields;
}

const std::vector<LogicalType>& LogicalType::children() const {
  static const std::vector<LogicalType> kNoChildren;
  return nested_ ? nested_->children : kNoChildren;
}

const std::string& LogicalType::class_name() const {
  static const std::string kNoClass;
  return nested_ ? nested_->class_name : kNoClass;
}

std::vector<LogicalType> LogicalType::ChildTypes() const {
  std::vector<LogicalType> types = children();
  for (const Field& field : fields()) types.push_back(field.type);
  if (kind_ == TypeKind::kMultiset) types.push_back(Integer(false));
  return types;
}

PhysicalType LogicalType::physical() const {
  switch (kind_) {
    case TypeKind::kNull:
    case TypeKind::kBoolean:
      return PhysicalType::kBool;
    case TypeKind::kTinyInt:
      return PhysicalType::kInt8;
    case TypeKind::kSmallInt:
      return PhysicalType::kInt16;
    case TypeKind::kInteger:
    case TypeKind::kDate:
    case TypeKind::kTime:
    case TypeKind::kIntervalYearMonth:
      return PhysicalType::kInt32;
    case TypeKind::kBigInt:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
    case TypeKind::kIntervalDayTime:
      return PhysicalType::kInt64;
    case TypeKind::kFloat:
      return PhysicalType::kFloat;
    case TypeKind::kDouble:
      return PhysicalType::kDouble;
    case TypeKind::kDecimal:
      return PhysicalType::kInt128;
    case TypeKind::kChar:
    case TypeKind::kVarChar:
    case TypeKind::kBinary:
    case TypeKind::kVarBinary:
    case TypeKind::kRaw:
    case TypeKind::kVariant:
    case TypeKind::kBitmap:
    case TypeKind::kSymbol:
      return PhysicalType::kString;
    case TypeKind::kRow:
      return PhysicalType::kRow;
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kMultiset:
      return PhysicalType::kList;
  }
  __builtin_unreachable();
}

int64_t LogicalType::TicksPerSecond() const {
  assert(IsTimestamp());
  if (precision_ <= 3) return 1'000;
  return precision_ <= 6 ? 1'000'000 : 1'000'000'000;
}

LogicalType LogicalType::WithNullable(bool nullable) const {
  LogicalType type = *this;
  type.nullable_ = nullable;
  return type;
}

LogicalType LogicalType::WithTimeAttribute(TimeAttribute attribute) const {
  LogicalType type = *this;
  type.time_attribute_ = attribute;
  return type;
}

bool LogicalType::operator==(const LogicalType& other) const {
  if (nullable_ != other.nullable_ || time_attribute_ != other.time_attribute_) return false;
  if (kind_ != other.kind_ || precision_ != other.precision_ || scale_ != other.scale_ ||
      interval_unit_ != other.interval_unit_) {
    return false;
  }
  if (nested_ == other.nested_) return true;
  if (nested_ == nullptr || other.nested_ == nullptr) return false;
  if (nested_->class_name != other.nested_->class_name ||
      nested_->raw_serializer != other.nested_->raw_serializer) {
    return false;
  }
  return nested_->children == other.nested_->children &&
         AllPairs(fields(), other.fields(), [](const Field& a, const Field& b) {
           return a.name == b.name && a.type == b.type;
         });
}

bool LogicalType::SameLayout(const LogicalType& other) const {
  if (kind_ != other.kind_ || precision_ != other.precision_ || scale_ != other.scale_)
    return false;
  if (nested_ == other.nested_) return true;
  if (nested_ == nullptr || other.nested_ == nullptr) return false;
  if (kind_ == TypeKind::kRaw && nested_->class_name != other.nested_->class_name) return false;
  return AllPairs(children(), other.children(),
                  [](const LogicalType& a, const LogicalType& b) { return a.SameLayout(b); }) &&
         AllPairs(fields(), other.fields(),
                  [](const Field& a, const Field& b) { return a.type.SameLayout(b.type); });
}

int32_t PhysicalWidth(PhysicalType type) {
  switch (type) {
    case PhysicalType::kBool:
    case PhysicalType::kInt8:
      return 1;
    case PhysicalType::kInt16:
      return 2;
    case PhysicalType::kInt32:
    case PhysicalType::kFloat:
      return 4;
    case PhysicalType::kInt64:
    case PhysicalType::kDouble:
    case PhysicalType::kList:
      return 8;
    case PhysicalType::kInt128:
    case PhysicalType::kString:
      return 16;
    case PhysicalType::kRow:
      return 0;
  }
  __builtin_unreachable();
}

}  // namespace castor
