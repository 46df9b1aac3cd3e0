// MIN and MAX over inserts: Flink's MinAggFunction and MaxAggFunction. Comparison is Java's < and
// >, so a NaN that came first stays; strings compare by bytes.
#include <algorithm>
#include <cstring>

#include "aggregate/op_function.h"
#include "aggregate/value_order.h"

namespace castor::aggregate {
namespace {

template <typename T, bool kMaximum>
struct ExtremeOp : OpBase {
  using Input = T;
  using Output = T;
  using Parts = std::tuple<T>;
  static constexpr bool kNullable = true;

  void Declare(LayoutBuilder* layout) {
    layout->Add(sizeof(T), &extreme);
    layout->Add(1, &valid);
  }
  size_t End() const {
    return static_cast<size_t>(std::max(extreme + static_cast<int32_t>(sizeof(T)), valid + 1));
  }

  void Add(std::byte* record, T value) const {
    uint8_t& has = FieldAt<uint8_t>(record, valid);
    T& best = FieldAt<T>(record, extreme);
    const bool better = kMaximum ? best < value : value < best;
    best = (has == 0) | better ? value : best;
    has = 1;
  }
  void Retract(std::byte*, T) const {
  }  // Flink: the extreme of monotonic input outlives a retraction
  void Merge(std::byte* record, const std::byte* other) const {
    if (FieldAt<uint8_t>(other, valid) != 0) Add(record, FieldAt<T>(other, extreme));
  }
  void Reset(std::byte* record) const {
    FieldAt<T>(record, extreme) = T{};
    FieldAt<uint8_t>(record, valid) = 0;
  }
  bool Get(const std::byte* record, T* value) const {
    *value = FieldAt<T>(record, extreme);
    return FieldAt<uint8_t>(record, valid) != 0;
  }
  template <size_t part>
  bool GetPart(const std::byte* record, T* value) const {
    return Get(record, value);
  }
  template <size_t part>
  void SetPart(std::byte* record, bool is_valid, T value) const {
    FieldAt<T>(record, extreme) = value;
    FieldAt<uint8_t>(record, valid) = is_valid;
  }

  int32_t extreme = 0;
  int32_t valid = 0;
};

template <bool kMaximum>
struct StringExtremeOp : OpBase {
  using Input = StringRef;
  using Output = StringRef;
  using Parts = std::tuple<StringRef>;
  static constexpr bool kNullable = true;

  void Declare(LayoutBuilder* layout) {
    layout->AddBlob(&extreme);
    layout->Add(1, &valid);
  }
  size_t End() const { return static_cast<size_t>(std::max(extreme + 16, valid + 1)); }
  void BindBlobs(BlobWriter bound) { writer = bound; }
  Status TakeError() { return std::exchange(error, Status::OK()); }

  void Add(std::byte* record, const StringRef& value) {
    uint8_t& has = FieldAt<uint8_t>(record, valid);
    state::Blob& best = FieldAt<state::Blob>(record, extreme);
    // string_view compares bytes as unsigned, then sizes, as BinaryStringData does.
    const int order = has == 0 ? 0 : value.view().compare(best.view());
    if (has != 0 && (kMaximum ? order <= 0 : order >= 0)) return;
    Set(&best, value.view());
    has = 1;
  }
  void Retract(std::byte*, const StringRef&) const {}
  void Merge(std::byte* record, const std::byte* other) {
    StringRef value;
    if (Get(other, &value)) Add(record, value);
  }
  void Reset(std::byte* record) {
    Set(&FieldAt<state::Blob>(record, extreme), {});
    FieldAt<uint8_t>(record, valid) = 0;
  }
  bool Get(const std::byte* record, StringRef* value) const {
    *value = StringRef(FieldAt<state::Blob>(record, extreme).view());
    return FieldAt<uint8_t>(record, valid) != 0;
  }
  template <size_t part>
  bool GetPart(const std::byte* record, StringRef* value) const {
    return Get(record, value);
  }
  // Only for records in passing: the blob borrows the bytes.
  template <size_t part>
  void SetPart(std::byte* record, bool is_valid, const StringRef& value) const {
    FieldAt<state::Blob>(record, extreme) = {const_cast<char*>(value.data()), value.size(), 0};
    FieldAt<uint8_t>(record, valid) = is_valid;
  }

  void Set(state::Blob* blob, std::string_view bytes) {
    if (Status status = writer.set(writer.owner, blob, bytes); !status.ok()) {
      error = std::move(status);
    }
  }

  int32_t extreme = 0;
  int32_t valid = 0;
  BlobWriter writer;
  Status error;
};

template <bool kMaximum>
std::unique_ptr<Function> Make(const LogicalType& argument, const LogicalType& result) {
  const LogicalType type = argument.WithNullable(true);
  const std::string name = (kMaximum ? "MAX(" : "MIN(") + type.ToString() + ")";
  return DispatchPhysical(argument.physical(), [&]<typename T>() -> std::unique_ptr<Function> {
    if constexpr (std::is_same_v<T, StringRef>) {
      return std::make_unique<OpFunction<StringExtremeOp<kMaximum>>>(
          StringExtremeOp<kMaximum>{}, result, std::vector<LogicalType>{type}, name);
    } else {
      return std::make_unique<OpFunction<ExtremeOp<T, kMaximum>>>(
          ExtremeOp<T, kMaximum>{}, result, std::vector<LogicalType>{type}, name);
    }
  });
}

}  // namespace

std::unique_ptr<Function> MakeExtreme(const FunctionSpec& spec, bool maximum) {
  const LogicalType& argument = spec.argument_types[0];
  if (!HasOrder(argument)) return nullptr;
  return maximum ? Make<true>(argument, spec.call.type) : Make<false>(argument, spec.call.type);
}

}  // namespace castor::aggregate
