// A Function whose accumulator is read from its record's bytes once a batch, worked on, and written
// back once: for BITMAP_xxx_AGG, whose sets are too large to be read for every row.
//
// A Semantics has
//   Accumulator        with Read and Write (bitmap_accumulators.h)
//   Input              C++ type of the argument
//   Change(accumulator, input, by)      by: 1, or -1 to take the row back
//   Merge(accumulator, other)
//   HasValue(accumulator)               else the result is NULL
//   Result(accumulator) -> Bitmap&      may change how the set is held, or make one
// The result is the set (StringRef) or the number of its values (int64_t). Accumulator column: the
// record's bytes. Single-threaded.
#pragma once

#include <memory>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "aggregate/function.h"
#include "aggregate/op_function.h"
#include "aggregate/result_column.h"

namespace castor::aggregate {

template <typename Semantics, typename Output>
class BitmapFunction final : public RowFunction {
 public:
  BitmapFunction(LogicalType value_type, std::string schema)
      : value_type_(std::move(value_type)), schema_(std::move(schema)) {}

  const LogicalType& value_type() const override { return value_type_; }
  std::vector<LogicalType> accumulator_types() const override {
    return {LogicalType(TypeKind::kVarBinary, false, INT32_MAX)};
  }
  std::string schema() const override { return schema_; }
  void Declare(LayoutBuilder* layout) override { layout->AddBlob(&bytes_); }
  void BindBlobs(BlobWriter writer) override { writer_ = writer; }

  Status Accumulate(std::span<const ColumnPtr> arguments, const CallRows& rows) override {
    Live live;
    const auto* values = arguments[0]->template values<Input>();
    for (int32_t i = 0; i < rows.count; ++i) Apply(rows, i, values, &live);
    return WriteBack(&live);
  }

  Result<ColumnPtr> AccumulateEach(std::span<const ColumnPtr> arguments,
                                   const CallRows& rows) override {
    Live live;
    const auto* values = arguments[0]->template values<Input>();
    Out out(value_type_, 2 * rows.count);
    for (int32_t i = 0; i < rows.count; ++i) {
      std::byte* record = rows.records[i];
      AppendValue(record == nullptr ? nullptr : &Find(record, &live), &out);
      Apply(rows, i, values, &live);
      AppendValue(record == nullptr ? nullptr : &Find(record, &live), &out);
    }
    CASTOR_RETURN_NOT_OK(WriteBack(&live));
    return out.Finish();
  }

  ColumnPtr Values(const std::byte* const* records, int32_t count) const override {
    Out out(value_type_, count);
    Accumulator accumulator;
    for (int32_t i = 0; i < count; ++i) {
      if (records[i] != nullptr) accumulator.Read(BytesOf(records[i]));
      AppendValue(records[i] == nullptr ? nullptr : &accumulator, &out);
    }
    return out.Finish();
  }

  void Accumulators(const std::byte* const* records, int32_t count,
                    std::vector<ColumnPtr>* columns) override {
    ResultColumn<StringRef, false> out(accumulator_types()[0], count);
    for (int32_t i = 0; i < count; ++i) out.Append(true, StringRef(BytesOf(records[i])));
    columns->push_back(out.Finish());
  }

  Status Merge(std::span<const ColumnPtr> columns, const CallRows& rows) override {
    Live live;
    const auto* accumulators = columns[0]->template values<StringRef>();
    for (int32_t i = 0; i < rows.count; ++i) {
      if (rows.ops != nullptr && rows.ops[i] == RowOp::kNone) continue;
      MergeOne(rows.records[i], accumulators[i].view(), &live);
    }
    return WriteBack(&live);
  }

  Status MergeRecords(std::byte* const* into, const std::byte* const* from,
                      int32_t count) override {
    Live live;
    for (int32_t i = 0; i < count; ++i) {
      if (from[i] != nullptr) MergeOne(into[i], BytesOf(from[i]), &live);
    }
    return WriteBack(&live);
  }

  Status Reset(std::byte* const* records, int32_t count) override {
    for (int32_t i = 0; i < count; ++i) CASTOR_RETURN_NOT_OK(SetBytes(records[i], {}));
    return Status::OK();
  }

 private:
  using Input = typename Semantics::Input;
  using Accumulator = typename Semantics::Accumulator;
  using Out = ResultColumn<Output, /*kNullable=*/true>;
  // The accumulators that a batch has touched, by their records.
  using Live = std::unordered_map<std::byte*, Accumulator>;

  std::string_view BytesOf(const std::byte* record) const {
    return FieldAt<state::Blob>(record, bytes_).view();
  }
  Status SetBytes(std::byte* record, std::string_view bytes) {
    return writer_.set(writer_.owner, &FieldAt<state::Blob>(record, bytes_), bytes);
  }

  Accumulator& Find(std::byte* record, Live* live) const {
    const auto [found, added] = live->try_emplace(record);
    if (added) found->second.Read(BytesOf(record));
    return found->second;
  }

  void Apply(const CallRows& rows, int32_t row, const Input* values, Live* live) const {
    const RowOp op = rows.ops == nullptr ? RowOp::kAdd : rows.ops[row];
    if (op == RowOp::kNone) return;
    Accumulator& accumulator = Find(rows.records[row], live);
    if (op == RowOp::kReset) {
      accumulator = Accumulator();
    } else {
      Semantics::Change(accumulator, values[row], op == RowOp::kAdd ? 1 : -1);
    }
  }

  void MergeOne(std::byte* record, std::string_view bytes, Live* live) const {
    Accumulator other;
    other.Read(bytes);
    Semantics::Merge(Find(record, live), other);
  }

  Status WriteBack(Live* live) {
    std::string bytes;
    for (auto& [record, accumulator] : *live) {
      bytes.clear();
      accumulator.Write(&bytes);
      CASTOR_RETURN_NOT_OK(SetBytes(record, bytes));
    }
    return Status::OK();
  }

  // nullptr: of no rows.
  static void AppendValue(Accumulator* accumulator, Out* out) {
    if (accumulator == nullptr || !Semantics::HasValue(*accumulator)) {
      return out->Append(false, Output{});
    }
    decltype(auto) set = Semantics::Result(*accumulator);
    if constexpr (std::is_same_v<Output, StringRef>) {
      std::string bytes;
      set.Write(&bytes);
      out->Append(true, StringRef(bytes));
    } else {
      out->Append(true, static_cast<int64_t>(set.cardinality()));
    }
  }

  const LogicalType value_type_;
  const std::string schema_;
  BlobWriter writer_;
  int32_t bytes_ = 0;  // offset
};

}  // namespace castor::aggregate
