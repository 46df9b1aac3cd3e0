#include "expr/input_nodes.h"

#include "column/gather.h"
#include "expr/kernels.h"

namespace castor::expr {
namespace {

class FieldNode final : public Node {
 public:
  FieldNode(LogicalType type, Node* row, size_t field)
      : Node(std::move(type), {row}), field_(field) {}
  bool IsCheap() const override { return OperandsAreCheap(); }

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    CASTOR_ASSIGN_OR_RETURN(const ColumnPtr row, operand(0).Eval(frame, rows));
    if (IsConstantNull(*row)) return Column::MakeNull(type(), rows.count);
    if (row->encoding() != Encoding::kDictionary) return Field(*row);
    return Column::MakeDictionary(Field(*row->base()), row->values_buffer(), row->size());
  }

 private:
  // The field of a flat or constant ROW column, with the row's nulls.
  ColumnPtr Field(const Column& row) const {
    const ColumnPtr& child = row.children()[field_];
    if (row.is_constant() || row.validity() == nullptr || child->is_constant()) {
      return child->is_constant() && row.validity() != nullptr ? Masked(*Flatten(child), row)
                                                               : child;
    }
    if (child->encoding() == Encoding::kDictionary) return Masked(*Flatten(child), row);
    return Masked(*child, row);
  }

  static ColumnPtr Masked(const Column& child, const Column& row) {
    auto masked = std::make_shared<Column>(child);
    masked->set_validity(CombinedValidity(child, row, row.size()));
    return masked;
  }

  const size_t field_;
};

}  // namespace

Result<ColumnPtr> ConstantNode::Compute(Frame&, const Rows& rows) {
  if (value_->size() != rows.count) value_ = Slice(value_, 0, rows.count);
  return value_;
}

Result<ColumnPtr> InputNode::Compute(Frame& frame, const Rows& rows) {
  const ColumnPtr& column = frame.batch().columns[static_cast<size_t>(index_)];
  if (rows.batch_rows != nullptr) return Pick(column, rows.batch_rows, rows.count);
  return rows.count == column->size() ? column : Slice(column, 0, rows.count);
}

Result<Node*> MakeFieldAccess(Builder& builder, Node* row, const std::string& name) {
  if (row->type().kind() != TypeKind::kRow) {
    return Status::Internal("field '" + name + "' of " + row->type().ToString() +
                            ", which is no ROW");
  }
  const auto& fields = row->type().fields();
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name != name) continue;
    const bool nullable = row->type().nullable() || fields[i].type.nullable();
    return builder.Make<FieldNode>(fields[i].type.WithNullable(nullable), row, i);
  }
  return Status::Internal("no field '" + name + "' in " + row->type().ToString());
}

}  // namespace castor::expr
