// LISTAGG over inserts: Flink's ListAggFunction. {delimiter, text}: texts are joined by the
// delimiter of the row that is added (a comma when the call has none), partial ones by the
// delimiter they came with.
#include <string>

#include "aggregate/value_slot.h"

namespace castor::aggregate {
namespace {

constexpr std::string_view kComma = ",";

class ListAgg final : public RowFunction {
 public:
  explicit ListAgg(LogicalType value_type) : value_type_(std::move(value_type)) {}

  const LogicalType& value_type() const override { return value_type_; }
  std::vector<LogicalType> accumulator_types() const override {
    return {LogicalType::String(), LogicalType::String()};
  }
  std::string schema() const override { return "LISTAGG"; }
  void Declare(LayoutBuilder* layout) override {
    delimiter_.Declare(layout);
    text_.Declare(layout);
  }
  void BindBlobs(BlobWriter writer) override {
    delimiter_.BindBlobs(writer);
    text_.BindBlobs(writer);
  }

  Status Accumulate(std::span<const ColumnPtr> arguments, const CallRows& rows) override {
    for (int32_t i = 0; i < rows.count; ++i) Apply(arguments, rows, i);
    return TakeError();
  }

  Result<ColumnPtr> AccumulateEach(std::span<const ColumnPtr> arguments,
                                   const CallRows& rows) override {
    ResultColumn<StringRef, true> out(value_type_, 2 * rows.count);
    for (int32_t i = 0; i < rows.count; ++i) {
      AppendText(rows.records[i], &out);
      Apply(arguments, rows, i);
      AppendText(rows.records[i], &out);
    }
    CASTOR_RETURN_NOT_OK(TakeError());
    return out.Finish();
  }

  ColumnPtr Values(const std::byte* const* records, int32_t count) const override {
    ResultColumn<StringRef, true> out(value_type_, count);
    for (int32_t i = 0; i < count; ++i) AppendText(records[i], &out);
    return out.Finish();
  }

  void Accumulators(const std::byte* const* records, int32_t count,
                    std::vector<ColumnPtr>* columns) override {
    ResultColumn<StringRef, true> delimiters(LogicalType::String(), count);
    for (int32_t i = 0; i < count; ++i) {
      delimiters.Append(true, StringRef(DelimiterOf(records[i])));
    }
    columns->push_back(delimiters.Finish());
    columns->push_back(Values(records, count)->WithType(LogicalType::String()));
  }

  Status Merge(std::span<const ColumnPtr> columns, const CallRows& rows) override {
    const auto* delimiters = columns[0]->values<StringRef>();
    const auto* texts = columns[1]->values<StringRef>();
    const uint8_t* valid = columns[1]->validity();
    for (int32_t i = 0; i < rows.count; ++i) {
      if (rows.ops != nullptr && rows.ops[i] == RowOp::kNone) continue;
      SetDelimiter(rows.records[i], delimiters[i].view());
      if (valid != nullptr && !bitmap::Get(valid, i)) continue;
      Append(rows.records[i], delimiters[i].view(), texts[i].view());
    }
    return TakeError();
  }

  Status MergeRecords(std::byte* const* into, const std::byte* const* from,
                      int32_t count) override {
    for (int32_t i = 0; i < count; ++i) {
      if (from[i] == nullptr) continue;
      const std::string_view delimiter = DelimiterOf(from[i]);
      SetDelimiter(into[i], delimiter);
      if (text_.Has(from[i])) Append(into[i], delimiter, text_.Get(from[i]).view());
    }
    return TakeError();
  }

  Status Reset(std::byte* const* records, int32_t count) override {
    for (int32_t i = 0; i < count; ++i) ResetRecord(records[i]);
    return TakeError();
  }

 private:
  void Apply(std::span<const ColumnPtr> arguments, const CallRows& rows, int32_t row) {
    const RowOp op = rows.ops == nullptr ? RowOp::kAdd : rows.ops[row];
    std::byte* record = rows.records[row];
    if (op == RowOp::kReset) ResetRecord(record);
    if (op != RowOp::kAdd) return;
    const std::string_view delimiter =
        arguments.size() > 1 ? arguments[1]->values<StringRef>()[row].view() : kComma;
    SetDelimiter(record, delimiter);
    Append(record, delimiter, arguments[0]->values<StringRef>()[row].view());
  }

  void Append(std::byte* record, std::string_view delimiter, std::string_view text) {
    joined_.clear();
    if (text_.Has(record)) {
      joined_.append(text_.Get(record).view());
      joined_.append(delimiter);
    }
    joined_.append(text);
    text_.Set(record, StringRef(joined_));
  }

  std::string_view DelimiterOf(const std::byte* record) const {
    return delimiter_.Has(record) ? FieldAt<state::Blob>(record, delimiter_.value).view() : kComma;
  }
  void SetDelimiter(std::byte* record, std::string_view delimiter) {
    if (DelimiterOf(record) != delimiter) delimiter_.Set(record, StringRef(delimiter));
  }

  void ResetRecord(std::byte* record) {
    delimiter_.Clear(record);
    text_.Clear(record);
  }
  void AppendText(const std::byte* record, ResultColumn<StringRef, true>* out) const {
    const bool has = record != nullptr && text_.Has(record);
    out->Append(has, has ? text_.Get(record) : StringRef());
  }
  Status TakeError() {
    CASTOR_RETURN_NOT_OK(delimiter_.TakeError());
    return text_.TakeError();
  }

  const LogicalType value_type_;
  ValueSlot<StringRef> delimiter_;
  ValueSlot<StringRef> text_;
  std::string joined_;
};

}  // namespace

std::unique_ptr<Function> MakeListAgg(const FunctionSpec& spec) {
  if (spec.argument_types.size() > 2) return nullptr;
  for (const LogicalType& type : spec.argument_types) {
    if (!type.IsString()) return nullptr;
  }
  return std::make_unique<ListAgg>(spec.call.type);
}

}  // namespace castor::aggregate
