#include "format/parquet/parquet_schema.h"

#include <parquet/schema.h>
#include <parquet/types.h>

#include "format/api/decode_check.h"

namespace castor::format::parquet {
namespace {

using ::parquet::Repetition;
using ::parquet::schema::GroupNode;
using ::parquet::schema::NodePtr;
using ::parquet::schema::NodeVector;
using ::parquet::schema::PrimitiveNode;
using ParquetLogical = ::parquet::LogicalType;
using ParquetType = ::parquet::Type;

NodePtr Annotated(const std::string& name, Repetition::type repetition,
                  std::shared_ptr<const ParquetLogical> annotation, ParquetType::type physical,
                  int length = -1) {
  return PrimitiveNode::Make(name, repetition, std::move(annotation), physical, length);
}

ParquetLogical::TimeUnit::unit UnitOf(TimestampUnit unit) {
  switch (unit) {
    case TimestampUnit::kMillis:
      return ParquetLogical::TimeUnit::MILLIS;
    case TimestampUnit::kMicros:
      return ParquetLogical::TimeUnit::MICROS;
    case TimestampUnit::kNanos:
      break;
  }
  return ParquetLogical::TimeUnit::NANOS;
}

NodeVector MakeFields(const LogicalType& row, const ParquetOptions& options);
NodePtr MakeList(const std::string& name, Repetition::type repetition, const LogicalType& type,
                 const ParquetOptions& options);

NodePtr MakeNode(const std::string& name, const LogicalType& type, const ParquetOptions& options) {
  const Repetition::type repetition = type.nullable() ? Repetition::OPTIONAL : Repetition::REQUIRED;
  switch (type.kind()) {
    case TypeKind::kBoolean:
      return PrimitiveNode::Make(name, repetition, ParquetType::BOOLEAN);
    case TypeKind::kTinyInt:
      return Annotated(name, repetition, ParquetLogical::Int(8, true), ParquetType::INT32);
    case TypeKind::kSmallInt:
      return Annotated(name, repetition, ParquetLogical::Int(16, true), ParquetType::INT32);
    case TypeKind::kInteger:
      return PrimitiveNode::Make(name, repetition, ParquetType::INT32);
    case TypeKind::kBigInt:
      return PrimitiveNode::Make(name, repetition, ParquetType::INT64);
    case TypeKind::kFloat:
      return PrimitiveNode::Make(name, repetition, ParquetType::FLOAT);
    case TypeKind::kDouble:
      return PrimitiveNode::Make(name, repetition, ParquetType::DOUBLE);
    case TypeKind::kDecimal:
      return Annotated(name, repetition, ParquetLogical::Decimal(type.precision(), type.scale()),
                       ParquetType::FIXED_LEN_BYTE_ARRAY, DecimalBytes(type.precision()));
    case TypeKind::kDate:
      return Annotated(name, repetition, ParquetLogical::Date(), ParquetType::INT32);
    case TypeKind::kTime:
      return Annotated(name, repetition,
                       ParquetLogical::Time(true, ParquetLogical::TimeUnit::MILLIS),
                       ParquetType::INT32);
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      if (!options.write_int64_timestamp) {
        return PrimitiveNode::Make(name, repetition, ParquetType::INT96);
      }
      return Annotated(
          name, repetition,
          ParquetLogical::Timestamp(false, UnitOf(options.timestamp_unit), false, true),
          ParquetType::INT64);
    case TypeKind::kChar:
    case TypeKind::kVarChar:
      return Annotated(name, repetition, ParquetLogical::String(), ParquetType::BYTE_ARRAY);
    case TypeKind::kRow:
      return GroupNode::Make(name, repetition, MakeFields(type, options));
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kMultiset:
      return MakeList(name, repetition, type, options);
    default:
      return PrimitiveNode::Make(name, repetition, ParquetType::BYTE_ARRAY);
  }
}

// A list is a group of a repeated group, as parquet-mr's ConversionPatterns has it.
NodePtr MakeList(const std::string& name, Repetition::type repetition, const LogicalType& type,
                 const ParquetOptions& options) {
  NodeVector parts;
  for (const LogicalType::Field& part : ListParts(type)) {
    parts.push_back(MakeNode(part.name, part.type, options));
  }
  const bool is_array = type.kind() == TypeKind::kArray;
  const NodePtr repeated =
      GroupNode::Make(is_array ? "list" : "key_value", Repetition::REPEATED, parts);
  return GroupNode::Make(name, repetition, {repeated},
                         is_array ? ParquetLogical::List() : ParquetLogical::Map());
}

NodeVector MakeFields(const LogicalType& row, const ParquetOptions& options) {
  NodeVector fields;
  for (const LogicalType::Field& field : row.fields()) {
    fields.push_back(MakeNode(field.name, field.type, options));
  }
  return fields;
}

Status CheckField(const std::string& name, const LogicalType& type) {
  if (type.kind() == TypeKind::kIntervalYearMonth || type.kind() == TypeKind::kIntervalDayTime) {
    return Status::Unsupported("column '" + name + "': format 'parquet' does not support type " +
                               type.ToString());
  }
  if (type.physical() == PhysicalType::kList) {
    for (const LogicalType::Field& part : ListParts(type)) {
      CASTOR_RETURN_NOT_OK(CheckField(name + "." + part.name, part.type));
    }
  }
  if (type.kind() != TypeKind::kRow) return Status::OK();
  if (type.fields().empty()) {
    return Status::Unsupported("column '" + name +
                               "': format 'parquet' does not support a ROW without fields");
  }
  for (const LogicalType::Field& field : type.fields()) {
    CASTOR_RETURN_NOT_OK(CheckField(name + "." + field.name, field.type));
  }
  return Status::OK();
}

}  // namespace

std::vector<LogicalType::Field> ListParts(const LogicalType& type) {
  const std::vector<LogicalType> types = type.ChildTypes();
  if (types.size() == 1) return {{"element", types[0]}};
  return {{"key", types[0].WithNullable(false)}, {"value", types[1]}};
}

std::shared_ptr<GroupNode> MakeSchema(const LogicalType& row, const ParquetOptions& options) {
  return std::static_pointer_cast<GroupNode>(
      GroupNode::Make("flink_schema", Repetition::REQUIRED, MakeFields(row, options)));
}

int32_t DecimalBytes(int32_t precision) {
  int32_t bytes = 1;
  double capacity = 128, needed = 1;
  for (int32_t i = 0; i < precision; ++i) needed *= 10;
  for (; capacity < needed; capacity *= 256) ++bytes;
  return bytes;
}

Status CheckParquetType(const LogicalType& row) {
  CASTOR_RETURN_NOT_OK(CheckRowType(row, "parquet", {.rows = true, .lists = true}));
  for (const LogicalType::Field& field : row.fields()) {
    CASTOR_RETURN_NOT_OK(CheckField(field.name, field.type));
  }
  return Status::OK();
}

}  // namespace castor::format::parquet
