// SUM and $SUM0: Flink's SumAggFunction, SumWithRetractAggFunction and Sum0AggFunction. Sums have
// the argument's type, those of DECIMAL(p, s) are DECIMAL(38, s).
#include <algorithm>

#include "aggregate/arithmetic.h"
#include "aggregate/numeric_dispatch.h"
#include "aggregate/op_function.h"

namespace castor::aggregate {
namespace {

// SUM over inserts. NULL until the first value; a decimal that overflows becomes NULL, and so
// starts over with the next value, as in Flink.
template <typename T>
struct SumOp : OpBase {
  using Input = T;
  using Output = T;
  using Parts = std::tuple<T>;
  static constexpr bool kNullable = true;

  void Declare(LayoutBuilder* layout) {
    layout->Add(sizeof(T), &sum);
    layout->Add(1, &valid);
  }
  size_t End() const { return static_cast<size_t>(std::max<int32_t>(sum + sizeof(T), valid + 1)); }

  void Add(std::byte* record, T value) const {
    uint8_t& has = FieldAt<uint8_t>(record, valid);
    T& total = FieldAt<T>(record, sum);
    const NullableSum<T> next = has != 0 ? Plus<T>(total, value) : NullableSum<T>{value, true};
    total = next.value;
    has = next.valid;
  }
  void Retract(std::byte*, T) const {
  }  // the planner chooses RetractableSumOp where rows are retracted
  void Merge(std::byte* record, const std::byte* other) const {
    if (FieldAt<uint8_t>(other, valid) != 0) Add(record, FieldAt<T>(other, sum));
  }
  void Reset(std::byte* record) const {
    FieldAt<T>(record, sum) = T{};
    FieldAt<uint8_t>(record, valid) = 0;
  }
  bool Get(const std::byte* record, T* value) const {
    *value = FieldAt<T>(record, sum);
    return FieldAt<uint8_t>(record, valid) != 0;
  }
  template <size_t part>
  bool GetPart(const std::byte* record, T* value) const {
    return Get(record, value);
  }
  template <size_t part>
  void SetPart(std::byte* record, bool is_valid, T value) const {
    FieldAt<T>(record, sum) = value;
    FieldAt<uint8_t>(record, valid) = is_valid;
  }

  int32_t sum = 0;
  int32_t valid = 0;
};

// SUM with retraction: {sum, count of values}; NULL when the count is zero, whatever the sum is
// then.
template <typename T>
struct RetractableSumOp : OpBase {
  using Input = T;
  using Output = T;
  using Parts = std::tuple<T, int64_t>;
  static constexpr bool kNullable = true;

  void Declare(LayoutBuilder* layout) {
    total.Declare(layout);
    layout->Add(8, &count);
  }
  size_t End() const { return std::max<size_t>(total.End(), static_cast<size_t>(count) + 8); }

  void Add(std::byte* record, T value) const {
    total.Add(record, value);
    ++FieldAt<int64_t>(record, count);
  }
  void Retract(std::byte* record, T value) const {
    uint8_t& has = FieldAt<uint8_t>(record, total.valid);
    T& sum = FieldAt<T>(record, total.sum);
    const NullableSum<T> next = Minus<T>(has != 0 ? sum : T{}, value);
    sum = next.value;
    has = next.valid;
    --FieldAt<int64_t>(record, count);
  }
  void Merge(std::byte* record, const std::byte* other) const {
    total.Merge(record, other);
    FieldAt<int64_t>(record, count) += FieldAt<int64_t>(other, count);
  }
  void Reset(std::byte* record) const {
    total.Reset(record);
    FieldAt<int64_t>(record, count) = 0;
  }
  bool Get(const std::byte* record, T* value) const {
    return total.Get(record, value) && FieldAt<int64_t>(record, count) != 0;
  }
  template <size_t part>
  bool GetPart(const std::byte* record, std::tuple_element_t<part, Parts>* value) const {
    if constexpr (part == 0) {
      return total.Get(record, value);
    } else {
      *value = FieldAt<int64_t>(record, count);
      return true;
    }
  }
  template <size_t part>
  void SetPart(std::byte* record, bool valid, std::tuple_element_t<part, Parts> value) const {
    if constexpr (part == 0) {
      total.template SetPart<0>(record, valid, value);
    } else {
      FieldAt<int64_t>(record, count) = value;
    }
  }

  SumOp<T> total;
  int32_t count = 0;
};

// $SUM0: starts at zero and takes rows back; a decimal that overflowed stays NULL.
template <typename T>
struct SumOrZeroOp : OpBase {
  using Input = T;
  using Output = T;
  using Parts = std::tuple<T>;
  static constexpr bool kNullable = kIsDecimal<T>;

  void Declare(LayoutBuilder* layout) {
    layout->Add(sizeof(T), &sum);
    if constexpr (kNullable) layout->Add(1, &overflowed);
  }
  size_t End() const {
    return static_cast<size_t>(std::max<int32_t>(sum + sizeof(T), overflowed + 1));
  }

  // $SUM0 of counts may serve as the count of rows.
  int32_t CountOffset() const { return std::is_same_v<T, int64_t> ? sum : -1; }

  void Add(std::byte* record, T value) const {
    Set(record, Plus<T>(FieldAt<T>(record, sum), value));
  }
  void Retract(std::byte* record, T value) const {
    Set(record, Minus<T>(FieldAt<T>(record, sum), value));
  }
  void Merge(std::byte* record, const std::byte* other) const {
    T value;
    if (Get(other, &value)) {
      Add(record, value);
    } else {
      Set(record, {T{}, false});
    }
  }
  void Reset(std::byte* record) const {
    FieldAt<T>(record, sum) = T{};
    if constexpr (kNullable) FieldAt<uint8_t>(record, overflowed) = 0;
  }
  bool Get(const std::byte* record, T* value) const {
    *value = FieldAt<T>(record, sum);
    if constexpr (kNullable) return FieldAt<uint8_t>(record, overflowed) == 0;
    return true;
  }
  template <size_t part>
  bool GetPart(const std::byte* record, T* value) const {
    return Get(record, value);
  }
  template <size_t part>
  void SetPart(std::byte* record, bool valid, T value) const {
    FieldAt<T>(record, sum) = value;
    if constexpr (kNullable) FieldAt<uint8_t>(record, overflowed) = !valid;
  }

  void Set(std::byte* record, NullableSum<T> next) const {
    if constexpr (kNullable) {
      uint8_t& null = FieldAt<uint8_t>(record, overflowed);
      if (null != 0) return;
      null = !next.valid;
    }
    FieldAt<T>(record, sum) = next.value;
  }

  int32_t sum = 0;
  int32_t overflowed = 0;
};

LogicalType SumType(const LogicalType& argument) {
  if (argument.kind() == TypeKind::kDecimal) return LogicalType::Decimal(38, argument.scale());
  return argument.WithNullable(true);
}

}  // namespace

std::unique_ptr<Function> MakeSum(const FunctionSpec& spec) {
  return DispatchNumeric(spec.argument_types[0], [&]<typename T>() -> std::unique_ptr<Function> {
    const LogicalType type = SumType(spec.argument_types[0]);
    const std::string name = "SUM(" + type.ToString() + ")";
    if (!spec.retracts) {
      return std::make_unique<OpFunction<SumOp<T>>>(SumOp<T>{}, spec.call.type,
                                                    std::vector<LogicalType>{type}, name);
    }
    return std::make_unique<OpFunction<RetractableSumOp<T>>>(
        RetractableSumOp<T>{}, spec.call.type,
        std::vector<LogicalType>{type, LogicalType::BigInt(false)}, name + " retractable");
  });
}

std::unique_ptr<Function> MakeSumOrZero(const FunctionSpec& spec) {
  return DispatchNumeric(spec.argument_types[0], [&]<typename T>() -> std::unique_ptr<Function> {
    const LogicalType type = SumType(spec.argument_types[0]);
    return std::make_unique<OpFunction<SumOrZeroOp<T>>>(SumOrZeroOp<T>{}, spec.call.type,
                                                        std::vector<LogicalType>{type},
                                                        "SUM0(" + type.ToString() + ")");
  });
}

}  // namespace castor::aggregate
