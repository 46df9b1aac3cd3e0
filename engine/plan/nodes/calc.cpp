#include "plan/nodes/calc.h"

#include "plan/expression_reader.h"
#include "plan/nodes/readers.h"

namespace castor::plan {
namespace {

std::vector<std::vector<ExpressionPtr>> ReadRows(const JsonValue& value) {
  std::vector<std::vector<ExpressionPtr>> rows;
  for (const JsonValue& item : value.Items()) rows.push_back(ReadExpressions(item));
  return rows;
}

}  // namespace

NodePtr ReadCalc(JsonObject& fields, const NodeReadContext&) {
  auto node = std::make_unique<Calc>();
  node->projection = ReadExpressions(fields.Get("projection"));
  node->condition = ReadOptionalExpression(fields.Find("condition"));
  return node;
}

NodePtr ReadExpand(JsonObject& fields, const NodeReadContext&) {
  auto node = std::make_unique<Expand>();
  node->projects = ReadRows(fields.Get("projects"));
  return node;
}

NodePtr ReadValues(JsonObject& fields, const NodeReadContext&) {
  auto node = std::make_unique<Values>();
  node->tuples = ReadRows(fields.Get("tuples"));
  return node;
}

}  // namespace castor::plan
