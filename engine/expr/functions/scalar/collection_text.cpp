// Text from arrays and arrays from text: ARRAY_JOIN and SPLIT
// (org.apache.flink.table.runtime.functions.scalar.ArrayJoinFunction, SplitFunction).
#include <string>

#include "column/string_arena.h"
#include "expr/functions/collection_shared.h"
#include "expr/functions/pieces.h"
#include "expr/functions/registry.h"
#include "expr/utf8.h"

namespace castor::expr {
namespace {

using Columns = std::vector<ColumnPtr>;

// Operands: array, delimiter, and perhaps what stands for NULL, which is left out otherwise.
struct Join {
  Result<ColumnPtr> operator()(const LogicalType& type, const Columns& columns,
                               int32_t count) const {
    const ListOperand lists(*columns[0]);
    const auto* elements = lists.elements.values<StringRef>();
    const AnyNull null(columns);
    MutableColumnPtr result = Column::MakeFlat(type, count);
    StringArena arena;
    std::string text;
    for (int32_t i = 0; i < count; ++i) {
      text.clear();
      if (null(i)) {
        result->SetNull(i);
      } else {
        const StringRef& delimiter = Operand<StringRef>(*columns[1])[i];
        bool first = true;
        for (int32_t row = lists[i].offset; row < lists[i].end(); ++row) {
          const bool no_element = lists.elements.IsNull(row);
          if (no_element && columns.size() < 3) continue;
          if (!first) text += delimiter.view();
          first = false;
          text += (no_element ? Operand<StringRef>(*columns[2])[i] : elements[row]).view();
        }
      }
      result->mutable_values<StringRef>()[i] = arena.Add(text);
    }
    arena.Finish(result.get());
    return ColumnPtr(std::move(result));
  }
};

// String.charAt for every char: half of a character beyond U+FFFF becomes '?'.
void AddChars(std::string_view text, Pieces* pieces) {
  for (size_t at = 0; at < text.size();) {
    const size_t bytes = CharacterBytes(text[at]);
    if (bytes == 4) {
      pieces->Add("?");
      pieces->Add("?");
    } else {
      pieces->Add(text.substr(at, bytes));
    }
    at += bytes;
  }
}

void AddSplit(std::string_view text, std::string_view delimiter, Pieces* pieces) {
  if (text.empty()) return;
  if (delimiter.empty()) return AddChars(text, pieces);
  while (true) {
    const size_t found = text.find(delimiter);
    pieces->Add(text.substr(0, found));
    if (found == std::string_view::npos) return;
    text.remove_prefix(found + delimiter.size());
  }
}

struct Split {
  Result<ColumnPtr> operator()(const LogicalType& type, const Columns& columns,
                               int32_t count) const {
    const Operand<StringRef> text(*columns[0]);
    const Operand<StringRef> delimiter(*columns[1]);
    const AnyNull null(columns);
    MutableColumnPtr result = Column::MakeFlat(type, count);
    Pieces pieces;
    for (int32_t i = 0; i < count; ++i) {
      const int32_t first = pieces.size();
      if (null(i)) {
        result->SetNull(i);
      } else {
        AddSplit(text[i].view(), delimiter[i].view(), &pieces);
      }
      result->mutable_values<ListRef>()[i] = {first, pieces.size() - first};
    }
    result->mutable_children()[0] = pieces.Finish(type.children()[0]);
    return ColumnPtr(std::move(result));
  }
};

Result<Node*> ArrayJoin(Call& call) {
  bool fits = (call.arity() == 2 || call.arity() == 3) && IsArray(call.operand_type(0)) &&
              call.operand_type(0).children()[0].IsString();
  for (size_t i = 1; i < call.arity(); ++i) fits &= call.operand_type(i).IsString();
  if (!fits) return call.Unsupported("only an array of strings and strings are");
  return MakeColumnsCall(call, call.operands, Join{});
}

Result<Node*> SplitText(Call& call) {
  const bool fits = call.arity() == 2 && call.operand_type(0).IsString() &&
                    call.operand_type(1).IsString() && IsArray(call.type());
  if (!fits) return call.Unsupported("only two strings are");
  return MakeColumnsCall(call, call.operands, Split{});
}

constexpr FunctionEntry kFunctions[] = {
    {"ARRAY_JOIN", ArrayJoin},
    {"SPLIT", SplitText},
};

}  // namespace

std::span<const FunctionEntry> CollectionTextFunctions() { return kFunctions; }

}  // namespace castor::expr
