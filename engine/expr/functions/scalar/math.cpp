// Mathematical functions: FunctionGenerator over java.lang.Math and SqlFunctionUtils.
#include <cmath>
#include <numbers>

#include "expr/cast.h"
#include "expr/decimal.h"
#include "expr/functions/registry.h"
#include "expr/functions/shared.h"
#include "expr/input_nodes.h"
#include "expr/java_math.h"
#include "expr/java_number.h"
#include "expr/java_number_text.h"
#include "expr/row_call.h"

namespace castor::expr {
namespace {

bool IsDecimal(const LogicalType& type) { return type.kind() == TypeKind::kDecimal; }
bool IsInteger(const LogicalType& type) {
  return type.kind() >= TypeKind::kTinyInt && type.kind() <= TypeKind::kBigInt;
}

// Calls `f` with the C++ type of INTEGERs; other types have been sorted out.
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

// --- functions of DOUBLE ---

using Unary = double (*)(double);
using Binary = double (*)(double, double);

template <Unary kFunction>
struct OfDouble {
  double operator()(double x) const { return kFunction(x); }
};
template <Binary kFunction>
struct OfDoubles {
  double operator()(double x, double y) const { return kFunction(x, y); }
};

template <Unary kFunction>
Result<Node*> Double1(Call& call) {
  return MakeMapCall<OfDouble<kFunction>, double, double>(call, {Want::kDouble});
}
template <Binary kFunction>
Result<Node*> Double2(Call& call) {
  return MakeMapCall<OfDoubles<kFunction>, double, double, double>(call,
                                                                   {Want::kDouble, Want::kDouble});
}

double Log2(double x) { return JavaLog(x) / JavaLog(2.0); }
double LogOfBase(double base, double x) { return JavaLog(x) / JavaLog(base); }
double Cot(double x) { return 1.0 / JavaTan(x); }
double Degrees(double x) { return x * 57.29577951308232; }
double Radians(double x) { return x * 0.017453292519943295; }

Result<Node*> Log(Call& call) {
  return call.arity() == 1 ? Double1<JavaLog>(call) : Double2<LogOfBase>(call);
}

template <int kWhich>
Result<Node*> Constant(Call& call) {
  MutableColumnPtr value = Column::MakeConstant(LogicalType::Double(false), 1);
  value->mutable_values<double>()[0] = kWhich == 0 ? std::numbers::pi : std::numbers::e;
  return call.builder.Make<ConstantNode>(std::move(value));
}

// --- ABS and SIGN ---

struct Abs {
  template <typename T>
  T operator()(T x) const {
    if constexpr (std::is_floating_point_v<T>) {
      return std::fabs(x);
    } else if constexpr (sizeof(T) == 16) {
      return x < 0 ? -x : x;
    } else {
      return x < 0 ? WrappingNegate(x) : x;
    }
  }
};

struct Sign {
  int128_t one;  // of a decimal's scale
  template <typename T>
  T operator()(T x) const {
    if constexpr (std::is_floating_point_v<T>) {
      return x > 0 ? T{1} : x < 0 ? T{-1} : x;  // NaN and zeros stay
    } else {
      const T unit = static_cast<T>(one);
      return x > 0 ? unit : x < 0 ? static_cast<T>(-unit) : T{0};
    }
  }
};

template <typename F>
Result<Node*> SameType(Call& call, F f) {
  const LogicalType& type = call.operand_type(0);
  const std::vector<Node*> operands{call.operands[0]};
  Node* node = nullptr;
  if (type.kind() == TypeKind::kDouble) {
    node = call.builder.Make<MapNode<F, double, double>>(type, operands, f);
  } else if (type.kind() == TypeKind::kFloat) {
    node = call.builder.Make<MapNode<F, float, float>>(type, operands, f);
  } else if (IsDecimal(type)) {
    node = call.builder.Make<MapNode<F, int128_t, int128_t>>(type, operands, f);
  } else if (IsInteger(type)) {
    CASTOR_ASSIGN_OR_RETURN(node,
                            DispatchInteger(type.physical(), [&]<typename T>() -> Result<Node*> {
                              return call.builder.Make<MapNode<F, T, T>>(type, operands, f);
                            }));
  } else {
    return call.Unsupported(type.ToString() + " is no number");
  }
  return call.builder.Cast(node, call.type());
}

Result<Node*> MakeAbs(Call& call) { return SameType(call, Abs{}); }

Result<Node*> MakeSign(Call& call) {
  const LogicalType& type = call.operand_type(0);
  return SameType(call, Sign{IsDecimal(type) ? PowerOfTen(type.scale()) : int128_t{1}});
}

// --- FLOOR and CEIL ---

struct RoundDouble {
  bool ceil;
  template <typename T>
  T operator()(T x) const {
    return ceil ? std::ceil(x) : std::floor(x);
  }
};

// To a whole number, of scale 0.
struct RoundDecimal {
  int scale;
  int precision;  // of the result
  bool ceil;
  bool operator()(RowScope&, int128_t x, int128_t* out) const {
    const int128_t unit = PowerOfTen(scale);
    int128_t whole = x / unit;
    if (x % unit != 0) {
      if (ceil && x > 0) ++whole;
      if (!ceil && x < 0) --whole;
    }
    *out = whole;
    return FitsPrecision(whole, precision);
  }
};

// --- ROUND and TRUNCATE ---

// 10^-places steps of an exact number, half up or cut off.
int128_t RoundAt(int128_t value, int scale, int places, bool truncate) {
  if (places >= scale) return value;
  const int digits = scale - places;
  if (digits > kMaxDecimalPrecision) return 0;
  const int128_t unit = PowerOfTen(digits);
  return (truncate ? value / unit : DivideByPowerOfTen(value, digits)) * unit;
}

template <typename T>
struct RoundInteger {
  bool truncate;
  T operator()(T x) const { return (*this)(x, 0); }
  T operator()(T x, int32_t places) const {
    // Beyond the type's range the low bits remain, as in BigDecimal.intValue.
    return static_cast<T>(RoundAt(x, 0, places, truncate));
  }
};

struct RoundDecimalAt {
  int scale;
  int to_precision;
  int to_scale;
  bool truncate;
  bool operator()(RowScope& scope, int128_t x, int128_t* out) const {
    return (*this)(scope, x, 0, out);
  }
  bool operator()(RowScope&, int128_t x, int32_t places, int128_t* out) const {
    const auto scaled = Rescale(RoundAt(x, scale, places, truncate), scale, to_scale, to_precision);
    if (scaled) *out = *scaled;
    return scaled.has_value();
  }
};

// Through the digits that Java prints: BigDecimal.valueOf(double), rounded there.
class DecimalDigits {
 public:
  explicit DecimalDigits(double value) {
    char text[kMaxNumberText];
    const std::string_view view(text, static_cast<size_t>(WriteJavaDouble(value, text) - text));
    int64_t point = -1;
    for (size_t i = 0; i < view.size(); ++i) {
      const char c = view[i];
      if (c == '-') {
        negative_ = true;
      } else if (c == '.') {
        point = static_cast<int64_t>(digits_.size());
      } else if (c == 'E') {
        exponent_ = std::stoi(std::string(view.substr(i + 1)));
        break;
      } else {
        digits_ += c;
      }
    }
    whole_ = (point < 0 ? static_cast<int64_t>(digits_.size()) : point) + exponent_;
  }

  double RoundedHalfUp(int32_t places) const {
    const int64_t kept = whole_ + places;
    if (kept >= static_cast<int64_t>(digits_.size())) return Value(digits_, whole_);
    if (kept < 0) return 0;  // as BigDecimal, zero has no sign
    std::string digits = "0" + digits_.substr(0, static_cast<size_t>(kept));
    if (digits_[static_cast<size_t>(kept)] >= '5') {
      size_t i = digits.size() - 1;
      while (digits[i] == '9') digits[i--] = '0';
      ++digits[i];
    }
    return Value(digits, whole_ + 1);
  }

 private:
  double Value(const std::string& digits, int64_t whole) const {
    if (digits.find_first_not_of('0') == std::string::npos) return 0;
    const std::string text =
        digits + "e" + std::to_string(whole - static_cast<int64_t>(digits.size()));
    const double value = *ParseJavaDouble(text);
    return negative_ ? -value : value;
  }

  std::string digits_;
  bool negative_ = false;
  int64_t exponent_ = 0;
  int64_t whole_ = 0;  // digits before the point
};

bool FailNotFinite(RowScope& scope, const char* function) {
  return scope.Fail([&] { return std::string(function) + " of NaN or infinity"; });
}

template <typename T>
struct RoundFloating {
  bool operator()(RowScope& scope, T x, T* out) const { return (*this)(scope, x, 0, out); }
  bool operator()(RowScope& scope, T x, int32_t places, T* out) const {
    if (!std::isfinite(x)) return FailNotFinite(scope, "ROUND");
    *out = static_cast<T>(DecimalDigits(static_cast<double>(x)).RoundedHalfUp(places));
    return true;
  }
};

// Through DECIMAL(38, 18), which larger numbers do not fit: they fail the job, in Flink with a null
// pointer.
template <typename T>
struct TruncateFloating {
  bool operator()(RowScope& scope, T x, T* out) const { return (*this)(scope, x, 0, out); }
  bool operator()(RowScope& scope, T x, int32_t places, T* out) const {
    const auto decimal = DecimalFromDouble(static_cast<double>(x), 38, 18);
    if (!decimal) {
      return scope.Fail([] { return "TRUNCATE of a number beyond DECIMAL(38, 18)"; });
    }
    *out = static_cast<T>(DecimalToDouble(RoundAt(*decimal, 18, places, true), 38, 18));
    return true;
  }
};

template <typename T, typename F>
Result<Node*> RoundRow(Call& call, F f, OnError on_error) {
  if (call.arity() == 1) return MakeRowCall<F, T, T>(call, {Want::kAny}, f, on_error);
  return MakeRowCall<F, T, T, int32_t>(call, {Want::kAny, Want::kInt}, f, on_error);
}

template <bool kTruncate>
Result<Node*> Round(Call& call) {
  const LogicalType& type = call.operand_type(0);
  if (IsDecimal(type)) {
    return RoundRow<int128_t>(
        call, RoundDecimalAt{type.scale(), call.type().precision(), call.type().scale(), kTruncate},
        OnError::kNull);
  }
  if (type.kind() == TypeKind::kDouble) {
    using F = std::conditional_t<kTruncate, TruncateFloating<double>, RoundFloating<double>>;
    return RoundRow<double>(call, F{}, OnError::kFail);
  }
  if (type.kind() == TypeKind::kFloat) {
    using F = std::conditional_t<kTruncate, TruncateFloating<float>, RoundFloating<float>>;
    return RoundRow<float>(call, F{}, OnError::kFail);
  }
  if (!IsInteger(type)) return call.Unsupported(type.ToString() + " is no number");
  // The plan's type is the operand's, or wider.
  CASTOR_ASSIGN_OR_RETURN(
      call.operands[0],
      call.builder.Cast(call.operands[0], call.type().WithNullable(type.nullable())));
  return DispatchInteger(call.type().physical(), [&]<typename T>() -> Result<Node*> {
    if (call.arity() == 1) {
      return MakeMapCall<RoundInteger<T>, T, T>(call, {Want::kAny}, {kTruncate});
    }
    return MakeMapCall<RoundInteger<T>, T, T, int32_t>(call, {Want::kAny, Want::kInt}, {kTruncate});
  });
}

constexpr FunctionEntry kFunctions[] = {
    {"ABS", MakeAbs},
    {"SIGN", MakeSign},
    {"ROUND", Round<false>},
    {"TRUNCATE", Round<true>},
    {"POWER", Double2<JavaPow>},
    {"EXP", Double1<JavaExp>},
    {"LN", Double1<JavaLog>},
    {"LOG", Log},
    {"LOG10", Double1<JavaLog10>},
    {"LOG2", Double1<Log2>},
    {"SIN", Double1<JavaSin>},
    {"COS", Double1<JavaCos>},
    {"TAN", Double1<JavaTan>},
    {"COT", Double1<Cot>},
    {"ASIN", Double1<JavaAsin>},
    {"ACOS", Double1<JavaAcos>},
    {"ATAN", Double1<JavaAtan>},
    {"ATAN2", Double2<JavaAtan2>},
    {"SINH", Double1<JavaSinh>},
    {"COSH", Double1<JavaCosh>},
    {"TANH", Double1<JavaTanh>},
    {"DEGREES", Double1<Degrees>},
    {"PI", Constant<0>},
    {"RADIANS", Double1<Radians>},
    {"E", Constant<1>},
};

}  // namespace

Result<Node*> MakeRounding(Call& call, bool ceil) {
  const LogicalType& type = call.operand_type(0);
  const std::vector<Node*> operands{call.operands[0]};
  if (IsInteger(type)) return call.builder.Cast(call.operands[0], call.type());
  if (type.kind() == TypeKind::kDouble) {
    return call.builder.Make<MapNode<RoundDouble, double, double>>(call.type(), operands,
                                                                   RoundDouble{ceil});
  }
  if (type.kind() == TypeKind::kFloat) {
    return call.builder.Make<MapNode<RoundDouble, float, float>>(call.type(), operands,
                                                                 RoundDouble{ceil});
  }
  if (!IsDecimal(type) || !IsDecimal(call.type()) || call.type().scale() != 0) {
    return call.Unsupported(type.ToString() + " is no number");
  }
  return call.builder.Make<RowNode<RoundDecimal, int128_t, int128_t>>(
      call.type(), operands, RoundDecimal{type.scale(), call.type().precision(), ceil});
}

std::span<const FunctionEntry> MathFunctions() { return kFunctions; }

}  // namespace castor::expr
