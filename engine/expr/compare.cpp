#include "expr/compare.h"

#include <algorithm>

#include "column/gather.h"
#include "expr/cast.h"
#include "expr/decimal.h"
#include "expr/input_nodes.h"
#include "expr/kernels.h"
#include "expr/string_compare.h"
#include "expr/value_equality.h"

namespace castor::expr {
namespace {

struct Equal {
  template <typename T>
  static bool Of(const T& a, const T& b) {
    return a == b;
  }
};
struct NotEqual {
  template <typename T>
  static bool Of(const T& a, const T& b) {
    return !(a == b);
  }
};
struct Less {
  template <typename T>
  static bool Of(const T& a, const T& b) {
    return a < b;
  }
  static bool Of(const StringRef& a, const StringRef& b) { return CompareStrings(a, b) < 0; }
};
struct LessOrEqual {
  template <typename T>
  static bool Of(const T& a, const T& b) {
    return a <= b;
  }
  static bool Of(const StringRef& a, const StringRef& b) { return CompareStrings(a, b) <= 0; }
};

template <typename Op, typename T>
class CompareNode final : public Node {
 public:
  CompareNode(LogicalType type, Node* left, Node* right) : Node(std::move(type), {left, right}) {}
  bool IsCheap() const override { return !std::is_same_v<T, StringRef> && OperandsAreCheap(); }

  Status Select(Frame& frame, const Rows& rows, std::vector<int32_t>* positions) override {
    CASTOR_ASSIGN_OR_RETURN(const ColumnPtr left, operand(0).EvalFlat(frame, rows));
    CASTOR_ASSIGN_OR_RETURN(const ColumnPtr right, operand(1).EvalFlat(frame, rows));
    if (IsConstantNull(*left) || IsConstantNull(*right)) return Status::OK();
    const T* a = left->values<T>();
    const T* b = right->values<T>();
    const BufferPtr validity = CombinedValidity(*left, *right, rows.count);
    const uint8_t* valid = validity ? validity->data() : nullptr;
    if (right->is_constant() && !left->is_constant()) {
      const T c = b[0];
      KeepWhere(rows.count, valid, positions, [a, c](int32_t i) { return Op::Of(a[i], c); });
    } else {
      const Operand<T> x(*left), y(*right);
      KeepWhere(rows.count, valid, positions, [x, y](int32_t i) { return Op::Of(x[i], y[i]); });
    }
    return Status::OK();
  }

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    CASTOR_ASSIGN_OR_RETURN(const ColumnPtr left, operand(0).EvalFlat(frame, rows));
    CASTOR_ASSIGN_OR_RETURN(const ColumnPtr right, operand(1).EvalFlat(frame, rows));
    if (IsConstantNull(*left) || IsConstantNull(*right)) {
      return Column::MakeNull(type(), rows.count);
    }
    const T* a = left->values<T>();
    const T* b = right->values<T>();
    if (left->is_constant() && right->is_constant()) {
      MutableColumnPtr result = Column::MakeConstant(type(), rows.count);
      result->mutable_values<uint8_t>()[0] = Op::Of(a[0], b[0]);
      return ColumnPtr(std::move(result));
    }
    MutableColumnPtr result = Column::MakeFlat(type(), rows.count);
    auto* out = result->mutable_values<uint8_t>();
    if (right->is_constant()) {
      const T c = b[0];
      for (int32_t i = 0; i < rows.count; ++i) out[i] = Op::Of(a[i], c);
    } else if (left->is_constant()) {
      const T c = a[0];
      for (int32_t i = 0; i < rows.count; ++i) out[i] = Op::Of(c, b[i]);
    } else {
      for (int32_t i = 0; i < rows.count; ++i) out[i] = Op::Of(a[i], b[i]);
    }
    result->set_validity(CombinedValidity(*left, *right, rows.count));
    return ColumnPtr(std::move(result));
  }

 private:
  // Branch-free: every row stores its position, only those that hold keep it.
  template <typename Test>
  static void KeepWhere(int32_t count, const uint8_t* valid, std::vector<int32_t>* positions,
                        Test&& test) {
    const size_t start = positions->size();
    positions->resize(start + static_cast<size_t>(count));
    int32_t* next = positions->data() + start;
    if (valid == nullptr) {
      for (int32_t i = 0; i < count; ++i) {
        *next = i;
        next += test(i);
      }
    } else {
      for (int32_t i = 0; i < count; ++i) {
        *next = i;
        next += static_cast<int>(bitmap::Get(valid, i)) & static_cast<int>(test(i));
      }
    }
    positions->resize(static_cast<size_t>(next - positions->data()));
  }
};

// Comparisons whose operands need more than one machine comparison: -1, 0 or 1 against 0.
bool Holds(Comparison comparison, int order) {
  switch (comparison) {
    case Comparison::kEqual:
      return order == 0;
    case Comparison::kNotEqual:
      return order != 0;
    case Comparison::kLess:
      return order < 0;
    case Comparison::kLessOrEqual:
      return order <= 0;
    case Comparison::kGreater:
      return order > 0;
    case Comparison::kGreaterOrEqual:
      return order >= 0;
  }
  __builtin_unreachable();
}

// java.lang.Double.compare: -0.0 below 0.0, NaN above all and equal to itself.
struct TotalOrder {
  int operator()(double a, double b) const {
    if (a < b) return -1;
    if (a > b) return 1;
    const int64_t x = Bits(a), y = Bits(b);
    return x == y ? 0 : (x < y ? -1 : 1);
  }
  static int64_t Bits(double value) {
    if (value != value) return 0x7ff8000000000000;
    int64_t bits;
    std::memcpy(&bits, &value, sizeof(bits));
    return bits;
  }
};

// Decimals whose common scale takes more than 38 digits.
struct WideDecimalOrder {
  int left_scale;
  int right_scale;
  int operator()(int128_t a, int128_t b) const {
    return CompareDecimal(a, left_scale, b, right_scale);
  }
};

template <typename T, typename Order>
class OrderNode final : public Node {
 public:
  OrderNode(LogicalType type, Comparison comparison, Node* left, Node* right, Order order)
      : Node(std::move(type), {left, right}), comparison_(comparison), order_(order) {}

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    CASTOR_ASSIGN_OR_RETURN(const ColumnPtr left, operand(0).EvalFlat(frame, rows));
    CASTOR_ASSIGN_OR_RETURN(const ColumnPtr right, operand(1).EvalFlat(frame, rows));
    if (IsConstantNull(*left) || IsConstantNull(*right)) {
      return Column::MakeNull(type(), rows.count);
    }
    const Operand<T> a(*left), b(*right);
    MutableColumnPtr result = Column::MakeFlat(type(), rows.count);
    auto* out = result->mutable_values<uint8_t>();
    for (int32_t i = 0; i < rows.count; ++i) out[i] = Holds(comparison_, order_(a[i], b[i]));
    result->set_validity(CombinedValidity(*left, *right, rows.count));
    return ColumnPtr(std::move(result));
  }

 private:
  const Comparison comparison_;
  const Order order_;
};

// = and <> of nested values.
class NestedEqualNode final : public Node {
 public:
  NestedEqualNode(LogicalType type, bool negated, Node* left, Node* right)
      : Node(std::move(type), {left, right}), negated_(negated) {}

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    CASTOR_ASSIGN_OR_RETURN(ColumnPtr left, operand(0).EvalFlat(frame, rows));
    CASTOR_ASSIGN_OR_RETURN(ColumnPtr right, operand(1).EvalFlat(frame, rows));
    if (IsConstantNull(*left) || IsConstantNull(*right)) {
      return Column::MakeNull(type(), rows.count);
    }
    left = Flatten(left);
    right = Flatten(right);
    MutableColumnPtr result = Column::MakeFlat(type(), rows.count);
    auto* out = result->mutable_values<uint8_t>();
    for (int32_t i = 0; i < rows.count; ++i) {
      out[i] = EqualValues(*left, i, *right, i) != negated_;
    }
    result->set_validity(CombinedValidity(*left, *right, rows.count));
    return ColumnPtr(std::move(result));
  }

 private:
  const bool negated_;
};

template <typename T>
Node* MakeTyped(Builder& builder, LogicalType type, Comparison comparison, Node* left,
                Node* right) {
  switch (comparison) {
    case Comparison::kEqual:
      return builder.Make<CompareNode<Equal, T>>(std::move(type), left, right);
    case Comparison::kNotEqual:
      return builder.Make<CompareNode<NotEqual, T>>(std::move(type), left, right);
    case Comparison::kLess:
      return builder.Make<CompareNode<Less, T>>(std::move(type), left, right);
    case Comparison::kLessOrEqual:
      return builder.Make<CompareNode<LessOrEqual, T>>(std::move(type), left, right);
    case Comparison::kGreater:
      return builder.Make<CompareNode<Less, T>>(std::move(type), right, left);
    case Comparison::kGreaterOrEqual:
      return builder.Make<CompareNode<LessOrEqual, T>>(std::move(type), right, left);
  }
  __builtin_unreachable();
}

bool IsNumeric(const LogicalType& type) {
  return type.kind() >= TypeKind::kTinyInt && type.kind() <= TypeKind::kDecimal;
}
bool IsBinary(const LogicalType& type) {
  return type.kind() == TypeKind::kBinary || type.kind() == TypeKind::kVarBinary;
}
bool IsTimePoint(const LogicalType& type) {
  return type.kind() == TypeKind::kDate || type.kind() == TypeKind::kTime || type.IsTimestamp();
}

class ComparisonMaker {
 public:
  ComparisonMaker(const Call& call, Comparison comparison)
      : builder_(call.builder), comparison_(comparison), type_(LogicalType::Boolean()) {}

  // nullptr: the types are not comparable.
  Result<Node*> Make(Node* left, Node* right) {
    const LogicalType& a = left->type();
    const LogicalType& b = right->type();
    if (a.kind() == TypeKind::kNull || b.kind() == TypeKind::kNull) return Null();
    if (IsNumeric(a) && IsNumeric(b)) return Numeric(left, right);
    if (a.IsTimestamp() && b.IsTimestamp()) return Timestamps(left, right);
    if (IsTimePoint(a) && b.IsString()) return WithText(left, right, a, false);
    if (IsTimePoint(b) && a.IsString()) return WithText(right, left, b, true);
    if (a.physical() == PhysicalType::kRow || a.physical() == PhysicalType::kList) {
      return Nested(left, right);
    }
    const bool same =
        a.kind() == b.kind() || (a.IsString() && b.IsString()) || (IsBinary(a) && IsBinary(b));
    if (!same) return nullptr;
    switch (a.physical()) {
      case PhysicalType::kBool:
        return Typed<uint8_t>(left, right);
      case PhysicalType::kInt32:
        return Typed<int32_t>(left, right);
      case PhysicalType::kInt64:
        return Typed<int64_t>(left, right);
      case PhysicalType::kString:
        return Typed<StringRef>(left, right);
      default:
        return nullptr;
    }
  }

 private:
  template <typename T>
  Node* Typed(Node* left, Node* right) {
    return MakeTyped<T>(builder_, type_, comparison_, left, right);
  }

  Result<Node*> Nested(Node* left, Node* right) {
    const bool negated = comparison_ == Comparison::kNotEqual;
    const bool has_order = comparison_ != Comparison::kEqual && !negated;
    if (has_order || !AreInteroperable(left->type(), right->type())) return nullptr;
    const LogicalType& a = left->type();
    const LogicalType& b = right->type();
    if (a.IsStructured() && b.IsStructured() && a.class_name() != b.class_name()) {
      return Status::InvalidArgument("structured types of two classes are not comparable: " +
                                     a.ToString() + " and " + b.ToString());
    }
    return builder_.Make<NestedEqualNode>(type_, negated, left, right);
  }

  Result<Node*> Null() { return builder_.Make<ConstantNode>(Column::MakeNull(type_, 1)); }

  template <typename T>
  Result<Node*> CastBoth(Node* left, Node* right, const LogicalType& common) {
    CASTOR_ASSIGN_OR_RETURN(Node * a,
                            builder_.Cast(left, common.WithNullable(left->type().nullable())));
    CASTOR_ASSIGN_OR_RETURN(Node * b,
                            builder_.Cast(right, common.WithNullable(right->type().nullable())));
    return Typed<T>(a, b);
  }

  // Java's binary numeric promotion, and DecimalDataUtils.compare.
  Result<Node*> Numeric(Node* left, Node* right) {
    const auto either = [&](TypeKind kind) {
      return left->type().kind() == kind || right->type().kind() == kind;
    };
    if (either(TypeKind::kDecimal)) {
      if (either(TypeKind::kDouble) || either(TypeKind::kFloat)) {
        CASTOR_ASSIGN_OR_RETURN(Node * a, builder_.Cast(left, LogicalType::Double()));
        CASTOR_ASSIGN_OR_RETURN(Node * b, builder_.Cast(right, LogicalType::Double()));
        return builder_.Make<OrderNode<double, TotalOrder>>(type_, comparison_, a, b, TotalOrder{});
      }
      return Decimals(left, right);
    }
    if (either(TypeKind::kDouble)) return CastBoth<double>(left, right, LogicalType::Double());
    if (either(TypeKind::kFloat)) {
      return CastBoth<float>(left, right, LogicalType(TypeKind::kFloat));
    }
    if (either(TypeKind::kBigInt)) return CastBoth<int64_t>(left, right, LogicalType::BigInt());
    return CastBoth<int32_t>(left, right, LogicalType::Integer());
  }

  Result<Node*> Decimals(Node* left, Node* right) {
    CASTOR_ASSIGN_OR_RETURN(left, MakeDecimalOperand(builder_, left));
    CASTOR_ASSIGN_OR_RETURN(right, MakeDecimalOperand(builder_, right));
    const LogicalType& a = left->type();
    const LogicalType& b = right->type();
    if (a.scale() == b.scale()) return Typed<int128_t>(left, right);
    const int scale = std::max(a.scale(), b.scale());
    const int digits = std::max(a.precision() - a.scale(), b.precision() - b.scale()) + scale;
    if (digits <= kMaxDecimalPrecision) {
      return CastBoth<int128_t>(left, right, LogicalType::Decimal(digits, scale));
    }
    return builder_.Make<OrderNode<int128_t, WideDecimalOrder>>(
        type_, comparison_, left, right, WideDecimalOrder{a.scale(), b.scale()});
  }

  Result<Node*> Timestamps(Node* left, Node* right) {
    if (left->type().kind() != right->type().kind()) {
      // Whichever has the higher precision decides, as in ScalarOperatorGens.generateComparison.
      if (left->type().precision() > right->type().precision()) {
        CASTOR_ASSIGN_OR_RETURN(right, builder_.Cast(right, left->type().WithNullable(true), true));
      } else {
        CASTOR_ASSIGN_OR_RETURN(left, builder_.Cast(left, right->type().WithNullable(true), true));
      }
    }
    const int64_t ticks = std::max(left->type().TicksPerSecond(), right->type().TicksPerSecond());
    return Typed<int64_t>(WidenTicks(builder_, left, ticks), WidenTicks(builder_, right, ticks));
  }

  // A text that is no time is NULL; one that is known beforehand is an error, as in Flink, which
  // casts literals while it generates code.
  Result<Node*> WithText(Node* time, Node* text, const LogicalType& type, bool swapped) {
    CASTOR_ASSIGN_OR_RETURN(Node * parsed, builder_.Cast(text, type.WithNullable(true), true));
    const ColumnPtr given = builder_.ConstantValue(text);
    const ColumnPtr value = builder_.ConstantValue(parsed);
    if (given != nullptr && !IsConstantNull(*given) && value != nullptr && IsConstantNull(*value)) {
      return Status::InvalidArgument("'" + std::string(given->values<StringRef>()[0].view()) +
                                     "' is no " + type.WithNullable(true).ToString());
    }
    return swapped ? Make(parsed, time) : Make(time, parsed);
  }

  Builder& builder_;
  const Comparison comparison_;
  const LogicalType type_;
};

}  // namespace

Result<Node*> MakeComparison(const Call& call, Comparison comparison, Node* left, Node* right) {
  CASTOR_ASSIGN_OR_RETURN(Node * node, ComparisonMaker(call, comparison).Make(left, right));
  if (node == nullptr) {
    return call.Unsupported(left->type().ToString() + " and " + right->type().ToString() +
                            " cannot be compared");
  }
  return node;
}

}  // namespace castor::expr
