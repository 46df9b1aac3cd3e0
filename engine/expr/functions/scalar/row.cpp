// ROW(...) and OBJECT_OF, a ROW with other fields: OBJECT_UPDATE, and access to a field of a ROW by
// name: ITEM and DOT.
#include "expr/functions/collection_access.h"
#include "expr/functions/registry.h"
#include "expr/functions/variant_item.h"
#include "expr/input_nodes.h"
#include "expr/kernels.h"

namespace castor::expr {
namespace {

// Operands: the fields, then, if there is one more, what is NULL where the ROW is.
class RowNode final : public Node {
 public:
  RowNode(LogicalType type, std::vector<Node*> operands)
      : Node(std::move(type), std::move(operands)) {}

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    const size_t fields = type().fields().size();
    std::vector<ColumnPtr> children;
    for (size_t i = 0; i < fields; ++i) {
      CASTOR_ASSIGN_OR_RETURN(ColumnPtr child, operand(i).Eval(frame, rows));
      children.push_back(child->WithType(type().fields()[i].type));
    }
    BufferPtr validity;
    if (operands().size() > fields) {
      CASTOR_ASSIGN_OR_RETURN(const ColumnPtr like, operand(fields).Eval(frame, rows));
      validity = ValidityLike(*like, rows.count);
    }
    return ColumnPtr(Column::MakeRow(type(), rows.count, validity, std::move(children)));
  }

 private:
  static BufferPtr ValidityLike(const Column& column, int32_t count) {
    if (!column.MayHaveNulls()) return nullptr;
    BufferPtr validity = AllValid(count);
    for (int32_t row = 0; row < count; ++row) {
      if (column.IsNull(row)) bitmap::Clear(validity->data(), row);
    }
    return validity;
  }
};

// The ROW with these values as its fields; NULL where `like` is.
Result<Node*> MakeRow(Call& call, const std::vector<Node*>& values, Node* like = nullptr) {
  if (call.type().kind() != TypeKind::kRow || call.type().fields().size() != values.size()) {
    return call.Unsupported("it makes no " + call.type().ToString());
  }
  std::vector<Node*> operands;
  for (size_t i = 0; i < values.size(); ++i) {
    const LogicalType& field = call.type().fields()[i].type;
    CASTOR_ASSIGN_OR_RETURN(Node * operand, call.builder.Cast(values[i], field));
    operands.push_back(operand);
  }
  if (like != nullptr) operands.push_back(like);
  return call.builder.Make<RowNode>(call.type(), std::move(operands));
}

Result<Node*> Row(Call& call) { return MakeRow(call, call.operands); }

// OBJECT_OF(class, name, value, name, value ...): the class and the names are in the type.
Result<Node*> ObjectOf(Call& call) {
  std::vector<Node*> values;
  for (size_t i = 2; i < call.arity(); i += 2) values.push_back(call.operands[i]);
  return MakeRow(call, values);
}

// OBJECT_UPDATE(object, name, value, name, value ...): NULL of NULL.
Result<Node*> ObjectUpdate(Call& call) {
  if (call.arity() == 0 || call.operand_type(0).kind() != TypeKind::kRow) {
    return call.Unsupported("only a structured object has fields to set");
  }
  Node* object = call.operands[0];
  call.builder.Share(object);
  std::vector<Node*> values;
  for (const LogicalType::Field& field : object->type().fields()) {
    Node* value = nullptr;
    for (size_t i = 1; i + 1 < call.arity(); i += 2) {
      if (!call.IsLiteral(i)) return call.Unsupported("names of fields must be literals");
      if (call.expression.operands[i]->literal.text == field.name) value = call.operands[i + 1];
    }
    if (value == nullptr) {
      CASTOR_ASSIGN_OR_RETURN(value, MakeFieldAccess(call.builder, object, field.name));
    }
    values.push_back(value);
  }
  return MakeRow(call, values, object);
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
    {"ROW", Row},   {"OBJECT_OF", ObjectOf}, {"OBJECT_UPDATE", ObjectUpdate},
    {"ITEM", Item}, {"DOT", FieldByName},
};

}  // namespace

std::span<const FunctionEntry> RowFunctions() { return kFunctions; }

}  // namespace castor::expr
