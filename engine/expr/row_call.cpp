#include "expr/row_call.h"

namespace castor::expr {
namespace {

bool IsBinary(const LogicalType& type) {
  return type.kind() == TypeKind::kBinary || type.kind() == TypeKind::kVarBinary;
}
bool IsInteger(const LogicalType& type) {
  return type.kind() >= TypeKind::kTinyInt && type.kind() <= TypeKind::kBigInt;
}
bool IsNumber(const LogicalType& type) {
  return type.kind() >= TypeKind::kTinyInt && type.kind() <= TypeKind::kDecimal;
}

// nullptr: the type does not go.
Result<Node*> OperandAs(Call& call, size_t i, Want want) {
  Node* operand = call.operands[i];
  const LogicalType& type = operand->type();
  const bool null = type.kind() == TypeKind::kNull;
  const bool nullable = type.nullable();
  switch (want) {
    case Want::kAny:
      return operand;
    case Want::kText:
      if (null) return call.builder.Cast(operand, LogicalType::String());
      return type.IsString() ? operand : nullptr;
    case Want::kBytes:
      return IsBinary(type) || type.IsString() ? operand : nullptr;
    case Want::kInt:
      if (!null && (!IsInteger(type) || type.kind() == TypeKind::kBigInt)) return nullptr;
      return call.builder.Cast(operand, LogicalType::Integer(nullable));
    case Want::kLong:
      if (!null && !IsInteger(type)) return nullptr;
      return call.builder.Cast(operand, LogicalType::BigInt(nullable));
    case Want::kDouble:
      if (!null && !IsNumber(type)) return nullptr;
      return call.builder.Cast(operand, LogicalType::Double(nullable));
    case Want::kBoolean:
      return type.kind() == TypeKind::kBoolean ? operand : nullptr;
  }
  __builtin_unreachable();
}

}  // namespace

Result<std::vector<Node*>> OperandsAs(Call& call, std::initializer_list<Want> wants) {
  if (call.arity() != wants.size()) {
    return call.Unsupported("it takes " + std::to_string(wants.size()) + " operands here");
  }
  std::vector<Node*> operands;
  for (const Want want : wants) {
    const size_t i = operands.size();
    CASTOR_ASSIGN_OR_RETURN(Node * operand, OperandAs(call, i, want));
    if (operand == nullptr) {
      return call.Unsupported("operand " + std::to_string(i + 1) + " cannot be " +
                              call.operand_type(i).ToString());
    }
    operands.push_back(operand);
  }
  return operands;
}

std::optional<std::string> ConstantText(Call& call, size_t i) {
  if (!call.operand_type(i).IsString() && call.operand_type(i).kind() != TypeKind::kSymbol) {
    return std::nullopt;
  }
  const ColumnPtr value = call.builder.ConstantValue(call.operands[i]);
  if (value == nullptr || IsConstantNull(*value)) return std::nullopt;
  return std::string(value->values<StringRef>()[0].view());
}

}  // namespace castor::expr
