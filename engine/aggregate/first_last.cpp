// FIRST_VALUE and LAST_VALUE over inserts: Flink's FirstValueAggFunction and LastValueAggFunction,
// which skip NULLs. SINGLE_VALUE (a scalar subquery): Flink's SingleValueAggFunction.
#include "aggregate/encoded_values.h"
#include "aggregate/value_slot.h"

namespace castor::aggregate {
namespace {

template <typename T, bool kLast>
struct FirstLastOp : ValueOp<T> {
  using ValueOp<T>::slot;

  void Add(std::byte* record, const T& value) {
    if (kLast || !slot.Has(record)) slot.Set(record, value);
  }
  void Retract(std::byte*, const T&) const {}  // calls that take rows back are refused
  void Merge(std::byte* record, const std::byte* other) {
    if (slot.Has(other)) Add(record, slot.Get(other));
  }
};

// {value, rows}; NULL is a value like any other.
template <typename T>
struct SingleValueOp : ValueOp<T> {
  using ValueOp<T>::slot;
  using Parts = std::tuple<T, int32_t>;
  static constexpr bool kTakesNulls = true;

  void Declare(LayoutBuilder* layout) {
    slot.Declare(layout);
    layout->Add(4, &count);
  }
  size_t End() const { return std::max<size_t>(slot.End(), static_cast<size_t>(count) + 4); }
  Status TakeError() {
    if (!std::exchange(too_many, false)) return slot.TakeError();
    return Status::DataError("a subquery that may give one row gave more (SINGLE_VALUE)");
  }

  void Add(std::byte* record, const T& value, bool valid) {
    too_many |= CountOf(record) > 0;
    Set(record, valid, value);
    ++CountOf(record);
  }
  void Retract(std::byte* record, const T&, bool) {
    const int32_t rows = CountOf(record);
    too_many |= rows != 0 && rows != 1;
    slot.Clear(record);
    --CountOf(record);
  }
  void Merge(std::byte* record, const std::byte* other) {
    const int32_t own = CountOf(record);
    const int32_t added = FieldAt<int32_t>(other, count);
    too_many |= own + added > 1;
    // The row that was taken back is the one that is here already.
    const bool gone = own + added == 0 && own != 0 && added <= 0;
    Set(record, slot.Has(other) && !gone, slot.Get(other));
    CountOf(record) = own + added;
  }
  void Reset(std::byte* record) {
    slot.Clear(record);
    CountOf(record) = 0;
  }
  template <size_t part>
  bool GetPart(const std::byte* record, std::tuple_element_t<part, Parts>* value) const {
    if constexpr (part == 0) {
      *value = slot.Get(record);
      return slot.Has(record);
    } else {
      *value = FieldAt<int32_t>(record, count);
      return true;
    }
  }
  template <size_t part>
  void SetPart(std::byte* record, bool valid,
               const std::tuple_element_t<part, Parts>& value) const {
    if constexpr (part == 0) {
      slot.Lend(record, valid, value);
    } else {
      FieldAt<int32_t>(record, count) = value;
    }
  }

  int32_t& CountOf(std::byte* record) const { return FieldAt<int32_t>(record, count); }
  void Set(std::byte* record, bool valid, const T& value) {
    if (valid) {
      slot.Set(record, value);
    } else {
      slot.Clear(record);
    }
  }

  int32_t count = 0;
  bool too_many = false;
};

template <template <typename> typename OpOf>
std::unique_ptr<Function> Make(const FunctionSpec& spec, const std::string& name,
                               std::vector<LogicalType> more_parts) {
  const LogicalType& argument = spec.argument_types[0];
  if (IsNested(argument)) return nullptr;
  return DispatchPhysical(argument.physical(), [&]<typename T>() -> std::unique_ptr<Function> {
    std::vector<LogicalType> parts = std::move(more_parts);
    parts.insert(parts.begin(), argument.WithNullable(true));
    const std::string schema = name + "(" + parts[0].ToString() + ")";
    return std::make_unique<OpFunction<OpOf<T>>>(OpOf<T>{}, spec.call.type, std::move(parts),
                                                 schema);
  });
}

template <typename T>
using FirstOp = FirstLastOp<T, false>;
template <typename T>
using LastOp = FirstLastOp<T, true>;

}  // namespace

std::unique_ptr<Function> MakeFirstValue(const FunctionSpec& spec) {
  if (IsNested(spec.argument_types[0])) return MakeNestedFirstValue(spec);
  return Make<FirstOp>(spec, "FIRST_VALUE", {});
}

std::unique_ptr<Function> MakeLastValue(const FunctionSpec& spec) {
  if (IsNested(spec.argument_types[0])) return MakeNestedLastValue(spec);
  return Make<LastOp>(spec, "LAST_VALUE", {});
}

std::unique_ptr<Function> MakeSingleValue(const FunctionSpec& spec) {
  return Make<SingleValueOp>(spec, "SINGLE_VALUE", {LogicalType::Integer(false)});
}

}  // namespace castor::aggregate
