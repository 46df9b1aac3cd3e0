// A node made from a function of whole columns: for functions that read lists, whose loop is their
// own. `Result<ColumnPtr> f(const LogicalType& type, const std::vector<ColumnPtr>& operands,
// int32_t count)` gets flat or constant operands and gives `count` values of `type`.
#pragma once

#include <utility>
#include <vector>

#include "expr/kernels.h"
#include "expr/node.h"

namespace castor::expr {

template <typename F>
class ColumnsNode final : public Node {
 public:
  ColumnsNode(LogicalType type, std::vector<Node*> operands, F f, bool can_fail)
      : Node(std::move(type), std::move(operands)), f_(std::move(f)), can_fail_(can_fail) {}
  bool CanFail() const override { return can_fail_ || Node::CanFail(); }

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    std::vector<ColumnPtr> columns;
    for (Node* operand : operands()) {
      CASTOR_ASSIGN_OR_RETURN(ColumnPtr column, operand->EvalFlat(frame, rows));
      columns.push_back(std::move(column));
    }
    return f_(type(), columns, rows.count);
  }

 private:
  F f_;
  const bool can_fail_;
};

// The rows where any of some flat or constant columns is NULL.
class AnyNull {
 public:
  AnyNull(const std::vector<ColumnPtr>& columns, size_t first, size_t count) {
    for (size_t i = first; i < first + count; ++i) {
      const Column& column = *columns[i];
      if (IsConstantNull(column)) all_ = true;
      if (!column.is_constant() && column.validity() != nullptr) {
        bitmaps_.push_back(column.validity());
      }
    }
  }
  explicit AnyNull(const std::vector<ColumnPtr>& columns) : AnyNull(columns, 0, columns.size()) {}

  bool operator()(int32_t row) const {
    for (const uint8_t* bitmap : bitmaps_) {
      if (!bitmap::Get(bitmap, row)) return true;
    }
    return all_;
  }

 private:
  bool all_ = false;
  std::vector<const uint8_t*> bitmaps_;
};

// A list operand: where each row's elements are in its children.
struct ListOperand {
  explicit ListOperand(const Column& column)
      : refs(column), elements(*column.children()[0]), lists(column) {}

  ListRef operator[](int32_t row) const { return refs[row]; }

  Operand<ListRef> refs;
  const Column& elements;
  const Column& lists;
};

}  // namespace castor::expr
