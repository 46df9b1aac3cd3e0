// ROW(...), and access to a field of a ROW by name: ITEM and DOT.
#include "expr/functions/collection_access.h"
#include "expr/functions/registry.h"
#include "expr/functions/variant_item.h"
#include "expr/input_nodes.h"
#include "expr/kernels.h"

namespace castor::expr {
namespace {

class RowNode final : public Node {
 public:
  RowNode(LogicalType type, std::vector<Node*> operands)
      : Node(std::move(type), std::move(operands)) {}

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    std::vector<ColumnPtr> children;
    for (size_t i = 0; i < operands().size(); ++i) {
      CASTOR_ASSIGN_OR_RETURN(ColumnPtr child, operand(i).Eval(frame, rows));
      children.push_back(child->WithType(type().fields()[i].type));
    }
    return ColumnPtr(Column::MakeRow(type(), rows.count, nullptr, std::move(children)));
  }
};

Result<Node*> Row(Call& call) {
  if (call.type().kind() != TypeKind::kRow || call.type().fields().size() != call.arity()) {
    return call.Unsupported("it makes no " + call.type().ToString());
  }
  std::vector<Node*> operands;
  for (size_t i = 0; i < call.arity(); ++i) {
    const LogicalType& field = call.type().fields()[i].type;
    CASTOR_ASSIGN_OR_RETURN(Node * operand, call.builder.Cast(call.operands[i], field));
    operands.push_back(operand);
  }
  return call.builder.Make<RowNode>(call.type(), std::move(operands));
}

Result<Node*> FieldByName(Call& call) {
  if (call.arity() != 2 || call.operand_type(0).kind() != TypeKind::kRow || !call.IsLiteral(1)) {
    return call.Unsupported("only a ROW with a literal field name is");
  }
  return MakeFieldAccess(call.builder, call.operands[0], call.expression.operands[1]->literal.text);
}

Result<Node*> Item(Call& call) {
  const TypeKind kind = call.arity() == 2 ? call.operand_type(0).kind() : TypeKind::kNull;
  if (kind == TypeKind::kRow) return FieldByName(call);
  return kind == TypeKind::kVariant ? MakeVariantItem(call) : MakeCollectionItem(call);
}

constexpr FunctionEntry kFunctions[] = {
    {"ROW", Row},
    {"ITEM", Item},
    {"DOT", FieldByName},
};

}  // namespace

std::span<const FunctionEntry> RowFunctions() { return kFunctions; }

}  // namespace castor::expr
