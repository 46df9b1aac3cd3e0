// What was pushed into a scan, reduced to its effect (the planner's SourceAbilitySpec classes).
#include <optional>

#include "plan/expression_reader.h"
#include "plan/table_reader.h"
#include "plan/type_reader.h"
#include "plan/window_reader.h"

namespace castor::plan {
namespace {

// Rewrites what reads the produced row of the moment into what reads the table's physical row
// followed by metadata, so that connectors need not know in which order things were pushed.
class Unprojected {
 public:
  Unprojected(const ScanAbilities& abilities, const LogicalType& physical)
      : abilities_(abilities), physical_(physical) {}

  ExpressionPtr Rewrite(const ExpressionPtr& expression) const {
    if (expression->kind == ExpressionKind::kInputRef) return Reference(*expression);
    auto copy = std::make_shared<Expression>(*expression);
    for (ExpressionPtr& operand : copy->operands) operand = Rewrite(operand);
    return copy;
  }

 private:
  ExpressionPtr Reference(const Expression& reference) const {
    const auto width = static_cast<int32_t>(physical_.fields().size());
    if (!abilities_.projected) return InputRef(reference.index, reference.type);
    const auto projected = static_cast<int32_t>(abilities_.projected_fields.size());
    if (reference.index >= projected) {
      return InputRef(reference.index - projected + width, reference.type);
    }
    return Path(abilities_.projected_fields[static_cast<size_t>(reference.index)]);
  }

  ExpressionPtr Path(const std::vector<int32_t>& path) const {
    const auto& top = physical_.fields()[static_cast<size_t>(path[0])];
    ExpressionPtr result = InputRef(path[0], top.type);
    for (size_t depth = 1; depth < path.size(); ++depth) {
      const auto& field = result->type.fields()[static_cast<size_t>(path[depth])];
      auto access = std::make_shared<Expression>();
      access->kind = ExpressionKind::kFieldAccess;
      access->index = path[depth];
      access->name = field.name;
      access->type = field.type.WithNullable(field.type.nullable() || result->type.nullable());
      access->operands.push_back(std::move(result));
      result = std::move(access);
    }
    return result;
  }

  const ScanAbilities& abilities_;
  const LogicalType& physical_;
};

bool PathFits(const std::vector<int32_t>& path, const LogicalType& row) {
  const LogicalType* type = &row;
  for (const int32_t index : path) {
    if (type->kind() != TypeKind::kRow || index < 0 ||
        static_cast<size_t>(index) >= type->fields().size()) {
      return false;
    }
    type = &type->fields()[static_cast<size_t>(index)].type;
  }
  return !path.empty();
}

void ReadProjection(JsonObject& ability, const LogicalType& physical, ScanAbilities* result) {
  const JsonValue fields = ability.Get("projectedFields");
  if (result->projected) {
    fields.FailUnsupported("a second projection was pushed into the scan");
    return;
  }
  result->projected = true;
  for (const JsonValue& item : fields.Items()) {
    std::vector<int32_t> path = item.Ints();
    if (!PathFits(path, physical)) item.FailMalformed("a path into " + physical.ToString());
    result->projected_fields.push_back(std::move(path));
  }
  result->produced_type = ReadRowType(ability.Get("producedType"));
}

void ReadMetadata(JsonObject& ability, ScanAbilities* result) {
  result->metadata_keys = ability.Get("metadataKeys").Strings();
  result->produced_type = ReadRowType(ability.Get("producedType"));
}

void ReadWatermarkParameters(const JsonValue& value, ScanAbilities* result) {
  if (!value.present()) return;
  JsonObject object(value);
  const std::string emit = object.Get("emitStrategy").String();
  result->watermark_on_event = emit == "ON_EVENT";
  if (emit != "ON_EVENT" && emit != "ON_PERIODIC") {
    value.FailUnsupported("watermark emit strategy '" + emit + "' is not supported");
  }
  const JsonValue idle = object.Find("sourceIdleTimeout");
  // The table's own timeout wins over the job's, unless it is left at -1.
  if (idle.present() && idle.Long() > 0) result->idle_timeout_ms = idle.Long();
  if (const JsonValue group = object.Find("alignGroupName"); group.present()) {
    result->alignment_group = group.String();
  }
  const JsonValue drift = object.Find("alignMaxDrift");
  const JsonValue interval = object.Find("alignUpdateInterval");
  if (drift.present()) result->alignment_max_drift_ms = ReadIsoDurationMs(drift);
  if (interval.present()) result->alignment_update_interval_ms = ReadIsoDurationMs(interval);
  const bool aligned = !result->alignment_group.empty() && result->alignment_max_drift_ms > 0 &&
                       result->alignment_update_interval_ms > 0;
  if (!aligned) result->alignment_group.clear();
}

void ReadWatermark(JsonObject& ability, ScanAbilities* result) {
  // rowtimeExpr says how to stamp records, which only Flink's DataStream operators look at.
  ability.Ignore({"rowtimeExpr"});
  result->watermark = ReadExpression(ability.Get("watermarkExpr"));
  result->idle_timeout_ms = ability.Get("idleTimeoutMillis").Long();
  if (result->idle_timeout_ms <= 0) result->idle_timeout_ms = -1;
  result->produced_type = ReadRowType(ability.Get("producedType"));
  ReadWatermarkParameters(ability.Find("watermarkParams"), result);
}

void ReadPartitions(JsonObject& ability, ScanAbilities* result) {
  result->has_partitions = true;
  for (const JsonValue& item : ability.Get("partitions").Items()) {
    result->partitions.push_back(item.StringMap());
  }
}

void ReadAbility(const JsonValue& value, const LogicalType& physical, ScanAbilities* result) {
  JsonObject ability(value);
  const std::string type = ability.Get("type").String();
  const bool changes_row = type == "ProjectPushDown" || type == "ReadingMetadata";
  if (changes_row && result->watermark != nullptr) {
    value.FailUnsupported("'" + type + "' after a watermark was pushed into the scan");
  } else if (type == "ProjectPushDown") {
    ReadProjection(ability, physical, result);
  } else if (type == "ReadingMetadata") {
    ReadMetadata(ability, result);
  } else if (type == "FilterPushDown") {
    const Unprojected unprojected(*result, physical);
    for (const ExpressionPtr& predicate : ReadExpressions(ability.Get("predicates"))) {
      result->filters.push_back(value.failed() ? predicate : unprojected.Rewrite(predicate));
    }
  } else if (type == "WatermarkPushDown") {
    ReadWatermark(ability, result);
  } else if (type == "SourceWatermark") {
    result->source_watermark = ability.Get("sourceWatermarkEnabled").Bool();
    result->produced_type = ReadRowType(ability.Get("producedType"));
  } else if (type == "LimitPushDown") {
    result->limit = ability.Get("limit").Long();
  } else if (type == "PartitionPushDown") {
    ReadPartitions(ability, result);
  } else {
    value.FailUnsupported("source ability '" + type + "' is not supported");
  }
}

}  // namespace

ScanAbilities ReadScanAbilities(const JsonValue& value, const Table& table) {
  const LogicalType physical = table.PhysicalRow();
  ScanAbilities result;
  result.produced_type = physical;
  for (const JsonValue& item : value.Items()) ReadAbility(item, physical, &result);
  return result;
}

}  // namespace castor::plan
