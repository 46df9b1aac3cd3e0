#include "operator/calc/calc.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "expr/program.h"
#include "operator/api/marks.h"
#include "plan/nodes/calc.h"

namespace castor {
namespace {

bool Mentions(const plan::ExpressionPtr& expression, std::string_view function) {
  if (expression->function == function) return true;
  return std::any_of(
      expression->operands.begin(), expression->operands.end(),
      [&](const plan::ExpressionPtr& operand) { return Mentions(operand, function); });
}

BufferPtr SelectKinds(const Batch& batch, const std::vector<int32_t>& selected) {
  if (!batch.row_kinds) return nullptr;
  BufferPtr kinds = Buffer::Allocate(selected.size());
  const uint8_t* from = batch.row_kinds->data();
  uint8_t* to = kinds->data();
  for (size_t i = 0; i < selected.size(); ++i) to[i] = from[selected[i]];
  return kinds;
}

// Kinds stay as they are, also where only one row of an update passes the condition: whether the
// plan may do that is the planner's business.
class Calc final : public Operator {
 public:
  Calc(const plan::Calc& node, LogicalType input)
      : expressions_(node.projection),
        condition_(node.condition ? static_cast<int>(expressions_.size()) : -1),
        projections_(expressions_.size()),
        input_(std::move(input)) {
    std::iota(projections_.begin(), projections_.end(), 0);
    if (node.condition) expressions_.push_back(node.condition);
    for (const plan::ExpressionPtr& expression : expressions_) {
      reads_watermark_ = reads_watermark_ || Mentions(expression, "CURRENT_WATERMARK");
    }
  }

  // Rows on both sides of a mark would see different watermarks.
  bool HandlesMarks() const override { return !reads_watermark_; }

  Status Open(OperatorContext& context) override {
    context_ = &context;
    const expr::CompileOptions options{&context.configuration(), input_};
    CASTOR_ASSIGN_OR_RETURN(program_, expr::Program::Compile(expressions_, options));
    return Status::OK();
  }

  Result<Progress> Process(int, Batch batch, Output& out) override {
    evaluation_.now = context_->clock().NowMs();
    if (batch.num_rows == 0) return PassNothing(batch, out);
    CASTOR_ASSIGN_OR_RETURN(std::vector<ColumnPtr> columns, Evaluate(batch));
    Batch result;
    result.columns = std::move(columns);
    if (condition_ < 0 || static_cast<int32_t>(selected_.size()) == batch.num_rows) {
      result.num_rows = batch.num_rows;
      result.row_kinds = batch.row_kinds;
      result.marks = std::move(batch.marks);
    } else if (selected_.empty()) {
      return PassNothing(batch, out);
    } else {
      result.num_rows = static_cast<int32_t>(selected_.size());
      result.row_kinds = SelectKinds(batch, selected_);
      result.marks = MarksOfSelected(batch.marks, selected_);
    }
    out.Emit(std::move(result));
    return Progress::kDone;
  }

  Result<Progress> OnWatermark(TimestampMs watermark, Output& out) override {
    evaluation_.watermark = watermark;
    out.EmitWatermark(watermark);
    return Progress::kDone;
  }

 private:
  static Result<Progress> PassNothing(const Batch& batch, Output& out) {
    EmitMarks(batch.marks, out);
    return Progress::kDone;
  }

  // The projections of the rows that pass, which are `selected_` if there is a condition.
  Result<std::vector<ColumnPtr>> Evaluate(const Batch& batch) {
    if (condition_ < 0) {
      return program_->EvaluateAll(projections_, batch, {nullptr, batch.num_rows}, evaluation_);
    }
    return program_->FilterAndEvaluate(condition_, projections_, batch, evaluation_, &selected_);
  }

  std::vector<plan::ExpressionPtr> expressions_;  // projections, then the condition
  const int condition_;                           // its index, or -1
  std::vector<int> projections_;                  // their indices
  const LogicalType input_;
  bool reads_watermark_ = false;

  OperatorContext* context_ = nullptr;
  std::unique_ptr<expr::Program> program_;
  expr::EvalContext evaluation_;
  std::vector<int32_t> selected_;
};

}  // namespace

Result<std::unique_ptr<Operator>> MakeCalc(const OperatorArguments& arguments) {
  const auto& node = static_cast<const plan::Calc&>(arguments.node);
  return std::unique_ptr<Operator>(std::make_unique<Calc>(node, arguments.input_types[0]));
}

}  // namespace castor
