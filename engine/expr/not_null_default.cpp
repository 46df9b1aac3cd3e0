#include "expr/not_null_default.h"

#include <type_traits>

#include "column/gather.h"

namespace castor::expr {
namespace {

class DefaultNode final : public Node {
 public:
  explicit DefaultNode(Node* root) : Node(root->type(), {root}) {}

  // Neither NULL nor its default is TRUE.
  Status Select(Frame& frame, const Rows& rows, std::vector<int32_t>* positions) override {
    return operand(0).Select(frame, rows, positions);
  }

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    CASTOR_ASSIGN_OR_RETURN(const ColumnPtr column, operand(0).Eval(frame, rows));
    if (!HasNulls(*column)) return column;
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
  static bool HasNulls(const Column& column) {
    if (!column.MayHaveNulls()) return false;
    if (column.encoding() == Encoding::kFlat) {
      return bitmap::CountSet(column.validity(), column.size()) < column.size();
    }
    for (int32_t i = 0; i < column.size(); ++i) {
      if (column.IsNull(i)) return true;
    }
    return false;
  }

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

// Functions of text that answer with Java's null although no operand is NULL and their type is NOT
// NULL: the local takes that in place of its default.
bool AnswersNull(const plan::Expression& expression) {
  const std::string& function = expression.function;
  return function == "LPAD" || function == "RPAD" || function == "SUBSTRING" ||
         function == "SUBSTR";
}

// Whether the code that Flink generates takes the value for NOT NULL, whatever the type of the
// call: of ITEM it is as nullable as the elements are, of a cast that gives NULL instead of failing
// it is nullable.
bool IsNotNull(const plan::Expression& expression, const Settings& settings) {
  if (expression.function == "CAST" && settings.legacy_cast) return false;
  if (expression.function == "ITEM") {
    const LogicalType& collection = expression.operands[0]->type;
    if (collection.physical() == PhysicalType::kList) {
      return !collection.children().back().nullable();
    }
  }
  return !expression.type.nullable();
}

}  // namespace

Node* WithDefaultIfNotNull(Builder& builder, const plan::Expression& expression, Node* root) {
  if (expression.kind == plan::ExpressionKind::kLiteral || !HasDefault(root->type())) return root;
  if (!IsNotNull(expression, builder.settings()) || AnswersNull(expression)) return root;
  return builder.Make<DefaultNode>(root);
}

}  // namespace castor::expr
