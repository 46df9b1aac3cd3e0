// What the collection functions check of their operands.
#pragma once

#include "expr/builder.h"
#include "expr/columns_node.h"
#include "expr/value_equality.h"

namespace castor::expr {

inline bool IsArray(const LogicalType& type) { return type.kind() == TypeKind::kArray; }
inline bool IsMap(const LogicalType& type) { return type.kind() == TypeKind::kMap; }
inline bool IsNested(const LogicalType& type) {
  return type.physical() == PhysicalType::kRow || type.physical() == PhysicalType::kList;
}

// A node of `f` over `operands`.
template <typename F>
Node* MakeColumnsCall(Call& call, std::vector<Node*> operands, F f, bool can_fail = false) {
  return call.builder.Make<ColumnsNode<F>>(call.type(), std::move(operands), std::move(f),
                                           can_fail);
}

// Operand `i` as what `=` compares with a value of `type`: itself unless the types differ.
inline Result<Node*> AsComparable(Call& call, size_t i, const LogicalType& type) {
  if (AreInteroperable(call.operand_type(i), type)) return call.operands[i];
  return call.builder.Cast(call.operands[i], type.WithNullable(true));
}

// All operands as values of `type`.
inline Result<std::vector<Node*>> AllAs(Call& call, const LogicalType& type) {
  std::vector<Node*> operands;
  for (Node* operand : call.operands) {
    CASTOR_ASSIGN_OR_RETURN(Node * cast, call.builder.Cast(operand, type.WithNullable(true)));
    operands.push_back(cast);
  }
  return operands;
}

}  // namespace castor::expr
