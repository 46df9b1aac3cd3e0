// Casts among BOOLEAN, integers, FLOAT, DOUBLE, DECIMAL and the intervals:
// NumericPrimitiveCastRule, NumericPrimitiveToDecimalCastRule, DecimalToNumericPrimitiveCastRule,
// DecimalToDecimalCastRule, BooleanToNumericCastRule, NumericToBooleanCastRule. None fails; a
// decimal that does not fit is NULL.
#include "expr/cast.h"
#include "expr/decimal.h"
#include "expr/java_number.h"
#include "expr/row_function.h"

namespace castor::expr {
namespace {

template <typename From, typename To>
struct Primitive {
  To operator()(From value) const { return JavaCast<To>(value); }
};

template <typename From>
struct ToBoolean {
  uint8_t operator()(From value) const { return value != 0; }
};

template <typename From>
struct IntegerToDecimal {
  int precision;
  int scale;
  bool operator()(RowScope&, From value, int128_t* out) const {
    const auto scaled = Rescale(value, 0, scale, precision);
    if (scaled) *out = *scaled;
    return scaled.has_value();
  }
};

// When every value of the integer type fits.
template <typename From>
struct IntegerToDecimalExact {
  int128_t factor;
  int128_t operator()(From value) const { return value * factor; }
};

template <typename From>
struct FloatingToDecimal {
  int precision;
  int scale;
  bool operator()(RowScope& scope, From value, int128_t* out) const {
    if (!std::isfinite(value)) {
      // BigDecimal.valueOf throws; CAST does not declare that it can, so even TRY_CAST fails in
      // Flink.
      return scope.Fail([&] { return "CAST of NaN or infinity to DECIMAL"; });
    }
    const auto decimal = DecimalFromDouble(static_cast<double>(value), precision, scale);
    if (decimal) *out = *decimal;
    return decimal.has_value();
  }
};

template <typename To>
struct DecimalToInteger {
  int scale;
  To operator()(int128_t value) const {
    // Towards zero, then the low bits: BigDecimal.longValue and a narrowing.
    return static_cast<To>(static_cast<int64_t>(value / PowerOfTen(scale)));
  }
};

template <typename To>
struct DecimalToFloating {
  int precision;
  int scale;
  To operator()(int128_t value) const {
    return static_cast<To>(DecimalToDouble(value, precision, scale));
  }
};

struct DecimalToDecimal {
  int from;
  int to;
  int precision;
  bool operator()(RowScope&, int128_t value, int128_t* out) const {
    const auto scaled = Rescale(value, from, to, precision);
    if (scaled) *out = *scaled;
    return scaled.has_value();
  }
};

struct DecimalUpscale {
  int128_t factor;
  int128_t operator()(int128_t value) const { return value * factor; }
};

bool IsInteger(TypeKind kind) { return kind >= TypeKind::kTinyInt && kind <= TypeKind::kBigInt; }
bool IsFloating(TypeKind kind) { return kind == TypeKind::kFloat || kind == TypeKind::kDouble; }
bool IsInterval(TypeKind kind) {
  return kind == TypeKind::kIntervalYearMonth || kind == TypeKind::kIntervalDayTime;
}
bool IsPrimitive(TypeKind kind) { return IsInteger(kind) || IsFloating(kind) || IsInterval(kind); }

int DigitsOf(TypeKind kind) {
  switch (kind) {
    case TypeKind::kTinyInt:
      return 3;
    case TypeKind::kSmallInt:
      return 5;
    case TypeKind::kInteger:
      return 10;
    default:
      return 19;
  }
}

// Calls `f` with the C++ type of a primitive number.
template <typename F>
Node* DispatchPrimitive(PhysicalType type, F&& f) {
  switch (type) {
    case PhysicalType::kInt8:
      return f.template operator()<int8_t>();
    case PhysicalType::kInt16:
      return f.template operator()<int16_t>();
    case PhysicalType::kInt32:
      return f.template operator()<int32_t>();
    case PhysicalType::kInt64:
      return f.template operator()<int64_t>();
    case PhysicalType::kFloat:
      return f.template operator()<float>();
    case PhysicalType::kDouble:
      return f.template operator()<double>();
    default:
      return nullptr;
  }
}

template <typename From>
Node* FromPrimitiveToDecimal(Builder& builder, Node* operand, const LogicalType& type) {
  const std::vector<Node*> operands{operand};
  if constexpr (std::is_floating_point_v<From>) {
    return builder.Make<RowNode<FloatingToDecimal<From>, int128_t, From>>(
        type, operands, FloatingToDecimal<From>{type.precision(), type.scale()}, OnError::kFail);
  } else if (DigitsOf(operand->type().kind()) <= type.precision() - type.scale()) {
    return builder.Make<MapNode<IntegerToDecimalExact<From>, int128_t, From>>(
        type, operands, IntegerToDecimalExact<From>{PowerOfTen(type.scale())});
  } else {
    return builder.Make<RowNode<IntegerToDecimal<From>, int128_t, From>>(
        type, operands, IntegerToDecimal<From>{type.precision(), type.scale()});
  }
}

Node* FromPrimitive(Builder& builder, Node* operand, const LogicalType& type) {
  return DispatchPrimitive(operand->type().physical(), [&]<typename From>() -> Node* {
    const std::vector<Node*> operands{operand};
    if (type.kind() == TypeKind::kDecimal) {
      return FromPrimitiveToDecimal<From>(builder, operand, type);
    }
    if (type.kind() == TypeKind::kBoolean) {
      return builder.Make<MapNode<ToBoolean<From>, uint8_t, From>>(type, operands);
    }
    return DispatchPrimitive(type.physical(), [&]<typename To>() -> Node* {
      return builder.Make<MapNode<Primitive<From, To>, To, From>>(type, operands);
    });
  });
}

Node* FromDecimal(Builder& builder, Node* operand, const LogicalType& type) {
  const int precision = operand->type().precision();
  const int scale = operand->type().scale();
  const std::vector<Node*> operands{operand};
  if (type.kind() == TypeKind::kBoolean) {
    return builder.Make<MapNode<ToBoolean<int128_t>, uint8_t, int128_t>>(type, operands);
  }
  if (type.kind() == TypeKind::kDecimal) {
    const int more = type.scale() - scale;
    if (more >= 0 && type.precision() - precision >= more) {
      return builder.Make<MapNode<DecimalUpscale, int128_t, int128_t>>(
          type, operands, DecimalUpscale{PowerOfTen(more)});
    }
    return builder.Make<RowNode<DecimalToDecimal, int128_t, int128_t>>(
        type, operands, DecimalToDecimal{scale, type.scale(), type.precision()});
  }
  return DispatchPrimitive(type.physical(), [&]<typename To>() -> Node* {
    if constexpr (std::is_floating_point_v<To>) {
      return builder.Make<MapNode<DecimalToFloating<To>, To, int128_t>>(
          type, operands, DecimalToFloating<To>{precision, scale});
    } else {
      return builder.Make<MapNode<DecimalToInteger<To>, To, int128_t>>(type, operands,
                                                                       DecimalToInteger<To>{scale});
    }
  });
}

// One loop over the target type's values; TRUE is 1.
template <typename To>
struct FromBoolean {
  To one;
  To operator()(uint8_t value) const { return value != 0 ? one : To{0}; }
};

Node* FromBool(Builder& builder, Node* operand, const LogicalType& type) {
  const std::vector<Node*> operands{operand};
  if (type.kind() == TypeKind::kDecimal) {
    // No one fits DECIMAL(p, p): NULL there, by way of an integer.
    const LogicalType byte(TypeKind::kTinyInt, operand->type().nullable());
    Node* number = builder.Make<MapNode<FromBoolean<int8_t>, int8_t, uint8_t>>(
        byte, operands, FromBoolean<int8_t>{1});
    return FromPrimitiveToDecimal<int8_t>(builder, number, type);
  }
  return DispatchPrimitive(type.physical(), [&]<typename To>() -> Node* {
    return builder.Make<MapNode<FromBoolean<To>, To, uint8_t>>(type, operands,
                                                               FromBoolean<To>{To{1}});
  });
}

}  // namespace

Result<Node*> MakeNumericCast(Builder& builder, Node* operand, const LogicalType& type) {
  const TypeKind from = operand->type().kind();
  const TypeKind to = type.kind();
  const bool to_number = IsPrimitive(to) || to == TypeKind::kDecimal;
  if (from == TypeKind::kBoolean && to_number && !IsInterval(to)) {
    return FromBool(builder, operand, type);
  }
  if (from == TypeKind::kDecimal && (to_number || to == TypeKind::kBoolean)) {
    return FromDecimal(builder, operand, type);
  }
  if (IsPrimitive(from) && (to_number || to == TypeKind::kBoolean)) {
    return FromPrimitive(builder, operand, type);
  }
  return nullptr;
}

}  // namespace castor::expr
