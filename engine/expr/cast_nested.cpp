// Between ROWs, ARRAYs, MAPs and MULTISETs.
#include "column/gather.h"
#include "expr/cast.h"
#include "expr/element_cast.h"
#include "expr/kernels.h"

namespace castor::expr {
namespace {

class NestedCastNode final : public Node {
 public:
  NestedCastNode(LogicalType type, Node* operand, std::unique_ptr<ElementCast> cast, bool try_cast)
      : Node(std::move(type), {operand}), cast_(std::move(cast)), try_cast_(try_cast) {}
  bool CanFail() const override { return !try_cast_ || Node::CanFail(); }

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    CASTOR_ASSIGN_OR_RETURN(const ColumnPtr column, operand(0).Eval(frame, rows));
    if (IsConstantNull(*column)) return Column::MakeNull(type(), rows.count);
    failed_.assign(static_cast<size_t>(rows.count), 0);
    CASTOR_ASSIGN_OR_RETURN(ColumnPtr result, cast_->Run(Flatten(column), frame.context(),
                                                         try_cast_ ? failed_.data() : nullptr));
    return try_cast_ ? WithoutFailed(std::move(result)) : result;
  }

 private:
  // Something that fails within a value makes all of it NULL.
  ColumnPtr WithoutFailed(ColumnPtr column) const {
    MutableColumnPtr result;
    for (int32_t i = 0; i < column->size(); ++i) {
      if (failed_[static_cast<size_t>(i)] == 0) continue;
      if (result == nullptr) {
        result = std::make_shared<Column>(*column);
        BufferPtr validity = AllValid(column->size());
        if (column->validity() != nullptr) {
          bitmap::Copy(column->validity(), 0, column->size(), validity->data());
        }
        result->set_validity(std::move(validity));
      }
      result->SetNull(i);
    }
    return result != nullptr ? result : column;
  }

  const std::unique_ptr<ElementCast> cast_;
  const bool try_cast_;
  std::vector<uint8_t> failed_;
};

}  // namespace

Result<Node*> MakeNestedCast(Builder& builder, Node* operand, const LogicalType& type,
                             bool try_cast) {
  const LogicalType& from = operand->type();
  const bool rows = from.physical() == PhysicalType::kRow && type.physical() == PhysicalType::kRow;
  const bool lists = from.physical() == PhysicalType::kList && from.kind() == type.kind();
  if (!rows && !lists) return nullptr;
  CASTOR_ASSIGN_OR_RETURN(std::unique_ptr<ElementCast> cast,
                          ElementCast::Make(builder.settings(), from, type, try_cast));
  return builder.Make<NestedCastNode>(type, operand, std::move(cast), try_cast);
}

}  // namespace castor::expr
