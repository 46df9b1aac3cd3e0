// WELFORD_M2, from which the planner makes STDDEV_POP, STDDEV_SAMP, VAR_POP and VAR_SAMP: Flink's
// WelfordM2AggFunction, operation by operation, so that the last digit is the same.
#include <algorithm>

#include "aggregate/numeric_dispatch.h"
#include "aggregate/op_function.h"
#include "expr/decimal.h"

namespace castor::aggregate {
namespace {

template <typename T>
struct WelfordOp : OpBase {
  using Input = T;
  using Output = double;
  using Parts = std::tuple<int64_t, double, double>;
  static constexpr bool kNullable = true;

  struct Moments {
    int64_t n;  // may be below zero while more rows have been taken back than added
    double mean;
    double m2;
  };

  void Declare(LayoutBuilder* layout) {
    layout->AddStruct(sizeof(Moments), alignof(Moments), &moments);
  }
  size_t End() const { return static_cast<size_t>(moments) + sizeof(Moments); }

  double ToDouble(T value) const {
    if constexpr (std::is_same_v<T, int128_t>) {
      return expr::DecimalToDouble(value, precision, scale);
    } else {
      return static_cast<double>(value);
    }
  }

  void Add(std::byte* record, T input) const {
    auto& acc = FieldAt<Moments>(record, moments);
    acc.n += 1;
    if (acc.n <= 0) return;
    const double value = ToDouble(input);
    const double delta = value - acc.mean;
    acc.mean += delta / static_cast<double>(acc.n);
    acc.m2 += delta * (value - acc.mean);
  }
  void Retract(std::byte* record, T input) const {
    auto& acc = FieldAt<Moments>(record, moments);
    acc.n -= 1;
    if (acc.n <= 0) {
      if (acc.n == 0) acc = {0, 0, 0};
      return;
    }
    const double value = ToDouble(input);
    const double delta2 = value - acc.mean;
    acc.mean -= delta2 / static_cast<double>(acc.n);
    acc.m2 -= (value - acc.mean) * delta2;
  }
  void Merge(std::byte* record, const std::byte* from) const {
    auto& acc = FieldAt<Moments>(record, moments);
    const auto& other = FieldAt<Moments>(from, moments);
    if (other.n <= 0) {
      acc.n += other.n;
    } else if (acc.n == 0) {
      acc = other;
    } else {
      const auto count = static_cast<double>(acc.n + other.n);
      const double delta = other.mean - acc.mean;
      const double product = static_cast<double>(acc.n) * static_cast<double>(other.n);
      acc.mean = acc.mean + static_cast<double>(other.n) / count * delta;
      acc.m2 = acc.m2 + other.m2 + product / count * delta * delta;
      acc.n += other.n;
    }
    if (acc.n <= 0) acc = {acc.n, 0, 0};
  }
  void Reset(std::byte* record) const { FieldAt<Moments>(record, moments) = {0, 0, 0}; }
  bool Get(const std::byte* record, double* value) const {
    const auto& acc = FieldAt<Moments>(record, moments);
    *value = acc.m2;
    return acc.n > 0 && !(acc.m2 < 0);
  }
  template <size_t part>
  bool GetPart(const std::byte* record, std::tuple_element_t<part, Parts>* value) const {
    const auto& acc = FieldAt<Moments>(record, moments);
    if constexpr (part == 0) *value = acc.n;
    if constexpr (part == 1) *value = acc.mean;
    if constexpr (part == 2) *value = acc.m2;
    return true;
  }
  template <size_t part>
  void SetPart(std::byte* record, bool, std::tuple_element_t<part, Parts> value) const {
    auto& acc = FieldAt<Moments>(record, moments);
    if constexpr (part == 0) acc.n = value;
    if constexpr (part == 1) acc.mean = value;
    if constexpr (part == 2) acc.m2 = value;
  }

  int32_t precision = 0;  // of a decimal argument
  int32_t scale = 0;
  int32_t moments = 0;
};

}  // namespace

std::unique_ptr<Function> MakeWelfordM2(const FunctionSpec& spec) {
  const LogicalType& argument = spec.argument_types[0];
  return DispatchNumeric(argument, [&]<typename T>() -> std::unique_ptr<Function> {
    WelfordOp<T> op;
    op.precision = argument.precision();
    op.scale = argument.scale();
    const LogicalType number = LogicalType::Double(false);
    return std::make_unique<OpFunction<WelfordOp<T>>>(
        op, spec.call.type, std::vector<LogicalType>{LogicalType::BigInt(false), number, number},
        "WELFORD_M2");
  });
}

}  // namespace castor::aggregate
