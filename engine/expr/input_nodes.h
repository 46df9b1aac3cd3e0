// Leaves of a program: constants, fields of the input row, fields of ROW values.
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

// Field `name` of `row`; NULL where the row is.
Result<Node*> MakeFieldAccess(Builder& builder, Node* row, const std::string& name);

}  // namespace castor::expr
