#include "plan/table_reader.h"

#include "plan/type_reader.h"

namespace castor::plan {
namespace {

std::vector<std::string> ReadPrimaryKey(const JsonValue& value) {
  if (!value.present()) return {};
  JsonObject key(value);
  key.Ignore({"name", "type", "enforced"});
  return key.Get("columns").Strings();
}

void ReadSchema(const JsonValue& value, Table* table) {
  JsonObject schema(value);
  // Watermark declarations come back as watermark assigners or as push-downs; the rest are hints.
  schema.Ignore({"watermarkSpecs", "indexes", "immutableColumns"});
  for (const JsonValue& item : schema.Get("columns").Items()) {
    table->columns.push_back(ReadColumn(item));
  }
  table->primary_key = ReadPrimaryKey(schema.Find("primaryKey"));
}

void ReadResolvedTable(JsonObject& object, Table* table) {
  object.Ignore({"comment", "distribution"});
  ReadSchema(object.Get("schema"), table);
  table->partition_keys = object.Find("partitionKeys").Strings();
  table->options = object.Find("options").StringMap();
}

}  // namespace

// Flink writes the type of a column as "dataType"; computed columns have none but their
// expression's, and are evaluated by a Calc behind the scan.
TableColumn ReadColumn(const JsonValue& value) {
  JsonObject object(value);
  object.Ignore({"comment"});
  TableColumn column;
  column.name = object.Get("name").String();
  const JsonValue kind_field = object.Find("kind");
  const std::string kind = kind_field.present() ? kind_field.String() : "PHYSICAL";
  if (kind == "COMPUTED") {
    column.kind = TableColumn::Kind::kComputed;
    object.Ignore({"expression"});
    if (const JsonValue type = object.Find("dataType"); type.present())
      column.type = ReadType(type);
    return column;
  }
  column.type = ReadType(object.Get("dataType"));
  if (kind == "METADATA") {
    column.kind = TableColumn::Kind::kMetadata;
    const JsonValue key = object.Find("metadataKey");
    column.metadata_key = key.present() ? key.String() : column.name;
    column.is_virtual = object.Find("isVirtual").BoolOr(false);
  } else if (kind != "PHYSICAL") {
    value.FailUnsupported("columns of kind '" + kind + "' are not supported");
  }
  return column;
}

Table ReadBundleTable(std::string identifier, const JsonValue& value,
                      const std::vector<Statement>& statements) {
  JsonObject object(value);
  object.Ignore({"temporary"});
  Table table;
  table.identifier = std::move(identifier);
  ReadResolvedTable(object, &table);
  const auto statement = static_cast<size_t>(object.Find("statement").IntOr(-1));
  if (statement < statements.size()) table.position = statements[statement].position;
  return table;
}

Table ReadPlanTable(const JsonValue& value, const std::map<std::string, Table>& tables) {
  JsonObject object(value);
  const JsonValue identifier = object.Find("identifier");
  const JsonValue resolved = object.Find("resolvedTable");
  Table table;
  if (identifier.present()) table.identifier = identifier.String();
  const auto known = tables.find(table.identifier);
  if (!resolved.present()) {
    if (known == tables.end()) value.FailMalformed("a table that the bundle describes");
    return known == tables.end() ? table : known->second;
  }
  JsonObject fields(resolved);
  ReadResolvedTable(fields, &table);
  if (known != tables.end()) table.position = known->second.position;
  return table;
}

}  // namespace castor::plan
