// AVG: Flink's AvgAggFunction. {sum, count}; the sum of integers is a BIGINT that wraps, their
// average is an integer, cut off towards zero. The average of DECIMAL(p, s) is DECIMAL(38, max(s,
// 6)).
#include <algorithm>

#include "aggregate/arithmetic.h"
#include "aggregate/numeric_dispatch.h"
#include "aggregate/op_function.h"

namespace castor::aggregate {
namespace {

template <typename T>
using SumOf = std::conditional_t<kIsDecimal<T>, int128_t,
                                 std::conditional_t<std::is_integral_v<T>, int64_t, double>>;

template <typename T>
struct AverageOp : OpBase {
  using Sum = SumOf<T>;
  using Input = T;
  using Output = T;
  using Parts = std::tuple<Sum, int64_t>;
  static constexpr bool kNullable = true;

  void Declare(LayoutBuilder* layout) {
    layout->Add(sizeof(Sum), &sum);
    layout->Add(8, &count);
    if constexpr (kIsDecimal<T>) layout->Add(1, &overflowed);
  }
  size_t End() const {
    const auto sum_end = sum + static_cast<int32_t>(sizeof(Sum));
    return static_cast<size_t>(std::max({sum_end, count + 8, overflowed + 1}));
  }

  void Add(std::byte* record, T value) const {
    Set(record, Plus<Sum>(FieldAt<Sum>(record, sum), static_cast<Sum>(value)));
    ++FieldAt<int64_t>(record, count);
  }
  void Retract(std::byte* record, T value) const {
    Set(record, Minus<Sum>(FieldAt<Sum>(record, sum), static_cast<Sum>(value)));
    --FieldAt<int64_t>(record, count);
  }
  void Merge(std::byte* record, const std::byte* other) const {
    if (SumValid(other)) {
      Set(record, Plus<Sum>(FieldAt<Sum>(record, sum), FieldAt<Sum>(other, sum)));
    } else {
      Set(record, {Sum{}, false});
    }
    FieldAt<int64_t>(record, count) += FieldAt<int64_t>(other, count);
  }
  void Reset(std::byte* record) const {
    FieldAt<Sum>(record, sum) = Sum{};
    FieldAt<int64_t>(record, count) = 0;
    if constexpr (kIsDecimal<T>) FieldAt<uint8_t>(record, overflowed) = 0;
  }
  bool Get(const std::byte* record, T* value) const {
    const int64_t rows = FieldAt<int64_t>(record, count);
    const Sum total = FieldAt<Sum>(record, sum);
    if (rows == 0 || !SumValid(record)) return false;
    if constexpr (kIsDecimal<T>) {
      const auto quotient = expr::DivideDecimal(total, rows, {scale, 0, 38, std::max(scale, 6)});
      *value = quotient.value_or(0);
      return quotient.has_value();
    } else if constexpr (std::is_integral_v<T>) {
      // Java: MIN_VALUE / -1 wraps.
      *value = static_cast<T>(rows == -1 ? WrapSubtract<int64_t>(0, total) : total / rows);
    } else {
      *value = static_cast<T>(total / static_cast<double>(rows));
    }
    return true;
  }
  template <size_t part>
  bool GetPart(const std::byte* record, std::tuple_element_t<part, Parts>* value) const {
    if constexpr (part == 0) {
      *value = FieldAt<Sum>(record, sum);
      return SumValid(record);
    } else {
      *value = FieldAt<int64_t>(record, count);
      return true;
    }
  }
  template <size_t part>
  void SetPart(std::byte* record, bool valid, std::tuple_element_t<part, Parts> value) const {
    if constexpr (part == 0) {
      FieldAt<Sum>(record, sum) = value;
      if constexpr (kIsDecimal<T>) FieldAt<uint8_t>(record, overflowed) = !valid;
    } else {
      FieldAt<int64_t>(record, count) = value;
    }
  }

  bool SumValid(const std::byte* record) const {
    if constexpr (kIsDecimal<T>) return FieldAt<uint8_t>(record, overflowed) == 0;
    return true;
  }
  void Set(std::byte* record, NullableSum<Sum> next) const {
    if constexpr (kIsDecimal<T>) {
      uint8_t& null = FieldAt<uint8_t>(record, overflowed);
      if (null != 0) return;
      null = !next.valid;
    }
    FieldAt<Sum>(record, sum) = next.value;
  }

  int32_t scale = 0;  // of a decimal argument
  int32_t sum = 0;
  int32_t count = 0;
  int32_t overflowed = 0;
};

LogicalType AverageSumType(const LogicalType& argument) {
  switch (argument.kind()) {
    case TypeKind::kDecimal:
      return LogicalType::Decimal(38, argument.scale());
    case TypeKind::kFloat:
    case TypeKind::kDouble:
      return LogicalType::Double();
    default:
      return LogicalType::BigInt();
  }
}

}  // namespace

std::unique_ptr<Function> MakeAverage(const FunctionSpec& spec) {
  const LogicalType& argument = spec.argument_types[0];
  return DispatchNumeric(argument, [&]<typename T>() -> std::unique_ptr<Function> {
    AverageOp<T> op;
    op.scale = argument.scale();
    return std::make_unique<OpFunction<AverageOp<T>>>(
        op, spec.call.type,
        std::vector<LogicalType>{AverageSumType(argument), LogicalType::BigInt(false)},
        "AVG(" + argument.WithNullable(true).ToString() + ")");
  });
}

}  // namespace castor::aggregate
