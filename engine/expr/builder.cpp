#include "expr/builder.h"

#include "expr/cast.h"
#include "expr/input_nodes.h"
#include "expr/kernels.h"

namespace castor::expr {

Result<Node*> Builder::Cast(Node* operand, const LogicalType& type, bool try_cast) {
  const auto key = std::make_pair(operand, type.ToString() + (try_cast ? "?" : ""));
  if (const auto found = casts_.find(key); found != casts_.end()) {
    Share(found->second);
    return found->second;
  }
  CASTOR_ASSIGN_OR_RETURN(Node * cast, MakeCast(*this, operand, type, try_cast));
  if (cast != operand && operand->IsConstant()) {
    if (ColumnPtr value = ConstantValue(cast)) cast = Make<ConstantNode>(std::move(value));
  }
  casts_.emplace(key, cast);
  return cast;
}

void Builder::Share(Node* node) {
  if (!node->IsConstant() && shared_.insert(node).second) node->set_slot(slots_++);
}

ColumnPtr Builder::ConstantValue(Node* node) {
  if (!node->IsConstant()) return nullptr;
  // No slot is assigned yet, so the frame needs none.
  Frame frame(0);
  const Batch batch(1, {});
  const EvalContext context;
  const Rows& rows = frame.Begin(batch, {nullptr, 1}, context);
  Result<ColumnPtr> value = node->Eval(frame, rows);
  frame.End();
  if (!value.ok()) return nullptr;
  return (*value)->is_constant() ? *value : ToConstant(**value, 1);
}

Status Call::Unsupported(std::string_view why) const {
  std::string call = "function " + function() + "(";
  for (size_t i = 0; i < operands.size(); ++i) {
    if (i > 0) call += ", ";
    call += operand_type(i).ToString();
  }
  return Status::Unsupported(call + ") is not supported: " + std::string(why));
}

}  // namespace castor::expr
