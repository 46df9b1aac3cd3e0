// Leaves of a program: constants, fields of the input row, fields of ROW values; values under
// another type.
#pragma once

#include <string>

#include "expr/builder.h"
#include "expr/node.h"

namespace castor::expr {

class ConstantNode final : public Node {
 public:
  // `value` is a constant column.
  explicit ConstantNode(ColumnPtr value) : Node(value->type()), value_(std::move(value)) {}
  bool IsConstant() const override { return true; }
  bool IsCheap() const override { return true; }
  const Column& value() const { return *value_; }

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override;

 private:
  ColumnPtr value_;  // resized to the latest count
};

class InputNode final : public Node {
 public:
  InputNode(LogicalType type, int32_t index) : Node(std::move(type)), index_(index) {}
  bool IsCheap() const override { return true; }

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override;

 private:
  const int32_t index_;
};

// The same values under another type that is held alike.
class RetypedNode final : public Node {
 public:
  RetypedNode(LogicalType type, Node* operand) : Node(std::move(type), {operand}) {}
  bool IsCheap() const override { return OperandsAreCheap(); }

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    CASTOR_ASSIGN_OR_RETURN(const ColumnPtr column, operand(0).Eval(frame, rows));
    return column->WithType(type());
  }
};

// Field `name` of `row`; NULL where the row is.
Result<Node*> MakeFieldAccess(Builder& builder, Node* row, const std::string& name);

}  // namespace castor::expr
