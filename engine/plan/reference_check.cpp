#include "plan/reference_check.h"

#include <algorithm>
#include <span>
#include <string_view>

#include "plan/expression.h"
#include "plan/nodes/aggregate.h"
#include "plan/nodes/calc.h"
#include "plan/nodes/changelog.h"
#include "plan/nodes/join.h"
#include "plan/nodes/over.h"
#include "plan/nodes/rank.h"
#include "plan/nodes/scan.h"
#include "plan/nodes/time.h"
#include "plan/nodes/window_aggregate.h"
#include "plan/nodes/window_rank.h"

namespace castor::plan {
namespace {

// Counts of fields that references may point at, and the first that points past them.
class Checker {
 public:
  Checker(const Graph& graph, const Node& node) {
    for (const int32_t id : node.inputs) widths_.push_back(Width(graph.Find(id)->output_type));
  }

  bool ok() const { return problem_.empty(); }
  const std::string& problem() const { return problem_; }

  static int32_t Width(const LogicalType& row) { return static_cast<int32_t>(row.fields().size()); }
  int32_t input(size_t i = 0) const { return i < widths_.size() ? widths_[i] : 0; }

  void Field(int32_t field, int32_t width, std::string_view what) {
    if (field >= 0 && field < width) return;
    Note(what, field, width);
  }
  // A field that may be missing (-1).
  void Optional(int32_t field, int32_t width, std::string_view what) {
    if (field != -1) Field(field, width, what);
  }
  void Fields(std::span<const int32_t> fields, int32_t width, std::string_view what) {
    for (const int32_t field : fields) Field(field, width, what);
  }
  void Count(size_t found, size_t expected, std::string_view what) {
    if (found == expected || !ok()) return;
    problem_ = std::to_string(found) + " " + std::string(what) + " for " +
               std::to_string(expected) + " fields";
  }

  void Expressions(std::span<const ExpressionPtr> expressions, int32_t width) {
    for (const ExpressionPtr& expression : expressions) Walk(*expression, width);
  }
  void Condition(const ExpressionPtr& condition, int32_t width) {
    if (condition != nullptr) Walk(*condition, width);
  }

  void Calls(const std::vector<AggregateCall>& calls, int32_t width) {
    for (const AggregateCall& call : calls) {
      Fields(call.args, width, "argument");
      Optional(call.filter_arg, width, "filter");
    }
  }

  void Windowing(const WindowingStrategy& windowing, int32_t width) {
    switch (windowing.kind) {
      case WindowingStrategy::Kind::kTimeAttribute:
        Field(windowing.time_attribute, width, "time attribute");
        break;
      case WindowingStrategy::Kind::kWindowAttached:
        Optional(windowing.window_start, width, "window start");
        Field(windowing.window_end, width, "window end");
        break;
      case WindowingStrategy::Kind::kSliceAttached:
        Field(windowing.slice_end, width, "slice end");
        break;
    }
    Fields(windowing.window.partition_keys, width, "partition key");
  }

  void Join(const JoinSpec& spec) {
    Fields(spec.left_keys, input(0), "left key");
    Fields(spec.right_keys, input(1), "right key");
    Condition(spec.condition, input(0) + input(1));
  }

  void Inputs(size_t expected) {
    if (widths_.size() == expected || !ok()) return;
    problem_ = std::to_string(widths_.size()) + " inputs instead of " + std::to_string(expected);
  }

 private:
  void Note(std::string_view what, int32_t field, int32_t width) {
    if (!ok()) return;
    problem_ = std::string(what) + " refers to field " + std::to_string(field) + " of a row of " +
               std::to_string(width);
  }

  void Walk(const Expression& expression, int32_t width) {
    if (expression.kind == ExpressionKind::kInputRef) {
      Field(expression.index, width, "an expression");
    }
    for (const ExpressionPtr& operand : expression.operands) Walk(*operand, width);
  }

  std::vector<int32_t> widths_;
  std::string problem_;
};

bool CheckRowNodes(const Node& node, Checker& check) {
  const size_t output = node.output_type.fields().size();
  if (const auto* calc = dynamic_cast<const Calc*>(&node)) {
    check.Inputs(1);
    check.Count(calc->projection.size(), output, "projections");
    check.Expressions(calc->projection, check.input());
    check.Condition(calc->condition, check.input());
  } else if (const auto* expand = dynamic_cast<const Expand*>(&node)) {
    check.Inputs(1);
    for (const auto& project : expand->projects) {
      check.Count(project.size(), output, "projections");
      check.Expressions(project, check.input());
    }
  } else if (const auto* values = dynamic_cast<const Values*>(&node)) {
    check.Inputs(0);
    for (const auto& tuple : values->tuples) check.Count(tuple.size(), output, "values");
  } else if (const auto* assigner = dynamic_cast<const WatermarkAssigner*>(&node)) {
    check.Inputs(1);
    check.Condition(assigner->watermark, check.input());
    check.Field(assigner->rowtime_field, check.input(), "event time");
  } else if (const auto* scan = dynamic_cast<const TableSourceScan*>(&node)) {
    check.Inputs(0);
    check.Condition(scan->abilities.watermark, Checker::Width(scan->abilities.produced_type));
  } else if (const auto* sink = dynamic_cast<const Sink*>(&node)) {
    check.Inputs(1);
    check.Fields(sink->input_upsert_key, check.input(), "upsert key");
    check.Fields(sink->primary_key, check.input(), "primary key");
  } else if (dynamic_cast<const ToChangelog*>(&node) != nullptr) {
    check.Inputs(1);
    check.Count(static_cast<size_t>(check.input()) + 1, output, "fields and the code");
  } else if (const auto* from = dynamic_cast<const FromChangelog*>(&node)) {
    check.Inputs(1);
    check.Field(from->code_field, check.input(), "code");
    check.Count(output + 1, static_cast<size_t>(check.input()), "fields and the code");
  } else {
    return false;
  }
  return true;
}

template <typename Aggregate>
void CheckAggregate(const Aggregate& node, int32_t call_width, Checker& check) {
  check.Inputs(1);
  check.Fields(node.grouping, check.input(), "grouping key");
  check.Calls(node.calls, call_width);
}

bool CheckAggregates(const Node& node, Checker& check) {
  if (const auto* group = dynamic_cast<const GroupAggregate*>(&node)) {
    CheckAggregate(*group, check.input(), check);
  } else if (const auto* local = dynamic_cast<const LocalGroupAggregate*>(&node)) {
    CheckAggregate(*local, check.input(), check);
  } else if (const auto* global = dynamic_cast<const GlobalGroupAggregate*>(&node)) {
    CheckAggregate(*global, Checker::Width(global->local_input_type), check);
    check.Optional(global->index_of_count_star, static_cast<int32_t>(global->calls.size()),
                   "count");
  } else if (const auto* incremental = dynamic_cast<const IncrementalGroupAggregate*>(&node)) {
    check.Inputs(1);
    check.Fields(incremental->partial_grouping, check.input(), "grouping key");
    check.Fields(incremental->final_grouping, check.input(), "grouping key");
    check.Calls(incremental->partial_calls, Checker::Width(incremental->partial_local_input_type));
  } else if (const auto* over = dynamic_cast<const OverAggregate*>(&node)) {
    check.Inputs(1);
    check.Fields(over->partition, check.input(), "partition key");
    for (const SortField& field : over->order) check.Field(field.index, check.input(), "order");
    check.Calls(over->calls, check.input() + static_cast<int32_t>(over->constants.size()));
    check.Count(over->calls.size() + static_cast<size_t>(check.input()),
                node.output_type.fields().size(), "fields and calls");
  } else if (const auto* function = dynamic_cast<const WindowTableFunction*>(&node)) {
    check.Inputs(1);
    check.Windowing(function->windowing, check.input());
  } else if (const auto* window = dynamic_cast<const WindowAggregate*>(&node)) {
    CheckAggregate(*window, check.input(), check);
    check.Windowing(window->windowing, check.input());
  } else if (const auto* first = dynamic_cast<const LocalWindowAggregate*>(&node)) {
    CheckAggregate(*first, check.input(), check);
    check.Windowing(first->windowing, check.input());
  } else if (const auto* second = dynamic_cast<const GlobalWindowAggregate*>(&node)) {
    CheckAggregate(*second, Checker::Width(second->local_input_type), check);
    check.Windowing(second->windowing, check.input());
  } else {
    return false;
  }
  return true;
}

void CheckRank(const Rank& rank, Checker& check) {
  check.Inputs(1);
  check.Fields(rank.partition, check.input(), "partition key");
  for (const SortField& field : rank.order) check.Field(field.index, check.input(), "order");
  check.Fields(rank.primary_keys, check.input(), "primary key");
  check.Optional(rank.end_field, check.input(), "rank end");
}

void CheckKeyedNodes(const Node& node, Checker& check) {
  if (const auto* join = dynamic_cast<const Join*>(&node)) {
    check.Inputs(2);
    check.Join(join->spec);
    for (const auto& key : join->left_upsert_keys) check.Fields(key, check.input(0), "upsert key");
    for (const auto& key : join->right_upsert_keys) check.Fields(key, check.input(1), "upsert key");
  } else if (const auto* window = dynamic_cast<const WindowJoin*>(&node)) {
    check.Inputs(2);
    check.Join(window->spec);
    check.Windowing(window->left_windowing, check.input(0));
    check.Windowing(window->right_windowing, check.input(1));
  } else if (const auto* interval = dynamic_cast<const IntervalJoin*>(&node)) {
    check.Inputs(2);
    check.Join(interval->spec);
    check.Field(interval->left_time_field, check.input(0), "left time");
    check.Field(interval->right_time_field, check.input(1), "right time");
  } else if (const auto* correlate = dynamic_cast<const Correlate*>(&node)) {
    check.Inputs(1);
    const int32_t made = Checker::Width(correlate->call->type);
    check.Condition(correlate->condition, made);
    check.Count(static_cast<size_t>(check.input() + made), node.output_type.fields().size(),
                "fields of input and function");
  } else if (const auto* rank = dynamic_cast<const Rank*>(&node)) {
    CheckRank(*rank, check);
  } else if (const auto* sort = dynamic_cast<const Sort*>(&node)) {
    check.Inputs(1);
    for (const SortField& field : sort->order) check.Field(field.index, check.input(), "order");
  } else if (const auto* top = dynamic_cast<const WindowRank*>(&node)) {
    check.Inputs(1);
    check.Fields(top->partition, check.input(), "partition key");
    for (const SortField& field : top->order) check.Field(field.index, check.input(), "order");
    check.Windowing(top->windowing, check.input());
  } else if (const auto* deduplicate = dynamic_cast<const Deduplicate*>(&node)) {
    check.Inputs(1);
    check.Fields(deduplicate->unique_keys, check.input(), "unique key");
  } else if (const auto* normalize = dynamic_cast<const ChangelogNormalize*>(&node)) {
    check.Inputs(1);
    check.Fields(normalize->unique_keys, check.input(), "unique key");
    check.Condition(normalize->filter, check.input());
  }
}

void CheckDistributions(const Node& node, Checker& check) {
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    check.Fields(node.required_distributions[i].keys, check.input(i), "hash key");
  }
}

}  // namespace

Status CheckReferences(const Graph& graph) {
  for (const NodePtr& node : graph.nodes) {
    Checker check(graph, *node);
    if (!CheckRowNodes(*node, check) && !CheckAggregates(*node, check)) {
      CheckKeyedNodes(*node, check);
    }
    CheckDistributions(*node, check);
    if (!check.ok()) return Status::InvalidArgument(node->Describe() + ": " + check.problem());
  }
  return Status::OK();
}

}  // namespace castor::plan
