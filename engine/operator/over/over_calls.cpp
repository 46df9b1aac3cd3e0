#include "operator/over/over_calls.h"

#include <utility>

namespace castor::over {
namespace {

// ROW_NUMBER counts the rows of an unbounded frame. So do RANK and DENSE_RANK: where Flink's
// streams have them, no order is given to them, and no row equals the one before it.
plan::AggregateCall AsAggregate(plan::AggregateCall call) {
  const bool counts =
      call.function == "ROW_NUMBER" || call.function == "RANK" || call.function == "DENSE_RANK";
  if (counts && call.args.empty()) call.function = "COUNT";
  return call;
}

}  // namespace

aggregate::AggregateSpec CallsOf(const plan::OverAggregate& node, const LogicalType& input) {
  aggregate::AggregateSpec spec;
  for (const plan::AggregateCall& call : node.calls) spec.calls.push_back(AsAggregate(call));
  std::vector<LogicalType::Field> fields = input.fields();
  for (const plan::ExpressionPtr& constant : node.constants) {
    fields.push_back({"constant" + std::to_string(fields.size()), constant->type});
  }
  spec.input_row = LogicalType::Row(std::move(fields), false);
  return spec;
}

Result<std::unique_ptr<expr::Program>> CompileConstants(const plan::OverAggregate& node,
                                                        const Configuration& configuration) {
  return expr::Program::Compile(node.constants, {&configuration, LogicalType::Row({}, false)});
}

Status AppendConstants(expr::Program& constants, size_t count, Batch* batch) {
  const Batch none(batch->num_rows, {});
  for (size_t i = 0; i < count; ++i) {
    CASTOR_ASSIGN_OR_RETURN(ColumnPtr constant, constants.Evaluate(static_cast<int>(i), none,
                                                                   {nullptr, batch->num_rows}, {}));
    batch->columns.push_back(std::move(constant));
  }
  return Status::OK();
}

}  // namespace castor::over
