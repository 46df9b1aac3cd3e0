// CASE, IF, COALESCE, IFNULL, GREATEST and LEAST.
//
// CASE and IF compute a value only on the rows whose branch it is. COALESCE and IFNULL are
// functions in Flink, whose arguments are all computed; here an argument that cannot fail, which
// nobody can tell, is computed only where it is needed.
#include <algorithm>
#include <cmath>

#include "expr/functions/registry.h"
#include "expr/kernels.h"
#include "expr/scatter.h"
#include "expr/string_compare.h"

namespace castor::expr {
namespace {

// Turns `taken`, positions in what is left, into positions in all rows; `rest` gets the others.
void Split(int32_t left, const std::vector<int32_t>* in_rows, std::vector<int32_t>* taken,
           std::vector<int32_t>* rest) {
  rest->resize(static_cast<size_t>(left) - taken->size());
  int32_t* out = rest->data();
  size_t next = 0;
  for (int32_t i = 0; i < left; ++i) {
    const int32_t row = in_rows != nullptr ? (*in_rows)[static_cast<size_t>(i)] : i;
    if (next < taken->size() && (*taken)[next] == i) {
      (*taken)[next++] = row;
    } else {
      *out++ = row;
    }
  }
}

Status Fill(Frame& frame, const Rows& rows, const std::vector<int32_t>& positions, Node& value,
            Scatter* scatter) {
  CASTOR_ASSIGN_OR_RETURN(ColumnPtr column, value.Eval(frame, frame.Subset(rows, positions)));
  scatter->Add(std::move(column), positions.data());
  return Status::OK();
}

// Operands: condition, value, condition, value ..., otherwise.
class CaseNode final : public Node {
 public:
  CaseNode(LogicalType type, std::vector<Node*> operands)
      : Node(std::move(type), std::move(operands)) {}

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    Scatter scatter(type(), rows.count);
    const Rows* left = &rows;
    const std::vector<int32_t>* in_rows = nullptr;  // where in `rows` those stand; nullptr: all
    const size_t branches = operands().size() / 2;
    for (size_t branch = 0; branch < branches && left->count > 0; ++branch) {
      std::vector<int32_t>& taken = frame.NewPositions();
      CASTOR_RETURN_NOT_OK(operand(2 * branch).Select(frame, *left, &taken));
      if (taken.empty()) continue;
      std::vector<int32_t>& rest = frame.NewPositions();
      Split(left->count, in_rows, &taken, &rest);
      if (static_cast<int32_t>(taken.size()) == rows.count) {
        return operand(2 * branch + 1).Eval(frame, rows);
      }
      CASTOR_RETURN_NOT_OK(Fill(frame, rows, taken, operand(2 * branch + 1), &scatter));
      if (rest.empty()) return std::move(scatter).Finish();
      in_rows = &rest;
      left = &frame.Subset(rows, rest);
    }
    if (in_rows == nullptr) return operand(2 * branches).Eval(frame, rows);
    CASTOR_RETURN_NOT_OK(Fill(frame, rows, *in_rows, operand(2 * branches), &scatter));
    return std::move(scatter).Finish();
  }
};

// Values of branches take the result's type; a value that cannot be cast is NULL, as in Flink.
Result<Node*> Case(Call& call) {
  if (call.arity() % 2 == 0) return call.Unsupported("it takes pairs and a last value");
  std::vector<Node*> operands;
  for (size_t i = 0; i < call.arity(); ++i) {
    const bool is_value = i % 2 == 1 || i + 1 == call.arity();
    Node* operand = call.operands[i];
    if (is_value) {
      CASTOR_ASSIGN_OR_RETURN(operand, call.builder.Cast(operand, call.type(), true));
    } else if (operand->type().kind() != TypeKind::kBoolean) {
      return call.Unsupported("its conditions must be BOOLEAN");
    }
    operands.push_back(operand);
  }
  if (operands.size() == 1) return operands[0];
  return call.builder.Make<CaseNode>(call.type(), std::move(operands));
}

// The first value that is not NULL.
class CoalesceNode final : public Node {
 public:
  CoalesceNode(LogicalType type, std::vector<Node*> operands)
      : Node(std::move(type), std::move(operands)) {}

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    for (size_t i = 1; i < operands().size(); ++i) {
      if (!operand(i).CanFail()) continue;
      CASTOR_RETURN_NOT_OK(operand(i).Eval(frame, rows).status());
    }
    Scatter scatter(type(), rows.count);
    const std::vector<int32_t>* in_rows = nullptr;
    for (size_t i = 0; i < operands().size(); ++i) {
      const Rows& left = in_rows != nullptr ? frame.Subset(rows, *in_rows) : rows;
      CASTOR_ASSIGN_OR_RETURN(ColumnPtr column, operand(i).Eval(frame, left));
      if (i + 1 == operands().size() || !column->MayHaveNulls()) {
        if (in_rows == nullptr) return column;
        scatter.Add(std::move(column), in_rows->data());
        return std::move(scatter).Finish();
      }
      std::vector<int32_t>& valid = frame.NewPositions();
      for (int32_t row = 0; row < left.count; ++row) {
        if (!column->IsNull(row)) valid.push_back(row);
      }
      if (valid.empty()) continue;
      if (static_cast<int32_t>(valid.size()) == rows.count) return column;
      column = Pick(column, valid.data(), static_cast<int32_t>(valid.size()));
      std::vector<int32_t>& rest = frame.NewPositions();
      Split(left.count, in_rows, &valid, &rest);
      scatter.Add(std::move(column), valid.data());
      if (rest.empty()) break;
      in_rows = &rest;
    }
    return std::move(scatter).Finish();
  }
};

Result<Node*> Coalesce(Call& call) {
  std::vector<Node*> operands;
  for (Node* operand : call.operands) {
    CASTOR_ASSIGN_OR_RETURN(operand, call.builder.Cast(operand, call.type().WithNullable(true)));
    call.builder.Share(operand);
    operands.push_back(operand);
  }
  if (operands.empty()) return call.Unsupported("it takes at least one argument");
  if (operands.size() == 1) return operands[0];
  return call.builder.Make<CoalesceNode>(call.type(), std::move(operands));
}

// Order of Java's compareTo.
template <typename T>
int Compare(const T& a, const T& b) {
  if constexpr (std::is_same_v<T, StringRef>) {
    return CompareStrings(a, b);
  } else {
    if constexpr (std::is_floating_point_v<T>) {
      if (std::isnan(a) || std::isnan(b)) return static_cast<int>(std::isnan(a)) - std::isnan(b);
      if (a == b) return static_cast<int>(std::signbit(b)) - std::signbit(a);
    }
    return a < b ? -1 : static_cast<int>(b < a);
  }
}

// The greatest (or least) of the operands; NULL if one of them is.
template <typename T>
class ExtremeNode final : public Node {
 public:
  ExtremeNode(LogicalType type, std::vector<Node*> operands, bool greatest)
      : Node(std::move(type), std::move(operands)), greatest_(greatest) {}

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    std::vector<ColumnPtr> columns;
    for (Node* node : operands()) {
      CASTOR_ASSIGN_OR_RETURN(ColumnPtr column, node->EvalFlat(frame, rows));
      columns.push_back(std::move(column));
    }
    if (std::ranges::any_of(columns, [](const ColumnPtr& c) { return IsConstantNull(*c); })) {
      return Column::MakeNull(type(), rows.count);
    }
    MutableColumnPtr result = Column::MakeFlat(type(), rows.count);
    T* out = result->template mutable_values<T>();
    const Operand<T> first(*columns[0]);
    for (int32_t i = 0; i < rows.count; ++i) out[i] = first[i];
    const int sign = greatest_ ? 1 : -1;
    for (const ColumnPtr& column : columns) {
      const Operand<T> in(*column);
      for (int32_t i = 0; i < rows.count; ++i) {
        // Values under NULLs may be anything, also string references: they are not looked at.
        if constexpr (std::is_same_v<T, StringRef>) {
          if (in.IsNull(i) || first.IsNull(i)) continue;
        }
        if (sign * Compare(in[i], out[i]) > 0) out[i] = in[i];
      }
      result->AddStringBuffersOf(*column);
    }
    result->set_validity(CombinedValidity(columns.data(), columns.size(), rows.count));
    return ColumnPtr(std::move(result));
  }

 private:
  const bool greatest_;
};

template <bool kGreatest>
Result<Node*> Extreme(Call& call) {
  std::vector<Node*> operands;
  for (Node* operand : call.operands) {
    CASTOR_ASSIGN_OR_RETURN(operand, call.builder.Cast(operand, call.type().WithNullable(true)));
    operands.push_back(operand);
  }
  const PhysicalType physical = call.type().physical();
  if (physical == PhysicalType::kRow || physical == PhysicalType::kList) {
    return call.Unsupported(call.type().ToString() + " has no order");
  }
  return DispatchPhysical(physical, [&]<typename T>() -> Result<Node*> {
    return call.builder.Make<ExtremeNode<T>>(call.type(), std::move(operands), kGreatest);
  });
}

constexpr FunctionEntry kFunctions[] = {
    {"CASE", Case},
    {"IF", Case},
    {"COALESCE", Coalesce},
    {"IFNULL", Coalesce},
    {"GREATEST", Extreme<true>},
    {"LEAST", Extreme<false>},
};

}  // namespace

std::span<const FunctionEntry> ConditionalFunctions() { return kFunctions; }

}  // namespace castor::expr
