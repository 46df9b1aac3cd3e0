// ROW to ROW, field by field: RowToRowCastRule.
#include "expr/cast.h"
#include "expr/input_nodes.h"
#include "expr/row_function.h"

namespace castor::expr {
namespace {

// A ROW of the first operand's nulls and the others' values.
class RowOfNode final : public Node {
 public:
  RowOfNode(LogicalType type, std::vector<Node*> operands)
      : Node(std::move(type), std::move(operands)) {}

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    CASTOR_ASSIGN_OR_RETURN(const ColumnPtr row, operand(0).Eval(frame, rows));
    if (IsConstantNull(*row)) return Column::MakeNull(type(), rows.count);
    std::vector<ColumnPtr> children;
    for (size_t i = 1; i < operands().size(); ++i) {
      CASTOR_ASSIGN_OR_RETURN(ColumnPtr child, operand(i).Eval(frame, rows));
      children.push_back(child->WithType(type().fields()[i - 1].type));
    }
    BufferPtr validity;
    if (row->MayHaveNulls()) {
      validity = AllValid(rows.count);
      for (int32_t i = 0; i < rows.count; ++i) {
        if (row->IsNull(i)) bitmap::Clear(validity->data(), i);
      }
    }
    return ColumnPtr(Column::MakeRow(type(), rows.count, std::move(validity), std::move(children)));
  }
};

}  // namespace

Result<Node*> MakeRowCast(Builder& builder, Node* operand, const LogicalType& type, bool try_cast) {
  if (operand->type().kind() != TypeKind::kRow || type.kind() != TypeKind::kRow) return nullptr;
  const auto& from = operand->type().fields();
  const auto& to = type.fields();
  if (from.size() < to.size()) return nullptr;
  builder.Share(operand);
  std::vector<Node*> operands{operand};
  for (size_t i = 0; i < to.size(); ++i) {
    CASTOR_ASSIGN_OR_RETURN(Node * field, MakeFieldAccess(builder, operand, from[i].name));
    CASTOR_ASSIGN_OR_RETURN(Node * cast,
                            builder.Cast(field, to[i].type.WithNullable(true), try_cast));
    operands.push_back(cast);
  }
  return builder.Make<RowOfNode>(type, std::move(operands));
}

}  // namespace castor::expr
