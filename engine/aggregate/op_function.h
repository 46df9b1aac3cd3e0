// A Function made from an `Op` that knows a single record; the loops over batches are written here
// once and compiled into each function.
//
// An Op has
//   Input, Output      C++ types of argument and result; NoInput for COUNT(*) and COUNT(x)
//   kNullable          whether the result may be NULL
//   Parts              std::tuple of the types of its accumulator columns
//   Declare(layout)    claims its fields
//   kTakesNulls        Add and Retract get `bool valid` behind the input
//   Add, Retract(record, input), Merge(record, other record), Reset(record)
//   Get(record, output) -> valid
//   GetPart<i>(record, part) -> valid, SetPart<i>(record, valid, part)
//   TakeError()        what went wrong in the loop just done (OpBase: nothing)
#pragma once

#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "aggregate/function.h"
#include "aggregate/result_column.h"

namespace castor::aggregate {

struct NoInput {};

struct OpBase {
  static constexpr bool kTakesNulls = false;
  int32_t CountOffset() const { return -1; }
  Status TakeError() { return Status::OK(); }
  void BindBlobs(BlobWriter writer) { (void)writer; }
};

template <typename T>
T& FieldAt(std::byte* record, int32_t offset) {
  return *reinterpret_cast<T*>(record + offset);
}
template <typename T>
const T& FieldAt(const std::byte* record, int32_t offset) {
  return *reinterpret_cast<const T*>(record + offset);
}

template <typename Op>
class OpFunction final : public RowFunction {
 public:
  using Input = typename Op::Input;
  using Output = typename Op::Output;
  using Parts = typename Op::Parts;
  static constexpr size_t kParts = std::tuple_size_v<Parts>;

  OpFunction(Op op, LogicalType value_type, std::vector<LogicalType> part_types, std::string schema)
      : op_(std::move(op)),
        value_type_(std::move(value_type)),
        part_types_(std::move(part_types)),
        schema_(std::move(schema)) {}

  const LogicalType& value_type() const override { return value_type_; }
  std::vector<LogicalType> accumulator_types() const override { return part_types_; }
  std::string schema() const override { return schema_; }
  void Declare(LayoutBuilder* layout) override { op_.Declare(layout); }
  int32_t count_offset() const override { return op_.CountOffset(); }
  void BindBlobs(BlobWriter writer) override { op_.BindBlobs(writer); }

  Status Accumulate(std::span<const ColumnPtr> arguments, const CallRows& rows) override {
    const InputColumn input = InputOf(arguments);
    // A copy on the stack: its offsets stay in registers, whatever the records alias.
    Op op = op_;
    if (rows.ops == nullptr) {
      for (int32_t i = 0; i < rows.count; ++i) Add(op, rows.records[i], input, i);
    } else {
      for (int32_t i = 0; i < rows.count; ++i) Apply(op, rows.ops[i], rows.records[i], input, i);
    }
    return op.TakeError();
  }

  Result<ColumnPtr> AccumulateEach(std::span<const ColumnPtr> arguments,
                                   const CallRows& rows) override {
    const InputColumn input = InputOf(arguments);
    Op op = op_;
    ResultColumn<Output, Op::kNullable> out(value_type_, 2 * rows.count);
    for (int32_t i = 0; i < rows.count; ++i) {
      const RowOp row_op = rows.ops == nullptr ? RowOp::kAdd : rows.ops[i];
      std::byte* record = rows.records[i];
      if (record == nullptr) {
        out.Append(false, Output{});
        out.Append(false, Output{});
        continue;
      }
      AppendValue(op, record, &out);
      Apply(op, row_op, record, input, i);
      AppendValue(op, record, &out);
    }
    CASTOR_RETURN_NOT_OK(op.TakeError());
    return out.Finish();
  }

  ColumnPtr Values(const std::byte* const* records, int32_t count) const override {
    const std::vector<std::byte> none = NoRows();
    ResultColumn<Output, Op::kNullable> out(value_type_, count);
    for (int32_t i = 0; i < count; ++i) {
      AppendValue(op_, records[i] != nullptr ? records[i] : none.data(), &out);
    }
    return out.Finish();
  }

  void Accumulators(const std::byte* const* records, int32_t count,
                    std::vector<ColumnPtr>* columns) override {
    ForEachPart([&]<size_t part>() {
      using Part = std::tuple_element_t<part, Parts>;
      ResultColumn<Part, true> out(part_types_[part], count);
      for (int32_t i = 0; i < count; ++i) {
        Part value{};
        const bool valid = op_.template GetPart<part>(records[i], &value);
        out.Append(valid, value);
      }
      columns->push_back(out.Finish());
    });
  }

  Status Merge(std::span<const ColumnPtr> columns, const CallRows& rows) override {
    Op op = op_;
    std::vector<std::byte> other = NoRows();
    for (int32_t i = 0; i < rows.count; ++i) {
      if (rows.ops != nullptr && rows.ops[i] == RowOp::kNone) continue;
      ForEachPart([&]<size_t part>() {
        using Part = std::tuple_element_t<part, Parts>;
        const Column& column = *columns[part];
        const bool valid = column.validity() == nullptr || bitmap::Get(column.validity(), i);
        op.template SetPart<part>(other.data(), valid, column.values<Part>()[i]);
      });
      op.Merge(rows.records[i], other.data());
    }
    return op.TakeError();
  }

  Status MergeRecords(std::byte* const* into, const std::byte* const* from,
                      int32_t count) override {
    Op op = op_;
    for (int32_t i = 0; i < count; ++i) {
      if (from[i] != nullptr) op.Merge(into[i], from[i]);
    }
    return op.TakeError();
  }

  Status Reset(std::byte* const* records, int32_t count) override {
    Op op = op_;
    for (int32_t i = 0; i < count; ++i) op.Reset(records[i]);
    return op.TakeError();
  }

  bool takes_nulls() const override { return Op::kTakesNulls; }

 private:
  struct InputColumn {
    const Input* values = nullptr;
    const uint8_t* validity = nullptr;
  };

  static InputColumn InputOf(std::span<const ColumnPtr> arguments) {
    if constexpr (std::is_same_v<Input, NoInput>) {
      return {};
    } else {
      return {arguments[0]->values<Input>(), arguments[0]->validity()};
    }
  }

  // Calls `change` with what the Op takes of the argument at `row`.
  template <typename Change>
  static void Feed(const InputColumn& input, int32_t row, Change&& change) {
    if constexpr (std::is_same_v<Input, NoInput>) {
      change();
    } else if constexpr (Op::kTakesNulls) {
      change(input.values[row], input.validity == nullptr || bitmap::Get(input.validity, row));
    } else {
      change(input.values[row]);
    }
  }

  static void Add(Op& op, std::byte* record, const InputColumn& input, int32_t row) {
    Feed(input, row, [&](const auto&... argument) { op.Add(record, argument...); });
  }

  static void Apply(Op& op, RowOp row_op, std::byte* record, const InputColumn& input,
                    int32_t row) {
    switch (row_op) {
      case RowOp::kAdd:
        Add(op, record, input, row);
        break;
      case RowOp::kRetract:
        Feed(input, row, [&](const auto&... argument) { op.Retract(record, argument...); });
        break;
      case RowOp::kReset:
        op.Reset(record);
        break;
      case RowOp::kNone:
        break;
    }
  }

  static void AppendValue(const Op& op, const std::byte* record,
                          ResultColumn<Output, Op::kNullable>* out) {
    Output value{};
    const bool valid = op.Get(record, &value);
    out->Append(valid, value);
  }

  // A record that holds this function's fields, of no rows.
  std::vector<std::byte> NoRows() const { return std::vector<std::byte>(op_.End()); }

  template <typename F>
  static void ForEachPart(F&& f) {
    [&]<size_t... parts>(std::index_sequence<parts...>) {
      (f.template operator()<parts>(), ...);
    }(std::make_index_sequence<kParts>{});
  }

  Op op_;
  const LogicalType value_type_;
  const std::vector<LogicalType> part_types_;
  const std::string schema_;
};

}  // namespace castor::aggregate
