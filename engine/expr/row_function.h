// Nodes made from a function of one row: the loop, the encodings and the nulls around it.
//
// MapNode is for functions that cannot fail or give NULL: `R f(A...)`, computed on all rows, null
// or not, in loops that vectorise. RowNode is for all others: `bool f(RowScope&, A..., R* result)`,
// called on rows without NULL operands; false means that the result is NULL, or an error if it
// called `Fail`. Both give NULL where an operand is NULL; a function that does not, is a node of
// its own. Strings that f makes live in the scope's arena.
#pragma once

#include <array>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "column/string_arena.h"
#include "expr/kernels.h"
#include "expr/node.h"

namespace castor::expr {

class RowScope {
 public:
  explicit RowScope(bool null_on_error) : null_on_error_(null_on_error) {}

  StringArena& arena() { return arena_; }

  // Ends the row with an error; the message is made only if somebody will read it.
  template <typename Message>
  bool Fail(Message&& message) {
    if (!null_on_error_ && !failed_) {
      failed_ = true;
      message_ = message();
    }
    return false;
  }
  // Ends the row with an error even where errors are NULL: the result is none of Flink's errors,
  // but a value that this engine cannot hold.
  template <typename Message>
  bool Refuse(Message&& message) {
    if (failed_) return false;
    failed_ = true;
    message_ = message();
    return false;
  }
  bool failed() const { return failed_; }
  Status ErrorOf(int32_t row) const {
    return Status::DataError(message_ + " (row " + std::to_string(row) + " of the batch)");
  }

 private:
  const bool null_on_error_;
  bool failed_ = false;
  StringArena arena_;
  std::string message_;
};

// What to do with rows that fail.
enum class OnError : uint8_t { kFail, kNull };

namespace row_function_internal {

template <size_t N>
struct Operands {
  std::array<ColumnPtr, N> columns;
  bool all_constant = true;
  bool has_null_constant = false;
};

template <size_t N>
Status Read(const std::vector<Node*>& nodes, Frame& frame, const Rows& rows,
            Operands<N>* operands) {
  for (size_t i = 0; i < N; ++i) {
    CASTOR_ASSIGN_OR_RETURN(operands->columns[i], nodes[i]->EvalFlat(frame, rows));
    operands->all_constant &= operands->columns[i]->is_constant();
    operands->has_null_constant |= IsConstantNull(*operands->columns[i]);
  }
  return Status::OK();
}

}  // namespace row_function_internal

template <typename F, typename R, typename... A>
class MapNode final : public Node {
 public:
  MapNode(LogicalType type, std::vector<Node*> operands, F f = {})
      : Node(std::move(type), std::move(operands)), f_(std::move(f)) {}
  bool IsCheap() const override { return OperandsAreCheap(); }

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    row_function_internal::Operands<sizeof...(A)> in;
    CASTOR_RETURN_NOT_OK(row_function_internal::Read(operands(), frame, rows, &in));
    if (in.has_null_constant) return Column::MakeNull(type(), rows.count);
    MutableColumnPtr result = in.all_constant ? Column::MakeConstant(type(), rows.count)
                                              : Column::MakeFlat(type(), rows.count);
    const int32_t count = in.all_constant ? 1 : rows.count;
    Run(in.columns, count, result->template mutable_values<R>(), std::index_sequence_for<A...>{});
    if (!in.all_constant) {
      result->set_validity(CombinedValidity(in.columns.data(), in.columns.size(), count));
    }
    return ColumnPtr(std::move(result));
  }

 private:
  template <size_t... I>
  void Run(const std::array<ColumnPtr, sizeof...(A)>& columns, int32_t count, R* out,
           std::index_sequence<I...>) const {
    if constexpr (sizeof...(A) == 2) {
      // A constant on either side, in a register, is worth its own loop.
      using T = std::tuple<A...>;
      const auto* a = columns[0]->template values<std::tuple_element_t<0, T>>();
      const auto* b = columns[1]->template values<std::tuple_element_t<1, T>>();
      if (columns[1]->is_constant()) {
        const auto c = b[0];
        for (int32_t i = 0; i < count; ++i) out[i] = f_(a[i], c);
        return;
      }
      if (columns[0]->is_constant()) {
        const auto c = a[0];
        for (int32_t i = 0; i < count; ++i) out[i] = f_(c, b[i]);
        return;
      }
      for (int32_t i = 0; i < count; ++i) out[i] = f_(a[i], b[i]);
    } else {
      const std::tuple<Operand<A>...> in{Operand<A>(*columns[I])...};
      for (int32_t i = 0; i < count; ++i) out[i] = f_(std::get<I>(in)[i]...);
    }
  }

  const F f_;
};

// Unary maps have no constant to hold in a register.
template <typename F, typename R, typename A>
class MapNode<F, R, A> final : public Node {
 public:
  MapNode(LogicalType type, std::vector<Node*> operands, F f = {})
      : Node(std::move(type), std::move(operands)), f_(std::move(f)) {}
  bool IsCheap() const override { return OperandsAreCheap(); }

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    CASTOR_ASSIGN_OR_RETURN(const ColumnPtr column, operand(0).EvalFlat(frame, rows));
    if (IsConstantNull(*column)) return Column::MakeNull(type(), rows.count);
    MutableColumnPtr result = column->is_constant() ? Column::MakeConstant(type(), rows.count)
                                                    : Column::MakeFlat(type(), rows.count);
    const A* in = column->values<A>();
    R* out = result->template mutable_values<R>();
    const int32_t count = column->is_constant() ? 1 : rows.count;
    for (int32_t i = 0; i < count; ++i) out[i] = f_(in[i]);
    result->set_validity(ValidityOf(*column));
    return ColumnPtr(std::move(result));
  }

 private:
  const F f_;
};

template <typename F, typename R, typename... A>
class RowNode final : public Node {
 public:
  RowNode(LogicalType type, std::vector<Node*> operands, F f = {},
          OnError on_error = OnError::kNull)
      : Node(std::move(type), std::move(operands)), f_(std::move(f)), on_error_(on_error) {}
  bool CanFail() const override { return on_error_ == OnError::kFail || Node::CanFail(); }
  // Functions say so with `static constexpr bool kCostly = true`.
  bool IsCostly() const override {
    if constexpr (requires { F::kCostly; }) return F::kCostly;
    return Node::IsCostly();
  }

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    row_function_internal::Operands<sizeof...(A)> in;
    CASTOR_RETURN_NOT_OK(row_function_internal::Read(operands(), frame, rows, &in));
    if (in.has_null_constant) return Column::MakeNull(type(), rows.count);
    const int32_t count = in.all_constant ? std::min(rows.count, 1) : rows.count;
    MutableColumnPtr result = Column::MakeFlat(type(), count);
    BufferPtr validity;
    if (!in.all_constant) {
      validity = CombinedValidity(in.columns.data(), in.columns.size(), count);
    }
    result->set_validity(validity);
    RowScope scope(on_error_ == OnError::kNull);
    const int32_t failed_row = Run(in.columns, count, validity.get(), result.get(), scope,
                                   std::index_sequence_for<A...>{});
    if (failed_row >= 0) {
      return scope.ErrorOf(rows.batch_rows ? rows.batch_rows[failed_row] : failed_row);
    }
    scope.arena().Finish(result.get());
    for (const ColumnPtr& column : in.columns) {
      // A string result may point into a string operand.
      if constexpr (std::is_same_v<R, StringRef>) result->AddStringBuffersOf(*column);
    }
    if (in.all_constant && rows.count > 0) return ToConstant(*result, rows.count);
    return ColumnPtr(std::move(result));
  }

 private:
  template <size_t... I>
  int32_t Run(const std::array<ColumnPtr, sizeof...(A)>& columns, int32_t count,
              const Buffer* validity, Column* result, RowScope& scope,
              std::index_sequence<I...>) const {
    const std::tuple<Operand<A>...> in{Operand<A>(*columns[I])...};
    R* out = result->template mutable_values<R>();
    const uint8_t* valid = validity ? validity->data() : nullptr;
    // Operands share their bitmaps; nulls made here go to a copy.
    uint8_t* own = nullptr;
    for (int32_t i = 0; i < count; ++i) {
      if (valid != nullptr && !bitmap::Get(valid, i)) {
        out[i] = R{};
        continue;
      }
      if (f_(scope, std::get<I>(in)[i]..., &out[i])) continue;
      if (scope.failed()) return i;
      out[i] = R{};
      if (own == nullptr) {
        BufferPtr copy = AllValid(count);
        if (valid != nullptr) bitmap::Copy(valid, 0, count, copy->data());
        own = copy->data();
        if (valid != nullptr) valid = own;
        result->set_validity(std::move(copy));
      }
      bitmap::Clear(own, i);
    }
    return -1;
  }

  const F f_;
  const OnError on_error_;
};

}  // namespace castor::expr
