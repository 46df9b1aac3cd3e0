// MIN and MAX over inserts: Flink's MinAggFunction and MaxAggFunction. Comparison is Java's < and
// >, so a NaN that came first stays; strings compare by bytes.
#include "aggregate/value_order.h"
#include "aggregate/value_slot.h"

namespace castor::aggregate {
namespace {

template <typename T, bool kMaximum>
struct ExtremeOp : ValueOp<T> {
  using ValueOp<T>::slot;

  static bool Better(const T& a, const T& b) {
    if constexpr (std::is_same_v<T, StringRef>) {
      // string_view compares bytes as unsigned, then sizes, as BinaryStringData does.
      return kMaximum ? a.view() > b.view() : a.view() < b.view();
    } else {
      return kMaximum ? a > b : a < b;
    }
  }

  void Add(std::byte* record, const T& value) {
    if (!slot.Has(record) || Better(value, slot.Get(record))) slot.Set(record, value);
  }
  // Flink: the extreme of monotonic input outlives a retraction.
  void Retract(std::byte*, const T&) const {}
  void Merge(std::byte* record, const std::byte* other) {
    if (slot.Has(other)) Add(record, slot.Get(other));
  }
};

template <bool kMaximum>
std::unique_ptr<Function> Make(const LogicalType& argument, const LogicalType& result) {
  const LogicalType type = argument.WithNullable(true);
  const std::string name = (kMaximum ? "MAX(" : "MIN(") + type.ToString() + ")";
  return DispatchPhysical(argument.physical(), [&]<typename T>() -> std::unique_ptr<Function> {
    return std::make_unique<OpFunction<ExtremeOp<T, kMaximum>>>(
        ExtremeOp<T, kMaximum>{}, result, std::vector<LogicalType>{type}, name);
  });
}

}  // namespace

std::unique_ptr<Function> MakeExtreme(const FunctionSpec& spec, bool maximum) {
  const LogicalType& argument = spec.argument_types[0];
  if (!HasOrder(argument)) return nullptr;
  return maximum ? Make<true>(argument, spec.call.type) : Make<false>(argument, spec.call.type);
}

}  // namespace castor::aggregate
