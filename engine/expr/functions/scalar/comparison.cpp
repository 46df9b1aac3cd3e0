// =, <>, <, <=, >, >= and IS [NOT] DISTINCT FROM.
#include "expr/compare.h"
#include "expr/functions/registry.h"
#include "expr/kernels.h"

namespace castor::expr {
namespace {

template <Comparison kComparison>
Result<Node*> Compare(Call& call) {
  if (call.arity() != 2) return call.Unsupported("it takes two operands");
  return MakeComparison(call, kComparison, call.operands[0], call.operands[1]);
}

// Equality where NULL equals NULL.
class DistinctNode final : public Node {
 public:
  DistinctNode(Node* left, Node* right, Node* equal, bool negated)
      : Node(LogicalType::Boolean(false), {left, right, equal}), negated_(negated) {}

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    CASTOR_ASSIGN_OR_RETURN(const ColumnPtr left, operand(0).Eval(frame, rows));
    CASTOR_ASSIGN_OR_RETURN(const ColumnPtr right, operand(1).Eval(frame, rows));
    CASTOR_ASSIGN_OR_RETURN(const ColumnPtr equal, operand(2).EvalFlat(frame, rows));
    const Operand<uint8_t> equals(*equal);
    MutableColumnPtr result = Column::MakeFlat(type(), rows.count);
    auto* out = result->mutable_values<uint8_t>();
    if (!equals.MayHaveNulls()) {
      for (int32_t i = 0; i < rows.count; ++i) out[i] = (equals[i] != 0) == negated_;
      return ColumnPtr(std::move(result));
    }
    for (int32_t i = 0; i < rows.count; ++i) {
      const bool same = equals.IsNull(i) ? left->IsNull(i) && right->IsNull(i) : equals[i] != 0;
      out[i] = same == negated_;
    }
    return ColumnPtr(std::move(result));
  }

 private:
  const bool negated_;
};

template <bool kNegated>
Result<Node*> Distinct(Call& call) {
  if (call.arity() != 2) return call.Unsupported("it takes two operands");
  Node* left = call.operands[0];
  Node* right = call.operands[1];
  CASTOR_ASSIGN_OR_RETURN(Node * equal, MakeComparison(call, Comparison::kEqual, left, right));
  call.builder.Share(left);
  call.builder.Share(right);
  return call.builder.Make<DistinctNode>(left, right, equal, kNegated);
}

constexpr FunctionEntry kFunctions[] = {
    {"=", Compare<Comparison::kEqual>},    {"<>", Compare<Comparison::kNotEqual>},
    {"<", Compare<Comparison::kLess>},     {"<=", Compare<Comparison::kLessOrEqual>},
    {">", Compare<Comparison::kGreater>},  {">=", Compare<Comparison::kGreaterOrEqual>},
    {"IS DISTINCT FROM", Distinct<false>}, {"IS NOT DISTINCT FROM", Distinct<true>},
};

}  // namespace

std::span<const FunctionEntry> ComparisonFunctions() { return kFunctions; }

}  // namespace castor::expr
