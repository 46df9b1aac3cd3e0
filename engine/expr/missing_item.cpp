#include "expr/missing_item.h"

#include <type_traits>

#include "column/gather.h"

namespace castor::expr {
namespace {

class DefaultNode final : public Node {
 public:
  explicit DefaultNode(Node* item) : Node(item->type(), {item}) {}

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    CASTOR_ASSIGN_OR_RETURN(const ColumnPtr column, operand(0).Eval(frame, rows));
    if (!column->MayHaveNulls()) return column;
    const ColumnPtr flat = Flatten(column);
    MutableColumnPtr result = Column::MakeFlat(type(), rows.count);
    DispatchPhysical(type().physical(), [&]<typename T>() {
      const T* values = flat->values<T>();
      T* out = result->mutable_values<T>();
      for (int32_t i = 0; i < rows.count; ++i) out[i] = flat->IsNull(i) ? Default<T>() : values[i];
    });
    result->AddStringBuffersOf(*flat);
    return ColumnPtr(std::move(result));
  }

 private:
  template <typename T>
  static T Default() {
    if constexpr (std::is_same_v<T, StringRef> || std::is_same_v<T, uint8_t>) {
      return T{};
    } else {
      return static_cast<T>(-1);
    }
  }
};

// Whether locals of the type are primitive or strings: others begin with null.
bool HasDefault(const LogicalType& type) {
  switch (type.kind()) {
    case TypeKind::kDecimal:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
    case TypeKind::kNull:
      return false;
    default:
      break;
  }
  const PhysicalType physical = type.physical();
  if (physical == PhysicalType::kString) return type.IsString();
  return physical != PhysicalType::kRow && physical != PhysicalType::kList;
}

}  // namespace

Node* WithDefaultForMissing(Builder& builder, const plan::Expression& expression, Node* root) {
  const bool item = expression.kind == plan::ExpressionKind::kCall && expression.function == "ITEM";
  if (!item || root->IsConstant()) return root;
  const LogicalType& collection = expression.operands[0]->type;
  if (collection.physical() != PhysicalType::kList) return root;
  const bool of_not_null = !collection.children().back().nullable();
  return of_not_null && HasDefault(root->type()) ? builder.Make<DefaultNode>(root) : root;
}

}  // namespace castor::expr
