// AND, OR, NOT and the IS ... predicates, in three-valued logic.
//
// AND and OR read an operand only on the rows that the operands before it left open, as Flink's
// generated code does; where an operand is cheap and cannot fail it is read on all rows, and where
// none can fail the costly ones are read last, which nobody can tell.
#include <algorithm>

#include "expr/functions/registry.h"
#include "expr/row_function.h"

namespace castor::expr {
namespace {

// Truth values during evaluation: 0, 1 and this.
constexpr uint8_t kUnknown = 2;

// Adds `rows` 0 .. count-1 for which `test` holds; branch-free.
template <typename Test>
void Collect(int32_t count, std::vector<int32_t>* positions, Test&& test) {
  const size_t start = positions->size();
  positions->resize(start + static_cast<size_t>(count));
  int32_t* next = positions->data() + start;
  for (int32_t i = 0; i < count; ++i) {
    *next = i;
    next += static_cast<int>(test(i));
  }
  positions->resize(static_cast<size_t>(next - positions->data()));
}

// AND (`kDecides` = 0) or OR (1): an operand of that value decides the result.
template <uint8_t kDecides>
class JunctionNode final : public Node {
 public:
  JunctionNode(LogicalType type, std::vector<Node*> operands)
      : Node(std::move(type), std::move(operands)),
        later_can_fail_(std::any_of(this->operands().begin() + 1, this->operands().end(),
                                    [](const Node* node) { return node->CanFail(); })) {}
  bool IsCheap() const override { return OperandsAreCheap(); }

  Status Select(Frame& frame, const Rows& rows, std::vector<int32_t>* positions) override {
    if constexpr (kDecides == 1) return SelectAny(frame, rows, positions);
    // Only FALSE ends an AND: behind a NULL the next operand is read, which shows if it fails.
    if (later_can_fail_) return Node::Select(frame, rows, positions);
    return SelectAll(frame, rows, positions);
  }

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    std::vector<uint8_t> truth(static_cast<size_t>(rows.count), 1 - kDecides);
    for (size_t i = 0; i < operands().size(); ++i) {
      if (i == 0 || (operand(i).IsCheap() && !operand(i).CanFail())) {
        CASTOR_ASSIGN_OR_RETURN(const ColumnPtr value, operand(i).EvalFlat(frame, rows));
        Merge(*value, nullptr, rows.count, truth.data());
        continue;
      }
      std::vector<int32_t>& open = frame.NewPositions();
      Collect(rows.count, &open, [&](int32_t row) { return truth[row] != kDecides; });
      if (open.empty()) break;
      CASTOR_ASSIGN_OR_RETURN(const ColumnPtr value,
                              operand(i).EvalFlat(frame, frame.Subset(rows, open)));
      Merge(*value, open.data(), value->size(), truth.data());
    }
    return ToColumn(truth.data(), rows.count);
  }

 private:
  // Narrows the rows operand by operand.
  Status SelectAll(Frame& frame, const Rows& rows, std::vector<int32_t>* positions) {
    const Rows* left = &rows;
    std::vector<int32_t>* in_rows = nullptr;  // where in `rows` those that are left stand
    for (Node* condition : operands()) {
      std::vector<int32_t>& kept = frame.NewPositions();
      CASTOR_RETURN_NOT_OK(condition->Select(frame, *left, &kept));
      if (kept.empty()) return Status::OK();
      if (in_rows != nullptr) {
        for (int32_t& position : kept) position = (*in_rows)[static_cast<size_t>(position)];
      }
      in_rows = &kept;
      left = &frame.Subset(rows, kept);
    }
    positions->insert(positions->end(), in_rows->begin(), in_rows->end());
    return Status::OK();
  }

  Status SelectAny(Frame& frame, const Rows& rows, std::vector<int32_t>* positions) {
    std::vector<uint8_t> found(static_cast<size_t>(rows.count), 0);
    const Rows* left = &rows;
    const std::vector<int32_t>* in_rows = nullptr;  // where in `rows` those that are left stand
    for (Node* condition : operands()) {
      std::vector<int32_t>& selected = frame.NewPositions();
      CASTOR_RETURN_NOT_OK(condition->Select(frame, *left, &selected));
      for (const int32_t at : selected) {
        found[static_cast<size_t>(in_rows ? (*in_rows)[static_cast<size_t>(at)] : at)] = 1;
      }
      if (condition == operands().back()) break;
      std::vector<int32_t>& rest = frame.NewPositions();
      Collect(rows.count, &rest, [&](int32_t row) { return found[static_cast<size_t>(row)] == 0; });
      if (rest.empty()) break;
      in_rows = &rest;
      left = &frame.Subset(rows, rest);
    }
    Collect(rows.count, positions,
            [&](int32_t row) { return found[static_cast<size_t>(row)] != 0; });
    return Status::OK();
  }

  // truth = truth AND/OR value, for the rows at `positions` (nullptr: all).
  static void Merge(const Column& value, const int32_t* positions, int32_t count, uint8_t* truth) {
    const Operand<uint8_t> in(value);
    if (positions == nullptr && !in.MayHaveNulls() && !in.constant()) {
      const uint8_t* values = in.values();
      uint8_t unknown = 0;
      for (int32_t i = 0; i < count; ++i) unknown |= truth[i];
      if ((unknown & kUnknown) == 0) {  // plain two-valued logic, which vectorises
        for (int32_t i = 0; i < count; ++i) {
          truth[i] = kDecides == 0 ? truth[i] & values[i] : truth[i] | values[i];
        }
        return;
      }
    }
    for (int32_t i = 0; i < count; ++i) {
      uint8_t& target = truth[positions != nullptr ? positions[i] : i];
      const uint8_t next = in.IsNull(i) ? kUnknown : in[i];
      if (target == kDecides || next == kDecides) {
        target = kDecides;
      } else if (target == kUnknown || next == kUnknown) {
        target = kUnknown;
      }
    }
  }

  ColumnPtr ToColumn(const uint8_t* truth, int32_t count) const {
    MutableColumnPtr result = Column::MakeFlat(type(), count);
    auto* out = result->mutable_values<uint8_t>();
    uint8_t any = 0;
    for (int32_t i = 0; i < count; ++i) {
      any |= truth[i];
      out[i] = truth[i] & 1;
    }
    if ((any & kUnknown) == 0) return ColumnPtr(std::move(result));
    uint8_t* validity = result->mutable_validity();
    for (int32_t i = 0; i < count; ++i) bitmap::SetTo(validity, i, (truth[i] & kUnknown) == 0);
    return ColumnPtr(std::move(result));
  }

  const bool later_can_fail_;
};

template <uint8_t kDecides>
Result<Node*> Junction(Call& call) {
  for (const Node* operand : call.operands) {
    if (operand->type().kind() != TypeKind::kBoolean) {
      return call.Unsupported("its operands must be BOOLEAN");
    }
  }
  // Nobody can tell in which order they are read; most rows are decided without the costly ones.
  if (std::ranges::none_of(call.operands, [](const Node* node) { return node->CanFail(); })) {
    std::ranges::stable_partition(call.operands,
                                  [](const Node* node) { return !node->IsCostly(); });
  }
  return call.builder.Make<JunctionNode<kDecides>>(call.type(), call.operands);
}

struct Invert {
  uint8_t operator()(uint8_t value) const { return value ^ 1; }
};

Result<Node*> Not(Call& call) {
  if (call.operand_type(0).kind() != TypeKind::kBoolean) {
    return call.Unsupported("its operand must be BOOLEAN");
  }
  return call.builder.Make<MapNode<Invert, uint8_t, uint8_t>>(call.type(), call.operands);
}

class IsNullNode final : public Node {
 public:
  IsNullNode(Node* operand, bool negated)
      : Node(LogicalType::Boolean(false), {operand}), negated_(negated) {}
  bool IsCheap() const override { return OperandsAreCheap(); }

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    CASTOR_ASSIGN_OR_RETURN(const ColumnPtr column, operand(0).Eval(frame, rows));
    if (column->is_constant() || !column->MayHaveNulls()) {
      MutableColumnPtr same = Column::MakeConstant(type(), rows.count);
      same->mutable_values<uint8_t>()[0] = IsConstantNull(*column) != negated_;
      return ColumnPtr(std::move(same));
    }
    MutableColumnPtr result = Column::MakeFlat(type(), rows.count);
    auto* out = result->mutable_values<uint8_t>();
    if (column->is_flat()) {
      const uint8_t* validity = column->validity();
      for (int32_t i = 0; i < rows.count; ++i) out[i] = bitmap::Get(validity, i) == negated_;
      return ColumnPtr(std::move(result));
    }
    const int32_t* indices = column->indices();
    const uint8_t* validity = column->base()->validity();
    for (int32_t i = 0; i < rows.count; ++i) {
      const bool null =
          indices[i] < 0 || (validity != nullptr && !bitmap::Get(validity, indices[i]));
      out[i] = null != negated_;
    }
    return ColumnPtr(std::move(result));
  }

 private:
  const bool negated_;
};

template <bool kNegated>
Result<Node*> IsNull(Call& call) {
  return call.builder.Make<IsNullNode>(call.operands[0], kNegated);
}

// IS [NOT] TRUE, IS [NOT] FALSE: what each truth value maps to.
struct TruthTable {
  uint8_t if_false;
  uint8_t if_true;
  uint8_t if_null;
};

class TruthTestNode final : public Node {
 public:
  TruthTestNode(Node* operand, TruthTable table)
      : Node(LogicalType::Boolean(false), {operand}), table_(table) {}
  bool IsCheap() const override { return OperandsAreCheap(); }

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    CASTOR_ASSIGN_OR_RETURN(const ColumnPtr column, operand(0).EvalFlat(frame, rows));
    const Operand<uint8_t> in(*column);
    MutableColumnPtr result = Column::MakeFlat(type(), rows.count);
    auto* out = result->mutable_values<uint8_t>();
    for (int32_t i = 0; i < rows.count; ++i) {
      out[i] = in.IsNull(i) ? table_.if_null : (in[i] != 0 ? table_.if_true : table_.if_false);
    }
    return ColumnPtr(std::move(result));
  }

 private:
  const TruthTable table_;
};

template <uint8_t kIfFalse, uint8_t kIfTrue, uint8_t kIfNull>
Result<Node*> TruthTest(Call& call) {
  if (call.operand_type(0).kind() != TypeKind::kBoolean) {
    return call.Unsupported("its operand must be BOOLEAN");
  }
  return call.builder.Make<TruthTestNode>(call.operands[0], TruthTable{kIfFalse, kIfTrue, kIfNull});
}

constexpr FunctionEntry kFunctions[] = {
    {"AND", Junction<0>},
    {"OR", Junction<1>},
    {"NOT", Not},
    {"IS NULL", IsNull<false>},
    {"IS NOT NULL", IsNull<true>},
    {"IS TRUE", TruthTest<0, 1, 0>},
    {"IS NOT TRUE", TruthTest<1, 0, 1>},
    {"IS FALSE", TruthTest<1, 0, 0>},
    {"IS NOT FALSE", TruthTest<0, 1, 1>},
    {"IS UNKNOWN", IsNull<false>},
    {"IS NOT UNKNOWN", IsNull<true>},
};

}  // namespace

std::span<const FunctionEntry> LogicFunctions() { return kFunctions; }

}  // namespace castor::expr
