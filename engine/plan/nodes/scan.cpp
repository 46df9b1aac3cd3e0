#include "plan/nodes/scan.h"

#include "plan/nodes/readers.h"
#include "plan/table_reader.h"
#include "plan/type_reader.h"

namespace castor::plan {
namespace {

void ReadSinkAbility(const JsonValue& value, Sink* sink) {
  JsonObject ability(value);
  const std::string type = ability.Get("type").String();
  if (type == "Overwrite") {
    sink->overwrite = ability.Get("overwrite").Bool();
  } else if (type == "Partitioning") {
    sink->static_partition = ability.Get("partition").StringMap();
  } else if (type == "Bucketing") {
    // Nothing to read: the buckets are the table's.
  } else if (type == "WritingMetadata") {
    sink->metadata_keys = ability.Get("metadataKeys").Strings();
    sink->consumed_type = ReadRowType(ability.Get("consumedType"));
  } else {
    value.FailUnsupported("sink ability '" + type + "' is not supported");
  }
}

// Primary key columns by their place in the row that arrives.
void ResolvePrimaryKey(const JsonValue& place, Sink* sink) {
  const auto& fields = sink->consumed_type.fields();
  for (const std::string& column : sink->table.primary_key) {
    int32_t index = 0;
    const auto count = static_cast<int32_t>(fields.size());
    while (index < count && fields[static_cast<size_t>(index)].name != column) ++index;
    if (index == count) {
      place.FailUnsupported("primary key column '" + column + "' is not written");
      return;
    }
    sink->primary_key.push_back(index);
  }
}

std::string ReadConflictStrategy(const JsonValue& value) {
  if (!value.present()) return {};
  JsonObject object(value);
  return object.Get("behavior").String();
}

}  // namespace

NodePtr ReadTableSourceScan(JsonObject& fields, const NodeReadContext& context) {
  auto node = std::make_unique<TableSourceScan>();
  JsonObject source(fields.Get("scanTableSource"));
  node->table = ReadPlanTable(source.Get("table"), context.tables);
  node->abilities = ReadScanAbilities(source.Find("abilities"), node->table);
  return node;
}

NodePtr ReadSink(JsonObject& fields, const NodeReadContext& context) {
  auto node = std::make_unique<Sink>();
  JsonObject sink(fields.Get("dynamicTableSink"));
  // The planner has already put NULL into the columns an INSERT leaves out.
  sink.Ignore({"targetColumns"});
  node->table = ReadPlanTable(sink.Get("table"), context.tables);
  node->consumed_type = node->table.PhysicalRow();
  for (const JsonValue& item : sink.Find("abilities").Items()) ReadSinkAbility(item, node.get());
  ResolvePrimaryKey(sink.value(), node.get());

  node->input_changelog_mode = fields.Get("inputChangelogMode").Strings();
  node->require_upsert_materialize = fields.Find("requireUpsertMaterialize").BoolOr(false);
  const JsonValue strategy = fields.Find("upsertMaterializeStrategy");
  node->upsert_materialize_strategy = strategy.present() ? strategy.String() : "LEGACY";
  node->conflict_strategy = ReadConflictStrategy(fields.Find("conflictStrategy"));
  node->input_upsert_key = fields.Find("inputUpsertKey").Ints();
  return node;
}

}  // namespace castor::plan
