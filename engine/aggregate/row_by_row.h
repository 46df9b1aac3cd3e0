// A RowFunction made from what happens to one record, for functions whose accumulator varies in
// size. (For those of fixed size op_function.h makes tighter loops.)
//
// A Self has
//   Prepare(arguments, rows)              before the loop over a batch; may be left out
//   Apply(arguments, rows, row) -> Status what the row does to its record
//   Get(record, scratch, output) -> valid the result; `record` nullptr: of no rows
//   Put(record, bytes)                    appends the accumulator, one VARBINARY
//   MergeOne(record, bytes) -> Status     adds such an accumulator
//   ResetRecord(record) -> Status
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "aggregate/function.h"
#include "aggregate/op_function.h"
#include "aggregate/result_column.h"

namespace castor::aggregate {

template <typename Self, typename Output, bool kNullable>
class RowByRow : public RowFunction {
 public:
  RowByRow(LogicalType value_type, std::string schema)
      : value_type_(std::move(value_type)), schema_(std::move(schema)) {}

  const LogicalType& value_type() const override { return value_type_; }
  std::vector<LogicalType> accumulator_types() const override {
    return {LogicalType(TypeKind::kVarBinary, false, INT32_MAX)};
  }
  std::string schema() const override { return schema_; }
  void BindBlobs(BlobWriter writer) override { writer_ = writer; }

  Status Accumulate(std::span<const ColumnPtr> arguments, const CallRows& rows) override {
    self().Prepare(arguments, rows);
    for (int32_t i = 0; i < rows.count; ++i) {
      CASTOR_RETURN_NOT_OK(self().Apply(arguments, rows, i));
    }
    return Status::OK();
  }

  Result<ColumnPtr> AccumulateEach(std::span<const ColumnPtr> arguments,
                                   const CallRows& rows) override {
    self().Prepare(arguments, rows);
    ResultColumn<Output, kNullable> out(value_type_, 2 * rows.count);
    for (int32_t i = 0; i < rows.count; ++i) {
      AppendValue(rows.records[i], &out);
      CASTOR_RETURN_NOT_OK(self().Apply(arguments, rows, i));
      AppendValue(rows.records[i], &out);
    }
    return out.Finish();
  }

  ColumnPtr Values(const std::byte* const* records, int32_t count) const override {
    ResultColumn<Output, kNullable> out(value_type_, count);
    for (int32_t i = 0; i < count; ++i) AppendValue(records[i], &out);
    return out.Finish();
  }

  void Accumulators(const std::byte* const* records, int32_t count,
                    std::vector<ColumnPtr>* columns) override {
    ResultColumn<StringRef, false> out(accumulator_types()[0], count);
    std::string bytes;
    for (int32_t i = 0; i < count; ++i) {
      bytes.clear();
      self().Put(records[i], &bytes);
      out.Append(true, StringRef(bytes));
    }
    columns->push_back(out.Finish());
  }

  Status Merge(std::span<const ColumnPtr> columns, const CallRows& rows) override {
    const auto* accumulators = columns[0]->values<StringRef>();
    for (int32_t i = 0; i < rows.count; ++i) {
      if (rows.ops != nullptr && rows.ops[i] == RowOp::kNone) continue;
      CASTOR_RETURN_NOT_OK(self().MergeOne(rows.records[i], accumulators[i].view()));
    }
    return Status::OK();
  }

  Status MergeRecords(std::byte* const* into, const std::byte* const* from,
                      int32_t count) override {
    std::string bytes;
    for (int32_t i = 0; i < count; ++i) {
      if (from[i] == nullptr) continue;
      bytes.clear();
      self().Put(from[i], &bytes);
      CASTOR_RETURN_NOT_OK(self().MergeOne(into[i], bytes));
    }
    return Status::OK();
  }

  Status Reset(std::byte* const* records, int32_t count) override {
    for (int32_t i = 0; i < count; ++i) CASTOR_RETURN_NOT_OK(self().ResetRecord(records[i]));
    return Status::OK();
  }

 protected:
  void Prepare(std::span<const ColumnPtr>, const CallRows&) {}

  static RowOp OpOf(const CallRows& rows, int32_t row) {
    return rows.ops == nullptr ? RowOp::kAdd : rows.ops[row];
  }
  static std::string_view BlobOf(const std::byte* record, int32_t offset) {
    return FieldAt<state::Blob>(record, offset).view();
  }
  Status SetBlob(std::byte* record, int32_t offset, std::string_view bytes) {
    return writer_.set(writer_.owner, &FieldAt<state::Blob>(record, offset), bytes);
  }

 private:
  Self& self() { return static_cast<Self&>(*this); }

  void AppendValue(const std::byte* record, ResultColumn<Output, kNullable>* out) const {
    Output value{};
    const bool valid = static_cast<const Self&>(*this).Get(record, &scratch_, &value);
    out->Append(valid, value);
  }

  const LogicalType value_type_;
  const std::string schema_;
  BlobWriter writer_;
  mutable std::string scratch_;  // what results may point into until they are copied
};

}  // namespace castor::aggregate
