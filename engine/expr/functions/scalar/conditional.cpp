// CASE: a value is computed only on the rows whose branch it is.
#include "column/gather.h"
#include "expr/functions/registry.h"
#include "expr/scatter.h"

namespace castor::expr {
namespace {

// Operands: condition, value, condition, value ..., otherwise.
class CaseNode final : public Node {
 public:
  CaseNode(LogicalType type, std::vector<Node*> operands)
      : Node(std::move(type), std::move(operands)) {}

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    Scatter scatter(type(), rows.count);
    const Rows* left = &rows;
    const std::vector<int32_t>* in_rows = nullptr;  // where in `rows` those stand; nullptr: all
    const size_t branches = operands().size() / 2;
    for (size_t branch = 0; branch < branches && left->count > 0; ++branch) {
      std::vector<int32_t>& taken = frame.NewPositions();
      CASTOR_RETURN_NOT_OK(operand(2 * branch).Select(frame, *left, &taken));
      if (taken.empty()) continue;
      std::vector<int32_t>& rest = frame.NewPositions();
      Split(left->count, in_rows, &taken, &rest);
      CASTOR_RETURN_NOT_OK(Fill(frame, rows, taken, operand(2 * branch + 1), &scatter));
      in_rows = &rest;
      if (rest.empty()) return std::move(scatter).Finish();
      left = &frame.Subset(rows, rest);
    }
    if (in_rows == nullptr) return operand(2 * branches).Eval(frame, rows);
    CASTOR_RETURN_NOT_OK(Fill(frame, rows, *in_rows, operand(2 * branches), &scatter));
    return std::move(scatter).Finish();
  }

 private:
  // Turns `taken`, positions in what is left, into positions in all rows; `rest` gets the others.
  static void Split(int32_t left, const std::vector<int32_t>* in_rows, std::vector<int32_t>* taken,
                    std::vector<int32_t>* rest) {
    rest->resize(static_cast<size_t>(left) - taken->size());
    int32_t* out = rest->data();
    size_t next = 0;
    for (int32_t i = 0; i < left; ++i) {
      const int32_t row = in_rows != nullptr ? (*in_rows)[static_cast<size_t>(i)] : i;
      if (next < taken->size() && (*taken)[next] == i) {
        (*taken)[next++] = row;
      } else {
        *out++ = row;
      }
    }
  }

  static Status Fill(Frame& frame, const Rows& rows, const std::vector<int32_t>& positions,
                     Node& value, Scatter* scatter) {
    CASTOR_ASSIGN_OR_RETURN(ColumnPtr column, value.Eval(frame, frame.Subset(rows, positions)));
    scatter->Add(std::move(column), positions.data());
    return Status::OK();
  }
};

// Values of branches take the result's type; a value that cannot be cast is NULL, as in Flink.
Result<Node*> Case(Call& call) {
  std::vector<Node*> operands;
  for (size_t i = 0; i < call.arity(); ++i) {
    const bool is_value = i % 2 == 1 || i + 1 == call.arity();
    Node* operand = call.operands[i];
    if (is_value) {
      CASTOR_ASSIGN_OR_RETURN(operand, call.builder.Cast(operand, call.type(), true));
    } else if (operand->type().kind() != TypeKind::kBoolean) {
      return call.Unsupported("its conditions must be BOOLEAN");
    }
    operands.push_back(operand);
  }
  if (operands.size() == 1) return operands[0];
  return call.builder.Make<CaseNode>(call.type(), std::move(operands));
}

constexpr FunctionEntry kFunctions[] = {
    {"CASE", Case},
};

}  // namespace

std::span<const FunctionEntry> ConditionalFunctions() { return kFunctions; }

}  // namespace castor::expr
