// FIRST_VALUE and LAST_VALUE over inserts of ROW, ARRAY, MAP and MULTISET values (Flink's
// FirstValueAggFunction and LastValueAggFunction), which are kept as bytes.
#include <numeric>

#include "aggregate/encoded_values.h"
#include "aggregate/row_by_row.h"
#include "aggregate/value_codec.h"

namespace castor::aggregate {
namespace {

// The accumulator is the value's bytes, which are never empty; none: there is no value yet.
template <bool kLast>
class NestedValue final : public RowByRow<NestedValue<kLast>, EncodedValue, /*kNullable=*/true> {
 public:
  using Base = RowByRow<NestedValue, EncodedValue, true>;

  NestedValue(const FunctionSpec& spec, const std::string& name)
      : Base(spec.call.type,
             name + "(" + spec.argument_types[0].WithNullable(true).ToString() + ")"),
        codec_({spec.argument_types[0]}) {}

  void Declare(LayoutBuilder* layout) override { layout->AddBlob(&value_); }

 private:
  friend Base;

  void Prepare(std::span<const ColumnPtr> arguments, const CallRows& rows) {
    rows_.resize(static_cast<size_t>(rows.count));
    std::iota(rows_.begin(), rows_.end(), 0);
    codec_.Encode(arguments, rows_, &values_);
  }

  Status Apply(std::span<const ColumnPtr>, const CallRows& rows, int32_t row) {
    const RowOp op = Base::OpOf(rows, row);
    std::byte* record = rows.records[row];
    if (op == RowOp::kReset) return ResetRecord(record);
    return op == RowOp::kAdd ? MergeOne(record, values_[static_cast<size_t>(row)]) : Status::OK();
  }

  bool Get(const std::byte* record, std::string*, EncodedValue* value) const {
    if (record == nullptr) return false;
    value->bytes = Base::BlobOf(record, value_);
    return !value->bytes.empty();
  }

  void Put(const std::byte* record, std::string* bytes) const {
    bytes->append(Base::BlobOf(record, value_));
  }
  Status MergeOne(std::byte* record, std::string_view bytes) {
    const bool taken = !bytes.empty() && (kLast || Base::BlobOf(record, value_).empty());
    return taken ? Base::SetBlob(record, value_, bytes) : Status::OK();
  }
  Status ResetRecord(std::byte* record) { return Base::SetBlob(record, value_, {}); }

  ValueCodec codec_;
  int32_t value_ = 0;  // offset
  std::vector<int32_t> rows_;
  std::vector<std::string_view> values_;
};

}  // namespace

std::unique_ptr<Function> MakeNestedFirstValue(const FunctionSpec& spec) {
  return std::make_unique<NestedValue<false>>(spec, "FIRST_VALUE");
}

std::unique_ptr<Function> MakeNestedLastValue(const FunctionSpec& spec) {
  return std::make_unique<NestedValue<true>>(spec, "LAST_VALUE");
}

}  // namespace castor::aggregate
