#include "plan/type_reader.h"

#include <optional>

namespace castor::plan {
namespace {

LogicalType ReadTimestamp(TypeKind kind, bool nullable, JsonObject& object) {
  const LogicalType type(kind, nullable, object.Get("precision").Int());
  const std::string attribute = object.Get("kind").String();
  if (attribute == "ROWTIME") return type.WithTimeAttribute(TimeAttribute::kRowtime);
  if (attribute == "PROCTIME") return type.WithTimeAttribute(TimeAttribute::kProctime);
  if (attribute != "REGULAR") object.value().FailUnsupported("time attribute '" + attribute + "'");
  return type;
}

LogicalType ReadRow(bool nullable, JsonObject& object) {
  std::vector<LogicalType::Field> fields;
  for (const JsonValue& item : object.Get("fields").Items()) {
    JsonObject field(item);
    field.Ignore({"description"});
    fields.push_back({field.Get("name").String(), ReadType(field.Get("fieldType"))});
  }
  return LogicalType::Row(std::move(fields), nullable);
}

// Types that only ever appear in object form because of their length 0.
std::optional<TypeKind> EmptyStringKind(const std::string& root) {
  if (root == "CHAR") return TypeKind::kChar;
  if (root == "VARCHAR") return TypeKind::kVarChar;
  if (root == "BINARY") return TypeKind::kBinary;
  if (root == "VARBINARY") return TypeKind::kVarBinary;
  return std::nullopt;
}

bool IsAccumulator(JsonObject& object) {
  object.Ignore({"attributes", "comparison"});
  return LogicalType::IsAccumulatorClass(object.Get("implementationClass").String());
}

LogicalType ReadObjectForm(const JsonValue& value) {
  JsonObject object(value);
  if (const JsonValue wrapped = object.Find("logicalType"); wrapped.present()) {
    // A data type: classes say how Java code sees the values, which never leave this engine as
    // objects.
    object.Ignore({"conversionClass", "elementClass", "keyClass", "valueClass", "fields"});
    return ReadType(wrapped);
  }
  const std::string root = object.Get("type").String();
  const JsonValue nullable_field = object.Find("nullable");
  const bool nullable = !nullable_field.present() || nullable_field.Bool();

  if (root == "ROW") return ReadRow(nullable, object);
  if (root == "TIMESTAMP_WITHOUT_TIME_ZONE") {
    return ReadTimestamp(TypeKind::kTimestamp, nullable, object);
  }
  if (root == "TIMESTAMP_WITH_LOCAL_TIME_ZONE") {
    return ReadTimestamp(TypeKind::kTimestampLtz, nullable, object);
  }
  if (const auto kind = EmptyStringKind(root)) {
    return LogicalType(*kind, nullable, object.Get("length").Int());
  }
  if (root == "ARRAY" || root == "MULTISET") {
    return LogicalType::Collection(root == "ARRAY" ? TypeKind::kArray : TypeKind::kMultiset,
                                   {ReadType(object.Get("elementType"))}, nullable);
  }
  if (root == "MAP") {
    return LogicalType::Collection(
        TypeKind::kMap, {ReadType(object.Get("keyType")), ReadType(object.Get("valueType"))},
        nullable);
  }
  // Accumulators have layouts of our own, so nothing but the position of the field counts.
  if (root == "STRUCTURED_TYPE" && IsAccumulator(object)) {
    return LogicalType(TypeKind::kRaw, nullable);
  }
  if (root == "RAW") {  // Java objects, such as the map views in a local aggregate's output
    object.Ignore({"class", "externalDataType", "specialSerializer"});
    return LogicalType(TypeKind::kRaw, nullable);
  }
  if (root == "SYMBOL") return LogicalType(TypeKind::kSymbol, nullable);
  value.FailUnsupported("type '" + root + "' is not supported");
  return {};
}

}  // namespace

LogicalType ReadType(const JsonValue& value) {
  if (!value.is_string()) return ReadObjectForm(value);
  Result<LogicalType> type = LogicalType::Parse(value.String());
  if (type.ok()) return std::move(type).value();
  value.Fail(type.status());
  return {};
}

LogicalType ReadRowType(const JsonValue& value) {
  LogicalType type = ReadType(value);
  if (type.kind() != TypeKind::kRow) {
    value.FailMalformed("a ROW type");
    return LogicalType::Row({});
  }
  return type;
}

}  // namespace castor::plan
