#include "plan/nodes/join.h"

#include <array>

#include "plan/expression_reader.h"
#include "plan/nodes/readers.h"
#include "plan/window_reader.h"

namespace castor::plan {
namespace {

constexpr std::array<std::string_view, 6> kJoinTypes = {"INNER", "LEFT", "RIGHT",
                                                        "FULL",  "SEMI", "ANTI"};

JoinType ReadJoinType(const JsonValue& value) {
  const std::string name = value.String();
  for (size_t i = 0; i < kJoinTypes.size(); ++i) {
    if (kJoinTypes[i] == name) return static_cast<JoinType>(i);
  }
  value.FailUnsupported("joins of type '" + name + "' are not supported");
  return JoinType::kInner;
}

JoinSpec ReadJoinSpec(const JsonValue& value) {
  JsonObject object(value);
  JoinSpec spec;
  spec.type = ReadJoinType(object.Get("joinType"));
  spec.left_keys = object.Get("leftKeys").Ints();
  spec.right_keys = object.Get("rightKeys").Ints();
  spec.filter_nulls = object.Get("filterNulls").Bools();
  spec.condition = ReadOptionalExpression(object.Find("nonEquiCondition"));
  if (spec.left_keys.size() != spec.right_keys.size() ||
      spec.left_keys.size() != spec.filter_nulls.size()) {
    value.FailMalformed("as many left keys as right keys and null filters");
  }
  return spec;
}

std::vector<std::vector<int32_t>> ReadKeys(const JsonValue& value) {
  std::vector<std::vector<int32_t>> keys;
  for (const JsonValue& item : value.Items()) keys.push_back(item.Ints());
  return keys;
}

}  // namespace

std::string_view JoinTypeName(JoinType type) { return kJoinTypes[static_cast<size_t>(type)]; }

NodePtr ReadJoin(JsonObject& fields, const NodeReadContext&) {
  auto node = std::make_unique<Join>();
  node->spec = ReadJoinSpec(fields.Get("joinSpec"));
  node->left_upsert_keys = ReadKeys(fields.Find("leftUpsertKeys"));
  node->right_upsert_keys = ReadKeys(fields.Find("rightUpsertKeys"));
  return node;
}

NodePtr ReadWindowJoin(JsonObject& fields, const NodeReadContext&) {
  auto node = std::make_unique<WindowJoin>();
  node->spec = ReadJoinSpec(fields.Get("joinSpec"));
  node->left_windowing = ReadWindowing(fields.Get("leftWindowing"));
  node->right_windowing = ReadWindowing(fields.Get("rightWindowing"));
  return node;
}

NodePtr ReadIntervalJoin(JsonObject& fields, const NodeReadContext&) {
  auto node = std::make_unique<IntervalJoin>();
  JsonObject interval(fields.Get("intervalJoinSpec"));
  node->spec = ReadJoinSpec(interval.Get("joinSpec"));
  JsonObject bounds(interval.Get("windowBounds"));
  node->is_event_time = bounds.Get("isEventTime").Bool();
  node->lower_bound_ms = bounds.Get("leftLowerBound").Long();
  node->upper_bound_ms = bounds.Get("leftUpperBound").Long();
  node->left_time_field = bounds.Get("leftTimeIndex").Int();
  node->right_time_field = bounds.Get("rightTimeIndex").Int();
  return node;
}

NodePtr ReadCorrelate(JsonObject& fields, const NodeReadContext&) {
  auto node = std::make_unique<Correlate>();
  const JsonValue type = fields.Get("joinType");
  node->type = ReadJoinType(type);
  if (node->type != JoinType::kInner && node->type != JoinType::kLeft) {
    type.FailUnsupported("only inner and left joins with table functions are supported");
  }
  node->call = ReadExpression(fields.Get("functionCall"));
  node->condition = ReadOptionalExpression(fields.Find("condition"));
  return node;
}

}  // namespace castor::plan
