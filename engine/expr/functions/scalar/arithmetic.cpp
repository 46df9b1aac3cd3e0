// + - * / % and the signs, on numbers and intervals:
// ScalarOperatorGens.generateBinaryArithmeticOperator. Integers wrap around, division of an integer
// by zero is the row's error, decimals that do not fit are NULL.
#include <algorithm>
#include <cmath>
#include <optional>

#include "expr/cast.h"
#include "expr/decimal.h"
#include "expr/functions/registry.h"
#include "expr/input_nodes.h"
#include "expr/java_number.h"
#include "expr/row_function.h"
#include "expr/temporal_arithmetic.h"

namespace castor::expr {
namespace {

struct Add {
  template <typename T>
  T operator()(T a, T b) const {
    if constexpr (std::is_floating_point_v<T>) {
      return a + b;
    } else {
      return WrappingAdd(a, b);
    }
  }
};
struct Subtract {
  template <typename T>
  T operator()(T a, T b) const {
    if constexpr (std::is_floating_point_v<T>) {
      return a - b;
    } else {
      return WrappingSubtract(a, b);
    }
  }
};
struct Multiply {
  template <typename T>
  T operator()(T a, T b) const {
    if constexpr (std::is_floating_point_v<T>) {
      return a * b;
    } else {
      return WrappingMultiply(a, b);
    }
  }
};
struct DivideFloating {
  template <typename T>
  T operator()(T a, T b) const {
    return a / b;
  }
};
struct RemainderFloating {
  template <typename T>
  T operator()(T a, T b) const {
    return std::fmod(a, b);
  }
};

bool FailByZero(RowScope& scope, const char* symbol, const std::string& dividend) {
  return scope.Fail([&] { return "division by zero: " + dividend + " " + symbol + " 0"; });
}

struct DivideInteger {
  template <typename T>
  bool operator()(RowScope& scope, T a, T b, T* out) const {
    if (b == 0) [[unlikely]]
      return FailByZero(scope, "/", std::to_string(a));
    *out = JavaDivide(a, b);
    return true;
  }
};
struct RemainderInteger {
  template <typename T>
  bool operator()(RowScope& scope, T a, T b, T* out) const {
    if (b == 0) [[unlikely]]
      return FailByZero(scope, "%", std::to_string(a));
    *out = JavaRemainder(a, b);
    return true;
  }
};

// By a constant that is neither 0 nor -1, which cannot fail.
template <typename T>
struct RemainderByConstant {
  T divisor;
  T operator()(T a) const {
    if constexpr (sizeof(T) == 8) {
      // 32-bit division takes a fraction of the time of a 64-bit one.
      if ((static_cast<uint64_t>(a) | static_cast<uint64_t>(divisor)) >> 32 == 0) {
        return static_cast<T>(static_cast<uint32_t>(a) % static_cast<uint32_t>(divisor));
      }
    }
    return static_cast<T>(a % divisor);
  }
};
template <typename T>
struct DivideByConstant {
  T divisor;
  T operator()(T a) const { return static_cast<T>(a / divisor); }
};

template <typename F>
Result<Node*> DispatchInteger(PhysicalType type, F&& f) {
  switch (type) {
    case PhysicalType::kInt8:
      return f.template operator()<int8_t>();
    case PhysicalType::kInt16:
      return f.template operator()<int16_t>();
    case PhysicalType::kInt32:
      return f.template operator()<int32_t>();
    default:
      return f.template operator()<int64_t>();
  }
}

bool IsFloating(const LogicalType& type) {
  return type.kind() == TypeKind::kFloat || type.kind() == TypeKind::kDouble;
}

template <typename Op>
Result<Node*> MakeMap(Builder& builder, const LogicalType& type, std::vector<Node*> operands) {
  if (type.kind() == TypeKind::kDouble) {
    return builder.Make<MapNode<Op, double, double, double>>(type, operands);
  }
  if (type.kind() == TypeKind::kFloat) {
    return builder.Make<MapNode<Op, float, float, float>>(type, operands);
  }
  if constexpr (std::is_same_v<Op, DivideFloating> || std::is_same_v<Op, RemainderFloating>) {
    return nullptr;
  } else {
    return DispatchInteger(type.physical(), [&]<typename T>() -> Result<Node*> {
      return builder.Make<MapNode<Op, T, T, T>>(type, operands);
    });
  }
}

// Both operands as the result type, as Java's code casts them.
Result<std::vector<Node*>> CastOperands(Call& call, const LogicalType& type) {
  std::vector<Node*> operands;
  for (Node* operand : call.operands) {
    CASTOR_ASSIGN_OR_RETURN(
        Node * cast, call.builder.Cast(operand, type.WithNullable(operand->type().nullable())));
    operands.push_back(cast);
  }
  return operands;
}

using DecimalFunction = std::optional<int128_t> (*)(int128_t, int128_t, const DecimalShape&);

template <DecimalFunction kFunction>
struct DecimalOp {
  DecimalShape shape;
  bool operator()(RowScope&, int128_t a, int128_t b, int128_t* out) const {
    const auto result = kFunction(a, b, shape);
    if (result) *out = *result;
    return result.has_value();
  }
};

template <DecimalFunction kFunction>
struct CheckedDecimalOp {
  DecimalShape shape;
  const char* symbol;
  bool operator()(RowScope& scope, int128_t a, int128_t b, int128_t* out) const {
    if (b == 0) return FailByZero(scope, symbol, FormatDecimal(a, shape.left_scale));
    const auto result = kFunction(a, b, shape);
    if (result) *out = *result;
    return result.has_value();
  }
};

// For products and sums that fit whatever the values.
template <typename A, typename B>
struct MultiplyExact {
  int128_t operator()(A a, B b) const {
    return static_cast<int128_t>(a) * static_cast<int128_t>(b);
  }
};
struct AddExact {
  int128_t operator()(int128_t a, int128_t b) const { return a + b; }
};
struct SubtractExact {
  int128_t operator()(int128_t a, int128_t b) const { return a - b; }
};

DecimalShape ShapeOf(const LogicalType& left, const LogicalType& right, const LogicalType& type) {
  return {left.scale(), right.scale(), type.precision(), type.scale()};
}

bool IsDecimal(const Node* node) { return node->type().kind() == TypeKind::kDecimal; }

// Decimal operands: integers become decimals of their digits, floating point the result type.
Result<std::vector<Node*>> DecimalOperands(Call& call) {
  std::vector<Node*> operands;
  for (Node* operand : call.operands) {
    Node* decimal;
    if (IsFloating(operand->type())) {
      const LogicalType type = call.type().WithNullable(operand->type().nullable());
      CASTOR_ASSIGN_OR_RETURN(decimal, call.builder.Cast(operand, type));
    } else {
      CASTOR_ASSIGN_OR_RETURN(decimal, MakeDecimalOperand(call.builder, operand));
    }
    operands.push_back(decimal);
  }
  return operands;
}

// A factor that fits 64 bits as one, so that the product is a single multiplication: BIGINT
// operands before they become decimals, and small constants. nullptr for others.
Node* AsLong(Call& call, size_t i, Node* decimal) {
  Node* operand = call.operands[i];
  if (operand->type().kind() == TypeKind::kBigInt) return operand;
  const ColumnPtr value = call.builder.ConstantValue(decimal);
  if (value == nullptr || IsConstantNull(*value)) return nullptr;
  const int128_t unscaled = value->values<int128_t>()[0];
  if (unscaled != static_cast<int64_t>(unscaled)) return nullptr;
  MutableColumnPtr constant = Column::MakeConstant(LogicalType::BigInt(false), 1);
  constant->mutable_values<int64_t>()[0] = static_cast<int64_t>(unscaled);
  return call.builder.Make<ConstantNode>(std::move(constant));
}

Result<Node*> MultiplyDecimals(Call& call, const std::vector<Node*>& operands) {
  const LogicalType& left = operands[0]->type();
  const LogicalType& right = operands[1]->type();
  const DecimalShape shape = ShapeOf(left, right, call.type());
  const bool exact = left.precision() + right.precision() <= call.type().precision() &&
                     left.scale() + right.scale() == call.type().scale();
  if (!exact) {
    return call.builder.Make<RowNode<DecimalOp<MultiplyDecimal>, int128_t, int128_t, int128_t>>(
        call.type(), operands, DecimalOp<MultiplyDecimal>{shape});
  }
  Node* a = AsLong(call, 0, operands[0]);
  Node* b = AsLong(call, 1, operands[1]);
  if (a != nullptr && b != nullptr) {
    return call.builder.Make<MapNode<MultiplyExact<int64_t, int64_t>, int128_t, int64_t, int64_t>>(
        call.type(), std::vector<Node*>{a, b});
  }
  if (b != nullptr) {
    return call.builder
        .Make<MapNode<MultiplyExact<int128_t, int64_t>, int128_t, int128_t, int64_t>>(
            call.type(), std::vector<Node*>{operands[0], b});
  }
  if (a != nullptr) {
    return call.builder
        .Make<MapNode<MultiplyExact<int128_t, int64_t>, int128_t, int128_t, int64_t>>(
            call.type(), std::vector<Node*>{operands[1], a});
  }
  return call.builder
      .Make<MapNode<MultiplyExact<int128_t, int128_t>, int128_t, int128_t, int128_t>>(call.type(),
                                                                                      operands);
}

// Sums of one scale whose result has a digit to spare.
bool SumFits(const LogicalType& left, const LogicalType& right, const LogicalType& type) {
  return left.scale() == right.scale() && left.scale() == type.scale() &&
         std::max(left.precision(), right.precision()) < type.precision();
}

template <typename Exact, DecimalFunction kFunction>
Result<Node*> AddDecimals(Call& call) {
  CASTOR_ASSIGN_OR_RETURN(const std::vector<Node*> operands, DecimalOperands(call));
  const LogicalType& left = operands[0]->type();
  const LogicalType& right = operands[1]->type();
  if (SumFits(left, right, call.type())) {
    return call.builder.Make<MapNode<Exact, int128_t, int128_t, int128_t>>(call.type(), operands);
  }
  return call.builder.Make<RowNode<DecimalOp<kFunction>, int128_t, int128_t, int128_t>>(
      call.type(), operands, DecimalOp<kFunction>{ShapeOf(left, right, call.type())});
}

template <DecimalFunction kFunction>
Result<Node*> DivideDecimals(Call& call, const char* symbol) {
  CASTOR_ASSIGN_OR_RETURN(const std::vector<Node*> operands, DecimalOperands(call));
  const DecimalShape shape = ShapeOf(operands[0]->type(), operands[1]->type(), call.type());
  return call.builder.Make<RowNode<CheckedDecimalOp<kFunction>, int128_t, int128_t, int128_t>>(
      call.type(), operands, CheckedDecimalOp<kFunction>{shape, symbol}, OnError::kFail);
}

struct Negate {
  template <typename T>
  T operator()(T a) const {
    if constexpr (std::is_floating_point_v<T> || sizeof(T) == 16) {
      return -a;
    } else {
      return WrappingNegate(a);
    }
  }
};

Result<Node*> NegateNode(Call& call) {
  CASTOR_ASSIGN_OR_RETURN(const std::vector<Node*> operands, CastOperands(call, call.type()));
  const LogicalType& type = call.type();
  if (type.kind() == TypeKind::kDouble) {
    return call.builder.Make<MapNode<Negate, double, double>>(type, operands);
  }
  if (type.kind() == TypeKind::kFloat) {
    return call.builder.Make<MapNode<Negate, float, float>>(type, operands);
  }
  if (type.kind() == TypeKind::kDecimal) {
    return call.builder.Make<MapNode<Negate, int128_t, int128_t>>(type, operands);
  }
  return DispatchInteger(type.physical(), [&]<typename T>() -> Result<Node*> {
    return call.builder.Make<MapNode<Negate, T, T>>(type, operands);
  });
}

bool IsInterval(const LogicalType& type) {
  return type.kind() == TypeKind::kIntervalDayTime || type.kind() == TypeKind::kIntervalYearMonth;
}
bool IsNumber(const LogicalType& type) {
  return type.kind() >= TypeKind::kTinyInt && type.kind() <= TypeKind::kDecimal;
}
bool IsTimePoint(const LogicalType& type) {
  return type.kind() == TypeKind::kDate || type.kind() == TypeKind::kTime || type.IsTimestamp();
}

// A sum or difference with a time point in it, or two intervals' sum.
bool IsTemporal(const Call& call) {
  return std::any_of(call.operands.begin(), call.operands.end(),
                     [](const Node* node) { return IsTimePoint(node->type()); });
}

Status CheckNumbers(const Call& call) {
  for (const Node* operand : call.operands) {
    if (!IsNumber(operand->type()) && !IsInterval(operand->type())) {
      return call.Unsupported(operand->type().ToString() + " is no number");
    }
  }
  return Status::OK();
}

template <typename Op, typename Exact, DecimalFunction kDecimal, bool kPlus>
Result<Node*> PlusMinus(Call& call) {
  if (IsTemporal(call)) return MakeTemporalPlusMinus(call, kPlus);
  CASTOR_RETURN_NOT_OK(CheckNumbers(call));
  if (call.arity() == 1) return kPlus ? Result<Node*>(call.operands[0]) : NegateNode(call);
  if (call.type().kind() == TypeKind::kDecimal) return AddDecimals<Exact, kDecimal>(call);
  CASTOR_ASSIGN_OR_RETURN(std::vector<Node*> operands, CastOperands(call, call.type()));
  return MakeMap<Op>(call.builder, call.type(), std::move(operands));
}

Result<Node*> Times(Call& call) {
  CASTOR_RETURN_NOT_OK(CheckNumbers(call));
  if (call.type().kind() == TypeKind::kDecimal) {
    CASTOR_ASSIGN_OR_RETURN(const std::vector<Node*> operands, DecimalOperands(call));
    return MultiplyDecimals(call, operands);
  }
  CASTOR_ASSIGN_OR_RETURN(std::vector<Node*> operands, CastOperands(call, call.type()));
  return MakeMap<Multiply>(call.builder, call.type(), std::move(operands));
}

// The divisor, if it is a constant other than NULL, 0 and -1.
template <typename T>
std::optional<T> SafeDivisor(Builder& builder, Node* node) {
  const ColumnPtr value = builder.ConstantValue(node);
  if (value == nullptr || IsConstantNull(*value)) return std::nullopt;
  const T divisor = value->values<T>()[0];
  if (divisor == 0 || divisor == -1) return std::nullopt;
  return divisor;
}

template <typename Row, template <typename> typename ByConstant>
Result<Node*> DivideIntegers(Builder& builder, const LogicalType& type, Node* left, Node* right) {
  return DispatchInteger(type.physical(), [&]<typename T>() -> Result<Node*> {
    if (const auto divisor = SafeDivisor<T>(builder, right)) {
      return builder.Make<MapNode<ByConstant<T>, T, T>>(type, std::vector<Node*>{left},
                                                        ByConstant<T>{*divisor});
    }
    return builder.Make<RowNode<Row, T, T, T>>(type, std::vector<Node*>{left, right}, Row{},
                                               OnError::kFail);
  });
}

Result<Node*> Divide(Call& call) {
  CASTOR_RETURN_NOT_OK(CheckNumbers(call));
  if (call.type().kind() == TypeKind::kDecimal) return DivideDecimals<DivideDecimal>(call, "/");
  CASTOR_ASSIGN_OR_RETURN(std::vector<Node*> operands, CastOperands(call, call.type()));
  if (IsFloating(call.type())) {
    return MakeMap<DivideFloating>(call.builder, call.type(), std::move(operands));
  }
  return DivideIntegers<DivideInteger, DivideByConstant>(call.builder, call.type(), operands[0],
                                                         operands[1]);
}

// The wider of the two, as Java promotes operands.
LogicalType Promoted(const LogicalType& a, const LogicalType& b) {
  return a.kind() > b.kind() ? a : b;
}

Result<Node*> Remainder(Call& call) {
  CASTOR_RETURN_NOT_OK(CheckNumbers(call));
  if (call.type().kind() == TypeKind::kDecimal) {
    return DivideDecimals<RemainderDecimal>(call, "%");
  }
  // The dividend keeps its own type (a decimal becomes BIGINT), the divisor takes the result's; the
  // remainder is then narrowed to the result type.
  Node* left = call.operands[0];
  LogicalType left_type = IsDecimal(left) ? LogicalType::BigInt() : left->type();
  const LogicalType common = Promoted(left_type, call.type()).WithNullable(true);
  CASTOR_ASSIGN_OR_RETURN(left, call.builder.Cast(left, left_type.WithNullable(true)));
  CASTOR_ASSIGN_OR_RETURN(left, call.builder.Cast(left, common));
  CASTOR_ASSIGN_OR_RETURN(Node * right,
                          call.builder.Cast(call.operands[1], call.type().WithNullable(true)));
  CASTOR_ASSIGN_OR_RETURN(right, call.builder.Cast(right, common));
  Node* remainder;
  if (IsFloating(common)) {
    CASTOR_ASSIGN_OR_RETURN(remainder,
                            MakeMap<RemainderFloating>(call.builder, common, {left, right}));
  } else {
    CASTOR_ASSIGN_OR_RETURN(remainder, (DivideIntegers<RemainderInteger, RemainderByConstant>(
                                           call.builder, common, left, right)));
  }
  return call.builder.Cast(remainder, call.type());
}

constexpr FunctionEntry kFunctions[] = {
    {"+", PlusMinus<Add, AddExact, AddDecimal, true>},
    {"-", PlusMinus<Subtract, SubtractExact, SubtractDecimal, false>},
    {"*", Times},
    {"/", Divide},
    {"/INT", Divide},
    {"%", Remainder},
    {"MOD", Remainder},
};

}  // namespace

std::span<const FunctionEntry> ArithmeticFunctions() { return kFunctions; }

}  // namespace castor::expr
