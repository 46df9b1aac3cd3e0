#include "expr/program.h"

#include "expr/compiler.h"

namespace castor::expr {
namespace {

class NodeProgram final : public Program {
 public:
  explicit NodeProgram(CompiledNodes compiled)
      : nodes_(std::move(compiled.nodes)),
        roots_(std::move(compiled.roots)),
        frame_(compiled.slots) {}

  Result<ColumnPtr> Evaluate(int expression, const Batch& batch, const Selection& selection,
                             const EvalContext& context) override {
    const Evaluation evaluation(frame_, batch, selection, context);
    return root(expression).Eval(frame_, evaluation.rows);
  }

  Result<std::vector<ColumnPtr>> EvaluateAll(std::span<const int> expressions, const Batch& batch,
                                             const Selection& selection,
                                             const EvalContext& context) override {
    const Evaluation evaluation(frame_, batch, selection, context);
    return EvaluateRoots(expressions, evaluation.rows);
  }

  Result<std::vector<ColumnPtr>> FilterAndEvaluate(int condition, std::span<const int> expressions,
                                                   const Batch& batch, const EvalContext& context,
                                                   std::vector<int32_t>* rows) override {
    const Evaluation evaluation(frame_, batch, {nullptr, batch.num_rows}, context);
    rows->clear();
    CASTOR_RETURN_NOT_OK(root(condition).Select(frame_, evaluation.rows, rows));
    if (rows->empty()) return std::vector<ColumnPtr>();
    return EvaluateRoots(expressions, frame_.Subset(evaluation.rows, *rows));
  }

  Status Filter(int expression, const Batch& batch, const Selection& selection,
                const EvalContext& context, std::vector<int32_t>* rows) override {
    const size_t start = rows->size();
    {
      const Evaluation evaluation(frame_, batch, selection, context);
      CASTOR_RETURN_NOT_OK(root(expression).Select(frame_, evaluation.rows, rows));
    }
    if (selection.rows == nullptr) return Status::OK();
    for (size_t i = start; i < rows->size(); ++i) (*rows)[i] = selection.rows[(*rows)[i]];
    return Status::OK();
  }

 private:
  // Clears the frame however the evaluation ends.
  struct Evaluation {
    Evaluation(Frame& f, const Batch& batch, const Selection& selection, const EvalContext& context)
        : frame(f), rows(f.Begin(batch, selection, context)) {}
    ~Evaluation() { frame.End(); }
    Evaluation(const Evaluation&) = delete;
    Evaluation& operator=(const Evaluation&) = delete;

    Frame& frame;
    const Rows& rows;
  };

  Result<std::vector<ColumnPtr>> EvaluateRoots(std::span<const int> expressions, const Rows& rows) {
    std::vector<ColumnPtr> columns;
    columns.reserve(expressions.size());
    for (const int expression : expressions) {
      CASTOR_ASSIGN_OR_RETURN(ColumnPtr column, root(expression).Eval(frame_, rows));
      columns.push_back(std::move(column));
    }
    return columns;
  }

  Node& root(int expression) { return *roots_[static_cast<size_t>(expression)]; }

  const std::vector<std::unique_ptr<Node>> nodes_;
  const std::vector<Node*> roots_;
  Frame frame_;
};

}  // namespace

Result<std::unique_ptr<Program>> Program::Compile(std::span<const plan::ExpressionPtr> expressions,
                                                  const CompileOptions& options) {
  CASTOR_ASSIGN_OR_RETURN(CompiledNodes compiled, CompileNodes(expressions, options));
  return std::unique_ptr<Program>(std::make_unique<NodeProgram>(std::move(compiled)));
}

}  // namespace castor::expr
