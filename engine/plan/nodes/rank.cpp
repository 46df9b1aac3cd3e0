#include "plan/nodes/rank.h"

#include "plan/expression_reader.h"
#include "plan/nodes/readers.h"

namespace castor::plan {
namespace {

void ReadRange(const JsonValue& value, Rank* node) {
  JsonObject range(value);
  const std::string type = range.Get("type").String();
  if (type == "Constant") {
    node->start = range.Get("start").Long();
    node->end = range.Get("end").Long();
  } else if (type == "Variable") {
    node->variable_range = true;
    node->end_field = range.Get("endIndex").Int();
  } else {
    value.FailUnsupported("rank range '" + type + "' is not supported");
  }
}

void ReadStrategy(const JsonValue& value, Rank* node) {
  JsonObject strategy(value);
  const std::string type = strategy.Get("type").String();
  if (type == "AppendFast") {
    node->strategy = Rank::Strategy::kAppendFast;
  } else if (type == "UpdateFast") {
    node->strategy = Rank::Strategy::kUpdateFast;
    node->primary_keys = strategy.Get("primaryKeys").Ints();
  } else if (type == "Retract") {
    node->strategy = Rank::Strategy::kRetract;
  } else {
    value.FailUnsupported("rank strategy '" + type + "' is not supported");
  }
}

Rank::Function ReadRankFunction(const JsonValue& value) {
  const std::string name = value.String();
  if (name == "RANK") return Rank::Function::kRank;
  if (name == "DENSE_RANK") return Rank::Function::kDenseRank;
  if (name != "ROW_NUMBER") value.FailUnsupported("rank function '" + name + "'");
  return Rank::Function::kRowNumber;
}

}  // namespace

std::vector<SortField> ReadSortFields(const JsonValue& value) {
  JsonObject object(value);
  std::vector<SortField> order;
  for (const JsonValue& item : object.Find("fields").Items()) {
    JsonObject field(item);
    order.push_back({field.Get("index").Int(), field.Get("isAscending").Bool(),
                     field.Get("nullIsLast").Bool()});
  }
  return order;
}

NodePtr ReadRank(JsonObject& fields, const NodeReadContext&) {
  auto node = std::make_unique<Rank>();
  node->function = ReadRankFunction(fields.Get("rankType"));
  JsonObject partition(fields.Get("partition"));
  node->partition = partition.Find("fields").Ints();
  node->order = ReadSortFields(fields.Get("orderBy"));
  ReadRange(fields.Get("rankRange"), node.get());
  ReadStrategy(fields.Get("rankStrategy"), node.get());
  node->output_row_number = fields.Get("outputRowNumber").Bool();
  node->generate_update_before = fields.Get("generateUpdateBefore").Bool();
  return node;
}

NodePtr ReadSort(JsonObject& fields, const NodeReadContext&) {
  auto node = std::make_unique<Sort>();
  node->order = ReadSortFields(fields.Get("orderBy"));
  return node;
}

NodePtr ReadDeduplicate(JsonObject& fields, const NodeReadContext&) {
  auto node = std::make_unique<Deduplicate>();
  node->unique_keys = fields.Get("uniqueKeys").Ints();
  node->is_rowtime = fields.Get("isRowtime").Bool();
  node->keep_last_row = fields.Get("keepLastRow").Bool();
  node->generate_update_before = fields.Get("generateUpdateBefore").Bool();
  node->output_insert_only = fields.Find("outputInsertOnly").BoolOr(false);
  return node;
}

NodePtr ReadChangelogNormalize(JsonObject& fields, const NodeReadContext&) {
  auto node = std::make_unique<ChangelogNormalize>();
  node->unique_keys = fields.Get("uniqueKeys").Ints();
  node->generate_update_before = fields.Get("generateUpdateBefore").Bool();
  node->filter = ReadOptionalExpression(fields.Find("filterCondition"));
  return node;
}

}  // namespace castor::plan
