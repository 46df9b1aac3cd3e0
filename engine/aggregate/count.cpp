// COUNT(*) and COUNT(x): Flink's Count1AggFunction and CountAggFunction. NULLs never get here.
#include "aggregate/op_function.h"

namespace castor::aggregate {
namespace {

struct CountOp : OpBase {
  using Input = NoInput;
  using Output = int64_t;
  using Parts = std::tuple<int64_t>;
  static constexpr bool kNullable = false;

  void Declare(LayoutBuilder* layout) { layout->Add(8, &count); }
  size_t End() const { return static_cast<size_t>(count) + 8; }
  int32_t CountOffset() const { return count; }

  void Add(std::byte* record) const { ++FieldAt<int64_t>(record, count); }
  void Retract(std::byte* record) const { --FieldAt<int64_t>(record, count); }
  void Merge(std::byte* record, const std::byte* other) const {
    FieldAt<int64_t>(record, count) += FieldAt<int64_t>(other, count);
  }
  void Reset(std::byte* record) const { FieldAt<int64_t>(record, count) = 0; }
  bool Get(const std::byte* record, int64_t* value) const {
    *value = FieldAt<int64_t>(record, count);
    return true;
  }
  template <size_t part>
  bool GetPart(const std::byte* record, int64_t* value) const {
    return Get(record, value);
  }
  template <size_t part>
  void SetPart(std::byte* record, bool valid, int64_t value) const {
    FieldAt<int64_t>(record, count) = valid ? value : 0;
  }

  int32_t count = 0;
};

}  // namespace

std::unique_ptr<Function> MakeCount(const FunctionSpec& spec) {
  const LogicalType bigint = LogicalType::BigInt(false);
  const std::string name = spec.argument_types.empty() ? "COUNT(*)" : "COUNT";
  return std::make_unique<OpFunction<CountOp>>(CountOp{}, spec.call.type,
                                               std::vector<LogicalType>{bigint}, name);
}

}  // namespace castor::aggregate
