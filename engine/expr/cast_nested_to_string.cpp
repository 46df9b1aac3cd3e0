// ROW, structured types, ARRAY, MAP and MULTISET as text: RowToStringCastRule,
// StructuredToStringCastRule, ArrayToStringCastRule, MapAndMultisetToStringCastRule.
#include "column/gather.h"
#include "column/string_arena.h"
#include "expr/cast.h"
#include "expr/element_cast.h"
#include "expr/kernels.h"
#include "expr/utf16.h"

namespace castor::expr {
namespace {

class NestedToStringNode final : public Node {
 public:
  NestedToStringNode(LogicalType type, Node* operand,
                     std::vector<std::unique_ptr<ElementCast>> parts, bool legacy)
      : Node(std::move(type), {operand}), parts_(std::move(parts)), legacy_(legacy) {}

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    CASTOR_ASSIGN_OR_RETURN(const ColumnPtr column, operand(0).Eval(frame, rows));
    if (IsConstantNull(*column)) return Column::MakeNull(type(), rows.count);
    const bool list = column->physical() == PhysicalType::kList;
    const ColumnPtr flat = list ? CompactLists(Flatten(column)) : Flatten(column);
    std::vector<ColumnPtr> texts;
    for (size_t i = 0; i < parts_.size(); ++i) {
      const ColumnPtr child = list ? flat->children()[i] : FlatField(*flat, i);
      CASTOR_ASSIGN_OR_RETURN(ColumnPtr text, parts_[i]->Run(child, frame.context(), nullptr));
      texts.push_back(std::move(text));
    }
    MutableColumnPtr result = Column::MakeFlat(type(), rows.count);
    result->set_validity(flat->validity_buffer());
    StringArena arena;
    for (int32_t i = 0; i < rows.count; ++i) {
      text_.clear();
      if (!flat->IsNull(i)) list ? AppendList(*flat, texts, i) : AppendRow(texts, i);
      FitLength();
      result->mutable_values<StringRef>()[i] = arena.Add(text_);
    }
    arena.Finish(result.get());
    return ColumnPtr(std::move(result));
  }

 private:
  void AppendText(const Column& texts, int32_t row) {
    if (texts.IsNull(row)) {
      text_ += legacy_ ? "null" : "NULL";
    } else {
      text_ += texts.values<StringRef>()[row].view();
    }
  }

  void AppendRow(const std::vector<ColumnPtr>& texts, int32_t row) {
    const LogicalType& from = operand(0).type();
    text_ += '(';
    for (size_t i = 0; i < texts.size(); ++i) {
      if (i > 0) text_ += legacy_ && !from.IsStructured() ? "," : ", ";
      if (from.IsStructured()) text_ += from.fields()[i].name + "=";
      AppendText(*texts[i], row);
    }
    text_ += ')';
  }

  void AppendList(const Column& lists, const std::vector<ColumnPtr>& texts, int32_t row) {
    const ListRef list = lists.values<ListRef>()[row];
    const bool map = texts.size() == 2;
    text_ += map ? '{' : '[';
    for (int32_t i = list.offset; i < list.end(); ++i) {
      if (i > list.offset) text_ += ", ";
      AppendText(*texts[0], i);
      if (!map) continue;
      text_ += '=';
      AppendText(*texts[1], i);
    }
    text_ += map ? '}' : ']';
  }

  // Unlike texts of scalars, which are counted in characters, these are counted in Java's chars.
  void FitLength() {
    if (legacy_ || type().length() == INT32_MAX) return;
    std::u16string text = ToUtf16(text_);
    const auto length = static_cast<size_t>(type().length());
    const bool pads = type().kind() == TypeKind::kChar;
    if (text.size() <= length && !pads) return;
    text.resize(length, u' ');
    text_ = FromUtf16(text);
  }

  const std::vector<std::unique_ptr<ElementCast>> parts_;
  const bool legacy_;
  std::string text_;
};

}  // namespace

Result<Node*> MakeNestedToString(Builder& builder, Node* operand, const LogicalType& type) {
  const LogicalType& from = operand->type();
  const bool nested =
      from.physical() == PhysicalType::kRow || from.physical() == PhysicalType::kList;
  if (!nested || !type.IsString()) return nullptr;
  std::vector<std::unique_ptr<ElementCast>> parts;
  for (const LogicalType& child : from.ChildTypes()) {
    CASTOR_ASSIGN_OR_RETURN(
        std::unique_ptr<ElementCast> part,
        ElementCast::Make(builder.settings(), child, LogicalType::String(), false));
    parts.push_back(std::move(part));
  }
  return builder.Make<NestedToStringNode>(type, operand, std::move(parts),
                                          builder.settings().legacy_cast);
}

}  // namespace castor::expr
