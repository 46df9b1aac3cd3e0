#include "plan/nodes/over.h"

#include <charconv>

#include "plan/expression_reader.h"
#include "plan/nodes/readers.h"

namespace castor::plan {
namespace {

// A lower bound: unbounded, or an offset that stands among the constants.
void ReadLowerBound(const JsonValue& value, OverAggregate* node) {
  JsonObject bound(value);
  const std::string kind = bound.Get("kind").String();
  node->unbounded = kind == "UNBOUNDED_PRECEDING";
  if (node->unbounded) return;
  if (kind == "CURRENT_ROW") return;
  if (kind != "BOUNDED_WINDOW" || !bound.Get("isPreceding").Bool()) {
    value.FailUnsupported("OVER windows that begin at " + kind + " are not supported");
    return;
  }
  const JsonValue offset = bound.Get("offset");
  const ExpressionPtr reference = ReadExpression(offset);
  const int32_t constant = reference->index - node->input_fields;
  if (constant < 0 || static_cast<size_t>(constant) >= node->constants.size()) {
    offset.FailMalformed("a reference to a constant");
    return;
  }
  const std::string& text = node->constants[static_cast<size_t>(constant)]->literal.text;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), node->preceding);
  if (error != std::errc() || end != text.data() + text.size()) {
    offset.FailMalformed("a whole number");
  }
}

void ReadGroup(const JsonValue& value, OverAggregate* node) {
  JsonObject group(value);
  node->order = ReadSortFields(group.Get("orderBy"));
  node->is_rows = group.Get("isRows").Bool();
  ReadLowerBound(group.Get("lowerBound"), node);
  const JsonValue upper = group.Get("upperBound");
  JsonObject upper_bound(upper);
  if (upper_bound.Get("kind").String() != "CURRENT_ROW") {
    upper_bound.IgnoreAll();
    upper.FailUnsupported("OVER windows that do not end with the current row are not supported");
  }
  node->calls = ReadAggregateCalls(group.Get("aggCalls"));
}

}  // namespace

NodePtr ReadOverAggregate(JsonObject& fields, const NodeReadContext&) {
  auto node = std::make_unique<OverAggregate>();
  fields.Ignore({"unboundedOverVersion"});
  JsonObject spec(fields.Get("overSpec"));
  JsonObject partition(spec.Get("partition"));
  node->partition = partition.Find("fields").Ints();
  node->constants = ReadExpressions(spec.Find("constants"));
  node->input_fields = spec.Get("originalInputFields").Int();
  const JsonValue groups = spec.Get("groups");
  if (groups.Items().size() != 1) {
    groups.FailUnsupported("aggregates over different OVER windows are not supported");
    return node;
  }
  ReadGroup(groups.Items()[0], node.get());
  return node;
}

}  // namespace castor::plan
