// LAG(value [, offset [, default]]) OVER (...): Flink's LagAggFunction. The latest values, as many
// as it takes to look back.
#include <numeric>

#include "aggregate/encoded_values.h"
#include "aggregate/row_by_row.h"
#include "aggregate/value_codec.h"
#include "aggregate/value_list.h"

namespace castor::aggregate {
namespace {

template <typename T>
class Lag final : public RowByRow<Lag<T>, T, /*kNullable=*/true> {
 public:
  using Base = RowByRow<Lag, T, true>;

  explicit Lag(const FunctionSpec& spec)
      : Base(spec.call.type, "LAG(" + spec.argument_types[0].WithNullable(true).ToString() + ")"),
        arguments_(spec.argument_types.size()),
        codec_({spec.argument_types[0]}),
        default_codec_({spec.call.type}) {}

  bool takes_nulls() const override { return true; }
  void Declare(LayoutBuilder* layout) override {
    layout->AddBlob(&values_);
    layout->AddBlob(&default_);
    layout->Add(8, &offset_);
  }

 private:
  friend Base;

  // Only OVER has LAG, which has one phase and whose accumulators are never merged.
  void Put(const std::byte*, std::string*) const {}
  Status MergeOne(std::byte*, std::string_view) {
    return Status::Internal("accumulators of LAG are not merged");
  }
  Status ResetRecord(std::byte* record) {
    FieldAt<int64_t>(record, offset_) = 0;
    CASTOR_RETURN_NOT_OK(Base::SetBlob(record, values_, {}));
    return Base::SetBlob(record, default_, {});
  }

  void Prepare(std::span<const ColumnPtr> arguments, const CallRows& rows) {
    rows_.resize(static_cast<size_t>(rows.count));
    std::iota(rows_.begin(), rows_.end(), 0);
    codec_.Encode(arguments.first(1), rows_, &items_);
    if (arguments_ > 2) default_codec_.Encode(arguments.subspan(2, 1), rows_, &defaults_);
  }

  Status Apply(std::span<const ColumnPtr> arguments, const CallRows& rows, int32_t row) {
    const RowOp op = Base::OpOf(rows, row);
    if (op == RowOp::kNone) return Status::OK();
    if (op != RowOp::kAdd) return Status::Internal("LAG over rows that are taken back");
    std::byte* record = rows.records[row];
    int64_t offset = 1;
    if (arguments_ > 1) offset = arguments[1]->template values<int32_t>()[row];
    if (offset < 0) {
      return Status::DataError("Offset(" + std::to_string(offset) + ") should be positive.");
    }
    FieldAt<int64_t>(record, offset_) = offset;
    if (arguments_ > 2) CASTOR_RETURN_NOT_OK(SetDefault(record, *arguments[2], row));
    bytes_.assign(Base::BlobOf(record, values_));
    const bool valid = !arguments[0]->IsNull(row);
    ValueList::Append(valid, valid ? items_[static_cast<size_t>(row)] : std::string_view(),
                      &bytes_);
    int64_t count = CountOf(bytes_);
    for (; count > offset + 1; --count) ValueList::Erase(ValueList(bytes_).First(), &bytes_);
    return Base::SetBlob(record, values_, bytes_);
  }

  Status SetDefault(std::byte* record, const Column& column, int32_t row) {
    bytes_.clear();
    const bool valid = !column.IsNull(row);
    ValueList::Append(valid, valid ? defaults_[static_cast<size_t>(row)] : std::string_view(),
                      &bytes_);
    return Base::BlobOf(record, default_) == bytes_ ? Status::OK()
                                                    : Base::SetBlob(record, default_, bytes_);
  }

  static int64_t CountOf(std::string_view bytes) {
    const ValueList list(bytes);
    int64_t count = 0;
    for (size_t offset = 0; offset < list.size(); offset = list.At(offset).end()) ++count;
    return count;
  }

  bool Get(const std::byte* record, std::string*, T* value) const {
    if (record == nullptr) return false;
    const std::string_view values = Base::BlobOf(record, values_);
    const std::string_view fallback = Base::BlobOf(record, default_);
    const bool full = !values.empty() && CountOf(values) > FieldAt<int64_t>(record, offset_);
    if (!full && fallback.empty()) return false;
    const ValueList::Item item = ValueList(full ? values : fallback).First();
    if (!item.valid) return false;
    *value = ReadEncoded<T>(item.value);
    return true;
  }

  const size_t arguments_;
  ValueCodec codec_;
  ValueCodec default_codec_;
  int32_t values_ = 0;  // offsets
  int32_t default_ = 0;
  int32_t offset_ = 0;
  std::vector<int32_t> rows_;
  std::vector<std::string_view> items_;
  std::vector<std::string_view> defaults_;
  std::string bytes_;
};

}  // namespace

std::unique_ptr<Function> MakeLag(const FunctionSpec& spec) {
  const auto& types = spec.argument_types;
  if (types.size() > 3 || spec.retracts) return nullptr;
  if (!spec.call.type.SameLayout(types[0])) return nullptr;
  if (types.size() > 1 && types[1].kind() != TypeKind::kInteger) return nullptr;
  if (types.size() > 2 && types[2].physical() != types[0].physical()) return nullptr;
  return DispatchEncoded(types[0], [&]<typename T>() -> std::unique_ptr<Function> {
    return std::make_unique<Lag<T>>(spec);
  });
}

}  // namespace castor::aggregate
