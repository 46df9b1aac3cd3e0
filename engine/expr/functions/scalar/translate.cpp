// TRANSLATE (TranslateFunction), ELT (EltFunction), TYPEOF (TypeOfFunction),
// CURRENT_DATABASE.
#include <optional>
#include <string>
#include <unordered_map>

#include "column/logical_type_format.h"
#include "expr/functions/registry.h"
#include "expr/input_nodes.h"
#include "expr/kernels.h"
#include "expr/row_call.h"
#include "expr/utf8.h"

namespace castor::expr {
namespace {

// What each character of `from` becomes: that at its place in `to`, or nothing.
class Dictionary {
 public:
  void Prepare(std::string_view from, std::string_view to) {
    if (prepared_ && from_ == from && to_ == to) return;
    prepared_ = true;
    from_ = from;
    to_ = to;
    map_.clear();
    const std::u32string keys = ToCodePoints(ReplaceInvalidUtf8(from));
    const std::u32string values = ToCodePoints(ReplaceInvalidUtf8(to));
    for (size_t i = 0; i < keys.size(); ++i) {
      map_.emplace(keys[i], i < values.size() ? std::optional(values[i]) : std::nullopt);
    }
  }

  std::string Translate(std::string_view text) const {
    std::string made;
    for (const char32_t c : ToCodePoints(ReplaceInvalidUtf8(text))) {
      const auto found = map_.find(c);
      if (found == map_.end()) {
        AppendCodePoint(c, &made);
      } else if (found->second) {
        AppendCodePoint(*found->second, &made);
      }
    }
    return made;
  }

 private:
  bool prepared_ = false;
  std::string from_;
  std::string to_;
  std::unordered_map<char32_t, std::optional<char32_t>> map_;
};

// NULL of a text that is NULL only: nothing to look for changes nothing, nothing to put in drops.
class TranslateNode final : public Node {
 public:
  TranslateNode(LogicalType type, std::vector<Node*> operands)
      : Node(std::move(type), std::move(operands)) {}

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    ColumnPtr columns[3];
    for (size_t i = 0; i < 3; ++i) {
      CASTOR_ASSIGN_OR_RETURN(columns[i], operand(i).EvalFlat(frame, rows));
    }
    if (IsConstantNull(*columns[0])) return Column::MakeNull(type(), rows.count);
    const Operand<StringRef> text(*columns[0]), from(*columns[1]), to(*columns[2]);
    MutableColumnPtr result = Column::MakeFlat(type(), rows.count);
    auto* out = result->mutable_values<StringRef>();
    StringArena arena;
    for (int32_t i = 0; i < rows.count; ++i) {
      if (text.IsNull(i)) {
        out[i] = StringRef();
      } else if (text[i].size() == 0 || from.IsNull(i) || from[i].size() == 0) {
        out[i] = text[i];
      } else {
        dictionary_.Prepare(from[i].view(), to.IsNull(i) ? std::string_view() : to[i].view());
        out[i] = arena.Add(dictionary_.Translate(text[i].view()));
      }
    }
    result->set_validity(ValidityOf(*columns[0]));
    arena.Finish(result.get());
    result->AddStringBuffersOf(*columns[0]);
    return ColumnPtr(std::move(result));
  }

 private:
  Dictionary dictionary_;
};

Result<Node*> MakeTranslate(Call& call) {
  CASTOR_ASSIGN_OR_RETURN(std::vector<Node*> operands,
                          OperandsAs(call, {Want::kText, Want::kText, Want::kText}));
  return call.builder.Make<TranslateNode>(call.type(), std::move(operands));
}

// Operands: an index from 1, and the values; NULL beyond them.
class EltNode final : public Node {
 public:
  EltNode(LogicalType type, std::vector<Node*> operands)
      : Node(std::move(type), std::move(operands)) {}

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    std::vector<ColumnPtr> columns;
    for (Node* node : operands()) {
      CASTOR_ASSIGN_OR_RETURN(ColumnPtr column, node->EvalFlat(frame, rows));
      columns.push_back(std::move(column));
    }
    const Operand<int64_t> index(*columns[0]);
    MutableColumnPtr result = Column::MakeFlat(type(), rows.count);
    auto* out = result->mutable_values<StringRef>();
    BufferPtr validity = AllValid(rows.count);
    for (int32_t i = 0; i < rows.count; ++i) {
      out[i] = StringRef();
      const int64_t at = index.IsNull(i) ? 0 : index[i];
      const bool there = at >= 1 && at < static_cast<int64_t>(columns.size());
      const Column* column = there ? columns[static_cast<size_t>(at)].get() : nullptr;
      if (column == nullptr || column->IsNull(i)) {
        bitmap::Clear(validity->data(), i);
      } else {
        out[i] = column->values<StringRef>()[column->is_constant() ? 0 : i];
      }
    }
    result->set_validity(std::move(validity));
    for (size_t i = 1; i < columns.size(); ++i) result->AddStringBuffersOf(*columns[i]);
    return ColumnPtr(std::move(result));
  }
};

Result<Node*> MakeElt(Call& call) {
  if (call.arity() < 2) return call.Unsupported("it takes an index and values");
  std::vector<Node*> operands;
  for (size_t i = 0; i < call.arity(); ++i) {
    const LogicalType wanted = i == 0 ? LogicalType::BigInt() : call.type().WithNullable(true);
    if (i > 0 && wanted.physical() != PhysicalType::kString) {
      return call.Unsupported("it gives no " + call.type().ToString());
    }
    // Values stay as they are: a CHAR is not padded to the result's length.
    Node* operand = call.operands[i];
    if (i == 0 || operand->type().physical() != PhysicalType::kString) {
      CASTOR_ASSIGN_OR_RETURN(operand, call.builder.Cast(operand, wanted));
    }
    operands.push_back(operand);
  }
  return call.builder.Make<EltNode>(call.type(), std::move(operands));
}

Node* ConstantTextNode(Call& call, std::string_view text) {
  MutableColumnPtr value = Column::MakeConstant(call.type(), 1);
  StringArena arena;
  value->mutable_values<StringRef>()[0] = arena.Add(text);
  arena.Finish(value.get());
  return call.builder.Make<ConstantNode>(std::move(value));
}

// Known when compiled.
Result<Node*> TypeOf(Call& call) {
  if (call.arity() == 0 || call.arity() > 2) return call.Unsupported("it takes one value");
  bool serial = false;
  if (call.arity() == 2) {
    const ColumnPtr wanted = call.builder.ConstantValue(call.operands[1]);
    if (wanted == nullptr) {
      return call.Unsupported("whether the serial form is wanted must be literal");
    }
    serial = !IsConstantNull(*wanted) && wanted->values<uint8_t>()[0] != 0;
  }
  const LogicalType& type = call.operand_type(0);
  if (serial && type.kind() == TypeKind::kRaw) return call.Unsupported("the serial form of RAW");
  return ConstantTextNode(call, serial ? SerialForm(type) : type.ToString());
}

Result<Node*> CurrentDatabase(Call& call) {
  const auto& database = call.builder.settings().current_database;
  if (!database) return call.Unsupported("the job bundle does not tell the database");
  return ConstantTextNode(call, *database);
}

constexpr FunctionEntry kFunctions[] = {
    {"TRANSLATE3", MakeTranslate},
    {"ELT", MakeElt},
    {"TYPEOF", TypeOf},
    {"CURRENT_DATABASE", CurrentDatabase},
};

}  // namespace

std::span<const FunctionEntry> TranslateFunctions() { return kFunctions; }

}  // namespace castor::expr
