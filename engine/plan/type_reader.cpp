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

std::vector<LogicalType::Field> ReadFields(const JsonValue& list, const char* type) {
  std::vector<LogicalType::Field> fields;
  for (const JsonValue& item : list.Items()) {
    JsonObject field(item);
    field.Ignore({"description"});
    fields.push_back({field.Get("name").String(), ReadType(field.Get(type))});
  }
  return fields;
}

LogicalType ReadStructured(bool nullable, JsonObject& object) {
  object.Ignore({"description", "final", "instantiable", "comparison"});
  if (const JsonValue super = object.Find("superType"); super.present()) {
    super.FailUnsupported("a structured type with a super type");
  }
  std::string name;
  if (const JsonValue implementation = object.Find("implementationClass");
      implementation.present()) {
    name = implementation.String();
  }
  if (const JsonValue identifier = object.Find("objectIdentifier"); identifier.present()) {
    if (name.empty()) name = identifier.String();
  }
  if (LogicalType::IsAccumulatorClass(name)) {  // layouts here are the engine's own
    object.Ignore({"attributes"});
    return LogicalType::Raw(std::move(name), "", nullable);
  }
  return LogicalType::Structured(std::move(name),
                                 ReadFields(object.Get("attributes"), "attributeType"), nullable);
}

// Types that only ever appear in object form because of their length 0.
std::optional<TypeKind> EmptyStringKind(const std::string& root) {
  if (root == "CHAR") return TypeKind::kChar;
  if (root == "VARCHAR") return TypeKind::kVarChar;
  if (root == "BINARY") return TypeKind::kBinary;
  if (root == "VARBINARY") return TypeKind::kVarBinary;
  return std::nullopt;
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

  if (root == "ROW")
    return LogicalType::Row(ReadFields(object.Get("fields"), "fieldType"), nullable);
  if (root == "STRUCTURED_TYPE") return ReadStructured(nullable, object);
  if (root == "DISTINCT_TYPE") {
    // Values are those of the source type, and SQL has no operation that tells the two apart.
    object.Ignore({"objectIdentifier", "description"});
    return ReadType(object.Get("sourceType")).WithNullable(nullable);
  }
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
  if (root == "RAW") {
    // Java objects, such as the map views in a local aggregate's output. Nothing here looks into
    // them.
    object.Ignore({"externalDataType", "specialSerializer"});
    const JsonValue name = object.Find("class");
    return LogicalType::Raw(name.present() ? name.String() : "", "", nullable);
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
