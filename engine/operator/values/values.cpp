#include "operator/values/values.h"

#include <utility>
#include <vector>

#include "column/gather.h"
#include "expr/program.h"
#include "plan/nodes/calc.h"

namespace castor {
namespace {

// A literal may be narrower than its column, e.g. the INT among DECIMALs.
plan::ExpressionPtr AsColumnType(const plan::ExpressionPtr& literal, const LogicalType& type) {
  if (literal->type.SameLayout(type) || (literal->type.IsString() && type.IsString())) {
    return literal;
  }
  auto cast = std::make_shared<plan::Expression>();
  cast->kind = plan::ExpressionKind::kCall;
  cast->function = "CAST";
  cast->function_id = "$CAST$1";
  cast->type = type;
  cast->operands.push_back(literal);
  return cast;
}

// Emits when its (empty) input ends. Flink's source of values is not parallel and starts anew at
// each restore; here what has been emitted stays so.
class Values final : public Operator {
 public:
  explicit Values(const plan::Values& node) : type_(node.output_type), tuples_(node.tuples) {}

  Status Open(OperatorContext& context) override {
    first_subtask_ = context.subtask() == 0;
    now_ = context.clock().NowMs();
    return BuildRows({&context.configuration(), LogicalType::Row({}, false)});
  }

  Result<Progress> Process(int, Batch, Output&) override {
    return Status::Internal("VALUES has no input");
  }

  Result<Progress> EndInput(int, Output& out) override {
    if (first_subtask_ && !emitted_) out.Emit(std::move(rows_));
    emitted_ = true;
    return Progress::kDone;
  }

  Result<std::string> Snapshot() override { return std::string(emitted_ ? kEmitted : ""); }

  Status Restore(std::string_view old_instance_bytes) override {
    emitted_ = emitted_ || old_instance_bytes == kEmitted;
    return Status::OK();
  }

 private:
  static constexpr const char* kEmitted = "emitted";

  Status BuildRows(const expr::CompileOptions& options) {
    rows_.num_rows = static_cast<int32_t>(tuples_.size());
    if (tuples_.empty()) return Status::OK();
    const Batch one_row(1, {});
    for (size_t field = 0; field < type_.fields().size(); ++field) {
      std::vector<plan::ExpressionPtr> literals;
      for (const auto& tuple : tuples_) {
        literals.push_back(AsColumnType(tuple[field], type_.fields()[field].type));
      }
      CASTOR_ASSIGN_OR_RETURN(const auto program, expr::Program::Compile(literals, options));
      std::vector<ColumnPtr> parts;
      for (size_t row = 0; row < literals.size(); ++row) {
        CASTOR_ASSIGN_OR_RETURN(ColumnPtr part, program->Evaluate(static_cast<int>(row), one_row,
                                                                  {nullptr, 1}, {now_}));
        parts.push_back(std::move(part));
      }
      rows_.columns.push_back(Concat(std::span<const ColumnPtr>(parts)));
    }
    return Status::OK();
  }

  const LogicalType type_;
  const std::vector<std::vector<plan::ExpressionPtr>> tuples_;
  TimestampMs now_ = 0;
  Batch rows_;
  bool first_subtask_ = true;
  bool emitted_ = false;
};

}  // namespace

Result<std::unique_ptr<Operator>> MakeValues(const OperatorArguments& arguments) {
  const auto& node = static_cast<const plan::Values&>(arguments.node);
  for (const auto& tuple : node.tuples) {
    if (tuple.size() != node.output_type.fields().size()) {
      return Status::InvalidArgument("a row of VALUES has " + std::to_string(tuple.size()) +
                                     " fields, not " +
                                     std::to_string(node.output_type.fields().size()));
    }
  }
  return std::unique_ptr<Operator>(std::make_unique<Values>(node));
}

}  // namespace castor
