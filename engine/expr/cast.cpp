#include "expr/cast.h"

#include "expr/input_nodes.h"
#include "expr/row_function.h"

namespace castor::expr {
namespace {

// The same bytes under another type.
class RetypeNode final : public Node {
 public:
  RetypeNode(LogicalType type, Node* operand) : Node(std::move(type), {operand}) {}
  bool IsCheap() const override { return OperandsAreCheap(); }

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    CASTOR_ASSIGN_OR_RETURN(const ColumnPtr column, operand(0).Eval(frame, rows));
    return column->WithType(type());
  }
};

struct Widen {
  int64_t factor;
  int64_t operator()(int64_t ticks) const {
    int64_t wide;
    if (!__builtin_mul_overflow(ticks, factor, &wide)) return wide;
    return ticks < 0 ? INT64_MIN : INT64_MAX;
  }
};

bool IsDayTimeAndLong(TypeKind a, TypeKind b) {
  return a == TypeKind::kIntervalDayTime && b == TypeKind::kBigInt;
}
bool IsYearMonthAndInt(TypeKind a, TypeKind b) {
  return a == TypeKind::kIntervalYearMonth && b == TypeKind::kInteger;
}

// IdentityCastRule: no value changes.
bool IsIdentity(const LogicalType& from, const LogicalType& to) {
  const TypeKind a = from.kind(), b = to.kind();
  // A column holds the bytes that BitmapToBinaryCastRule gives.
  if (a == TypeKind::kBitmap && b == TypeKind::kVarBinary) return to.length() == INT32_MAX;
  if (IsDayTimeAndLong(a, b) || IsDayTimeAndLong(b, a)) return true;
  if (IsYearMonthAndInt(a, b) || IsYearMonthAndInt(b, a)) return true;
  if (from.IsString() && to.IsString()) {
    // A VARCHAR takes any shorter text; a CHAR takes only a CHAR of its length.
    if (b == TypeKind::kVarChar) return a == TypeKind::kVarChar && from.length() <= to.length();
    return a == b && from.length() == to.length();
  }
  if (a != b) return false;
  switch (a) {
    case TypeKind::kDecimal:
      return from.precision() == to.precision() && from.scale() == to.scale();
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
    case TypeKind::kTime:
      return from.precision() == to.precision();
    case TypeKind::kBinary:
      return from.length() == to.length();
    case TypeKind::kVarBinary:
      return from.length() <= to.length();
    case TypeKind::kRow:
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kMultiset:
    case TypeKind::kRaw:
      return from.SameLayout(to);
    default:
      return true;
  }
}

}  // namespace

Result<Node*> MakeCast(Builder& builder, Node* operand, const LogicalType& type, bool try_cast) {
  const LogicalType& from = operand->type();
  if (from == type) return operand;
  if (from.kind() == TypeKind::kNull) {
    return builder.Make<ConstantNode>(Column::MakeNull(type, 1));
  }
  if (IsIdentity(from, type)) return MakeRetype(builder, operand, type);
  const bool null_on_error = try_cast || builder.settings().legacy_cast;
  for (const auto family :
       {MakeNumericCast, MakeCastToString, MakeNestedToString, MakeTemporalCast}) {
    CASTOR_ASSIGN_OR_RETURN(Node * cast, family(builder, operand, type));
    if (cast != nullptr) return cast;
  }
  for (const auto family : {MakeCastFromString, MakeNestedCast}) {
    CASTOR_ASSIGN_OR_RETURN(Node * cast, family(builder, operand, type, null_on_error));
    if (cast != nullptr) return cast;
  }
  return Status::Unsupported("a cast from " + from.ToString() + " to " + type.ToString() +
                             " is not supported");
}

Node* MakeRetype(Builder& builder, Node* operand, const LogicalType& type) {
  if (operand->type() == type) return operand;
  return builder.Make<RetypeNode>(type, operand);
}

Result<Node*> MakeDecimalOperand(Builder& builder, Node* operand) {
  const bool nullable = operand->type().nullable();
  switch (operand->type().kind()) {
    case TypeKind::kTinyInt:
      return builder.Cast(operand, LogicalType::Decimal(3, 0, nullable));
    case TypeKind::kSmallInt:
      return builder.Cast(operand, LogicalType::Decimal(5, 0, nullable));
    case TypeKind::kInteger:
      return builder.Cast(operand, LogicalType::Decimal(10, 0, nullable));
    case TypeKind::kBigInt:
      return builder.Cast(operand, LogicalType::Decimal(19, 0, nullable));
    default:
      return operand;
  }
}

Node* WidenTicks(Builder& builder, Node* operand, int64_t ticks_per_second) {
  const int64_t factor = ticks_per_second / operand->type().TicksPerSecond();
  if (factor == 1) return operand;
  const int precision = ticks_per_second == 1'000'000 ? 6 : 9;
  const LogicalType type(operand->type().kind(), operand->type().nullable(), precision);
  return builder.Make<MapNode<Widen, int64_t, int64_t>>(type, std::vector<Node*>{operand},
                                                        Widen{factor});
}

}  // namespace castor::expr
