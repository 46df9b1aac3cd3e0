#include "operator/correlate/correlate.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "column/gather.h"
#include "expr/program.h"
#include "operator/correlate/table_function.h"
#include "plan/nodes/join.h"

namespace castor {
namespace {

using correlate::TableFunction;

// A field of the correlation variable is a field of the input.
plan::ExpressionPtr OverInput(const plan::ExpressionPtr& expression) {
  const bool is_field = expression->kind == plan::ExpressionKind::kFieldAccess &&
                        expression->operands[0]->kind == plan::ExpressionKind::kCorrelVariable;
  if (is_field) return plan::InputRef(expression->index, expression->type);
  auto copy = std::make_shared<plan::Expression>(*expression);
  for (plan::ExpressionPtr& operand : copy->operands) operand = OverInput(operand);
  return copy;
}

// The rows of a batch are expanded in the order they come, batch_rows() results at a time; a row
// keeps its kind. A left join gives a row without results once, padded with NULLs.
class Correlate final : public Operator {
 public:
  Correlate(const plan::Correlate& node, LogicalType input, std::unique_ptr<TableFunction> function)
      : node_(node), input_(std::move(input)), function_(std::move(function)) {
    for (const plan::ExpressionPtr& operand : node.call->operands) {
      arguments_.push_back(OverInput(operand));
    }
  }

  Status Open(OperatorContext& context) override {
    context_ = &context;
    CASTOR_ASSIGN_OR_RETURN(program_,
                            expr::Program::Compile(arguments_, {&context.configuration(), input_}));
    if (node_.condition == nullptr) return Status::OK();
    CASTOR_ASSIGN_OR_RETURN(condition_,
                            expr::Program::Compile({&node_.condition, 1},
                                                   {&context.configuration(), node_.call->type}));
    return Status::OK();
  }

  Result<Progress> Process(int, Batch batch, Output& out) override {
    evaluation_.now = context_->clock().NowMs();
    const expr::Selection all{nullptr, batch.num_rows};
    std::vector<ColumnPtr> arguments;
    for (size_t i = 0; i < arguments_.size(); ++i) {
      CASTOR_ASSIGN_OR_RETURN(ColumnPtr argument,
                              program_->Evaluate(static_cast<int>(i), batch, all, evaluation_));
      arguments.push_back(std::move(argument));
    }
    CASTOR_RETURN_NOT_OK(function_->Begin(std::move(arguments), batch.num_rows, &counts_));
    batch_ = std::move(batch);
    row_ = 0;
    taken_ = 0;
    row_has_results_ = false;
    return Continue(out);
  }

  Result<Progress> Continue(Output& out) override {
    while (row_ < batch_.num_rows) {
      if (out.Full()) return Progress::kOutputFull;
      CASTOR_RETURN_NOT_OK(EmitPage(out));
    }
    batch_ = Batch();
    return Progress::kDone;
  }

 private:
  // Results on their way out: the row they belong to, and which of those taken (-1: NULLs).
  void Add(int32_t row, int32_t result) {
    rows_.push_back(row);
    results_.push_back(result);
  }

  void ListPieces() {
    pieces_.clear();
    int64_t left = context_->batch_rows();
    for (int32_t row = row_; row < batch_.num_rows && left > 0; ++row) {
      const int64_t first = row == row_ ? taken_ : 0;
      const int64_t count = std::min(counts_[static_cast<size_t>(row)] - first, left);
      pieces_.push_back({row, first, count});
      left -= std::max<int64_t>(count, 1);
    }
  }

  Status EmitPage(Output& out) {
    ListPieces();
    std::vector<ColumnPtr> columns = function_->Take(pieces_);
    int64_t total = 0;
    for (const TableFunction::Piece& piece : pieces_) total += piece.count;
    CASTOR_RETURN_NOT_OK(Filter(static_cast<int32_t>(total), columns));
    ListResults();
    if (!rows_.empty()) out.Emit(MakeBatch(columns));
    return Status::OK();
  }

  // Sets `passed_` to the results that the condition keeps.
  Status Filter(int32_t total, const std::vector<ColumnPtr>& columns) {
    passed_.clear();
    if (condition_ == nullptr || total == 0) {
      passed_.resize(static_cast<size_t>(total));
      std::iota(passed_.begin(), passed_.end(), 0);
      return Status::OK();
    }
    return condition_->Filter(0, Batch(total, columns), {nullptr, total}, evaluation_, &passed_);
  }

  void ListResults() {
    rows_.clear();
    results_.clear();
    auto next = passed_.begin();
    int64_t end = 0;
    for (const TableFunction::Piece& piece : pieces_) {
      end += piece.count;
      for (; next != passed_.end() && *next < end; ++next) {
        Add(piece.row, *next);
        row_has_results_ = true;
      }
      row_ = piece.row;
      taken_ = piece.first + piece.count;
      if (taken_ < counts_[static_cast<size_t>(row_)]) return;
      if (node_.type == plan::JoinType::kLeft && !row_has_results_) Add(row_, -1);
      ++row_;
      taken_ = 0;
      row_has_results_ = false;
    }
  }

  Batch MakeBatch(const std::vector<ColumnPtr>& columns) const {
    const auto count = static_cast<int32_t>(rows_.size());
    Batch out(count, {});
    for (const ColumnPtr& column : batch_.columns) {
      out.columns.push_back(Gather(*column, rows_.data(), count));
    }
    for (const ColumnPtr& column : columns) {
      out.columns.push_back(Gather(*column, results_.data(), count));
    }
    for (size_t i = 0; i < out.columns.size(); ++i) {
      out.columns[i] = out.columns[i]->WithType(node_.output_type.fields()[i].type);
    }
    if (batch_.row_kinds == nullptr) return out;
    out.row_kinds = Buffer::Allocate(rows_.size());
    for (size_t i = 0; i < rows_.size(); ++i) {
      out.row_kinds->as<RowKind>()[i] = batch_.kind(rows_[i]);
    }
    return out;
  }

  const plan::Correlate node_;
  const LogicalType input_;
  const std::unique_ptr<TableFunction> function_;
  std::vector<plan::ExpressionPtr> arguments_;
  OperatorContext* context_ = nullptr;
  std::unique_ptr<expr::Program> program_;
  std::unique_ptr<expr::Program> condition_;
  expr::EvalContext evaluation_;

  Batch batch_;
  std::vector<int64_t> counts_;  // results by row
  int32_t row_ = 0;              // the next one to expand, of which `taken_` results are out
  int64_t taken_ = 0;
  bool row_has_results_ = false;
  std::vector<TableFunction::Piece> pieces_;
  std::vector<int32_t> passed_;
  std::vector<int32_t> rows_;
  std::vector<int32_t> results_;
};

}  // namespace

Result<std::unique_ptr<Operator>> MakeCorrelate(const OperatorArguments& arguments) {
  const auto& node = static_cast<const plan::Correlate&>(arguments.node);
  CASTOR_ASSIGN_OR_RETURN(auto function, correlate::MakeTableFunction(*node.call));
  return std::unique_ptr<Operator>(
      std::make_unique<Correlate>(node, arguments.input_types[0], std::move(function)));
}

}  // namespace castor
