#include "operator/calc/calc.h"

#include <algorithm>
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
        projections_(static_cast<int>(expressions_.size())),
        input_(std::move(input)) {
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
    const expr::Selection all{nullptr, batch.num_rows};
    if (condition_ < 0 || batch.num_rows == 0) return Project(batch, all, out);
    selected_.clear();
    CASTOR_RETURN_NOT_OK(program_->Filter(condition_, batch, all, evaluation_, &selected_));
    const auto passed = static_cast<int32_t>(selected_.size());
    if (passed == batch.num_rows) return Project(batch, all, out);
    return Project(batch, {selected_.data(), passed}, out);
  }

  Result<Progress> OnWatermark(TimestampMs watermark, Output& out) override {
    evaluation_.watermark = watermark;
    out.EmitWatermark(watermark);
    return Progress::kDone;
  }

 private:
  Result<Progress> Project(const Batch& batch, const expr::Selection& selection, Output& out) {
    if (selection.count == 0) {
      EmitMarks(batch.marks, out);
      return Progress::kDone;
    }
    Batch result;
    result.num_rows = selection.count;
    if (selection.rows == nullptr) {
      result.row_kinds = batch.row_kinds;
      result.marks = batch.marks;
    } else {
      result.row_kinds = SelectKinds(batch, selected_);
      result.marks = MarksOfSelected(batch.marks, selected_);
    }
    result.columns.reserve(static_cast<size_t>(projections_));
    for (int i = 0; i < projections_; ++i) {
      CASTOR_ASSIGN_OR_RETURN(ColumnPtr column,
                              program_->Evaluate(i, batch, selection, evaluation_));
      result.columns.push_back(std::move(column));
    }
    out.Emit(std::move(result));
    return Progress::kDone;
  }

  std::vector<plan::ExpressionPtr> expressions_;  // projections, then the condition
  const int condition_;                           // its index, or -1
  const int projections_;
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
