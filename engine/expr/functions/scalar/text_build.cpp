// Text functions that make new text: StringCallGen over SqlFunctionUtils. LPAD, RPAD and OVERLAY
// count Java's characters (UTF-16), unlike SUBSTRING and its kin.
#include <algorithm>
#include <cstring>

#include "expr/arena_text.h"
#include "expr/byte_search.h"
#include "expr/functions/registry.h"
#include "expr/row_call.h"
#include "expr/utf16.h"
#include "expr/utf8.h"

namespace castor::expr {
namespace {

// The operands one after the other, or with a separator between those that are not NULL.
class ConcatNode final : public Node {
 public:
  ConcatNode(LogicalType type, std::vector<Node*> operands, bool separated)
      : Node(std::move(type), std::move(operands)), separated_(separated) {}

 protected:
  Result<ColumnPtr> Compute(Frame& frame, const Rows& rows) override {
    std::vector<ColumnPtr> columns;
    for (Node* node : operands()) {
      CASTOR_ASSIGN_OR_RETURN(ColumnPtr column, node->EvalFlat(frame, rows));
      columns.push_back(std::move(column));
    }
    const size_t strict = separated_ ? 1 : columns.size();
    for (size_t i = 0; i < strict; ++i) {
      if (IsConstantNull(*columns[i])) return Column::MakeNull(type(), rows.count);
    }
    MutableColumnPtr result = Column::MakeFlat(type(), rows.count);
    result->set_validity(CombinedValidity(columns.data(), strict, rows.count));
    std::vector<Operand<StringRef>> in;
    for (const ColumnPtr& column : columns) in.emplace_back(*column);
    StringArena arena;
    auto* out = result->mutable_values<StringRef>();
    const uint8_t* valid = result->validity();
    for (int32_t row = 0; row < rows.count; ++row) {
      const bool null = valid != nullptr && !bitmap::Get(valid, row);
      out[row] = null ? StringRef() : Join(in, row, &arena);
    }
    arena.Finish(result.get());
    return ColumnPtr(std::move(result));
  }

 private:
  StringRef Join(const std::vector<Operand<StringRef>>& in, int32_t row, StringArena* arena) const {
    const std::string_view separator = separated_ ? in[0][row].view() : std::string_view();
    const size_t first = separated_ ? 1 : 0;
    size_t size = 0, parts = 0;
    for (size_t i = first; i < in.size(); ++i) {
      if (in[i].IsNull(row)) continue;
      size += in[i][row].size();
      ++parts;
    }
    if (parts > 1) size += (parts - 1) * separator.size();
    char small[StringRef::kInlineSize];
    char* const start = size <= sizeof(small) ? small : arena->Reserve(size);
    char* next = start;
    for (size_t i = first; i < in.size(); ++i) {
      if (in[i].IsNull(row)) continue;
      next = Append(in[i][row].view(), next);
      if (--parts > 0) next = Append(separator, next);
    }
    return StringRef(start, static_cast<uint32_t>(size));
  }

  static char* Append(std::string_view part, char* target) {
    if (!part.empty()) std::memcpy(target, part.data(), part.size());
    return target + part.size();
  }

  const bool separated_;
};

Result<Node*> MakeConcat(Call& call, bool separated) {
  for (const Node* operand : call.operands) {
    if (!operand->type().IsString() && operand->type().kind() != TypeKind::kNull) {
      return call.Unsupported("its operands must be text");
    }
  }
  std::vector<Node*> operands;
  for (Node* operand : call.operands) {
    if (operand->type().kind() == TypeKind::kNull) {
      CASTOR_ASSIGN_OR_RETURN(operand, call.builder.Cast(operand, LogicalType::String()));
    }
    operands.push_back(operand);
  }
  return call.builder.Make<ConcatNode>(call.type(), std::move(operands), separated);
}
Result<Node*> Concat(Call& call) { return MakeConcat(call, false); }
Result<Node*> ConcatWs(Call& call) { return MakeConcat(call, true); }

struct Repeat {
  bool operator()(RowScope& scope, const StringRef& text, int32_t times, StringRef* out) const {
    if (times <= 0 || text.size() == 0) return *out = StringRef(), true;
    const size_t size = static_cast<size_t>(text.size()) * static_cast<size_t>(times);
    if (size > INT32_MAX) return scope.Fail([] { return "REPEAT: the result is too long"; });
    std::string repeated;
    repeated.reserve(size);
    for (int32_t i = 0; i < times; ++i) repeated += text.view();
    *out = scope.arena().Add(repeated);
    return true;
  }
};

struct Reverse {
  bool operator()(RowScope& scope, const StringRef& text, StringRef* out) const {
    *out = scope.arena().Add(ReverseCodePoints(text.view()));
    return true;
  }
};

struct Replace {
  bool operator()(RowScope& scope, const StringRef& text, const StringRef& from,
                  const StringRef& to, StringRef* out) const {
    if (from.size() == 0) return ReplaceNothing(scope, text, to, out);
    const std::string_view view = text.view();
    const size_t found = FindBytes(view, from.view());
    if (found == std::string_view::npos) return *out = text, true;
    if (from.size() == 1 && to.size() == 0) {
      *out = Without(scope, view, from.view()[0]);
    } else {
      *out = Replaced(scope, view, from.view(), to.view(), found);
    }
    return true;
  }

 private:
  static StringRef Without(RowScope& scope, std::string_view text, char byte) {
    char* const target = scope.arena().Reserve(text.size() + kRemoveByteSlack);
    char* const end = RemoveByte(text, byte, target);
    const StringRef made(target, static_cast<uint32_t>(end - target));
    scope.arena().Shrink(made.is_inline() ? target : end);
    return made;
  }

  // The first `from` stands at `found`.
  static StringRef Replaced(RowScope& scope, std::string_view text, std::string_view from,
                            std::string_view to, size_t found) {
    ArenaText made(&scope.arena(), text.size() + to.size());
    size_t next = 0;
    for (; found != std::string_view::npos; found = FindBytes(text, from, next)) {
      made.Append(text.substr(next, found - next));
      made.Append(to);
      next = found + from.size();
    }
    made.Append(text.substr(next));
    return made.Finish();
  }

  // String.replace("", to): around every character.
  static bool ReplaceNothing(RowScope& scope, const StringRef& text, const StringRef& to,
                             StringRef* out) {
    const std::u16string units = ToUtf16(text.view());
    const std::u16string between = ToUtf16(to.view());
    std::u16string replaced = between;
    for (const char16_t unit : units) {
      replaced += unit;
      replaced += between;
    }
    *out = scope.arena().Add(FromUtf16(replaced));
    return true;
  }
};

// LPAD and RPAD.
struct Pad {
  bool left;
  bool operator()(RowScope& scope, const StringRef& text, int32_t length, const StringRef& pad,
                  StringRef* out) const {
    if (length < 0 || pad.size() == 0) return false;
    if (IsAscii(text.view()) && IsAscii(pad.view())) {
      *out = PaddedAscii(scope, text, pad.view(), static_cast<size_t>(length));
    } else {
      *out = scope.arena().Add(FromUtf16(
          Padded(ToUtf16(text.view()), std::u16string_view(ToUtf16(pad.view())), length)));
    }
    return true;
  }

 private:
  StringRef PaddedAscii(RowScope& scope, const StringRef& text, std::string_view pad,
                        size_t length) const {
    const std::string_view view = text.view();
    if (view.size() >= length) return StringRef(view.substr(0, length));
    char small[StringRef::kInlineSize];
    char* const target = length <= sizeof(small) ? small : scope.arena().Reserve(length);
    const size_t missing = length - view.size();
    char* const padding = left ? target : target + view.size();
    if (pad.size() == 1) {
      std::memset(padding, pad[0], missing);
    } else {
      for (size_t i = 0, at = 0; i < missing; ++i, at = at + 1 == pad.size() ? 0 : at + 1) {
        padding[i] = pad[at];
      }
    }
    if (!view.empty()) std::memcpy(left ? target + missing : target, view.data(), view.size());
    return StringRef(target, static_cast<uint32_t>(length));
  }

  template <typename Text, typename View>
  Text Padded(Text text, View pad, int32_t length) const {
    const auto size = static_cast<size_t>(length);
    if (text.size() >= size) {
      text.resize(size);
      return text;
    }
    Text padding;
    const size_t missing = size - text.size();
    while (padding.size() < missing) padding += pad;
    padding.resize(missing);
    return left ? padding + text : text + padding;
  }
};

template <bool kLeft>
Result<Node*> MakePad(Call& call) {
  return MakeRowCall<Pad, StringRef, StringRef, int32_t, StringRef>(
      call, {Want::kText, Want::kInt, Want::kText}, {kLeft});
}

// SqlFunctionUtils.overlay.
struct Overlay {
  bool operator()(RowScope& scope, const StringRef& text, const StringRef& with, int64_t start,
                  StringRef* out) const {
    const auto length = static_cast<int64_t>(ToUtf16(with.view()).size());
    return (*this)(scope, text, with, start, length, out);
  }
  bool operator()(RowScope& scope, const StringRef& text, const StringRef& with, int64_t start,
                  int64_t length, StringRef* out) const {
    const std::u16string from = ToUtf16(text.view());
    const auto size = static_cast<int64_t>(from.size());
    if (start <= 0 || start > size) return *out = text, true;
    const auto taken = static_cast<int32_t>(length);
    std::u16string made = from.substr(0, static_cast<size_t>(start - 1));
    made += ToUtf16(with.view());
    if (start + taken <= size && taken > 0) {
      made += from.substr(static_cast<size_t>(start - 1 + taken));
    }
    *out = scope.arena().Add(FromUtf16(made));
    return true;
  }
};

Result<Node*> MakeOverlay(Call& call) {
  if (call.arity() == 3) {
    return MakeRowCall<Overlay, StringRef, StringRef, StringRef, int64_t>(
        call, {Want::kText, Want::kText, Want::kLong});
  }
  return MakeRowCall<Overlay, StringRef, StringRef, StringRef, int64_t, int64_t>(
      call, {Want::kText, Want::kText, Want::kLong, Want::kLong});
}

struct Ascii {
  bool operator()(RowScope&, const StringRef& text, int32_t* out) const {
    *out = text.size() == 0 ? 0 : static_cast<signed char>(text.data()[0]);
    return true;
  }
};

// Of the lowest byte, as Latin-1.
struct Chr {
  bool operator()(RowScope&, int64_t code, StringRef* out) const {
    if (code < 0) return *out = StringRef(), true;
    const auto byte = static_cast<unsigned char>(code & 0xff);
    char text[2] = {static_cast<char>(byte), 0};
    if (byte >= 0x80) {
      text[0] = static_cast<char>(0xc0 | byte >> 6);
      text[1] = static_cast<char>(0x80 | (byte & 0x3f));
    }
    *out = StringRef(text, byte < 0x80 ? 1 : 2);
    return true;
  }
};

// Character.isWhitespace, of what one byte can hold.
bool IsWhitespace(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f);
}

// The part of `text` with that index between separators, empty parts counted.
struct SplitIndex {
  bool operator()(RowScope&, const StringRef& text, const StringRef& separator, int32_t index,
                  StringRef* out) const {
    if (index < 0 || text.size() == 0) return false;
    if (separator.size() == 1) return PartByByte(text.view(), separator.data()[0], index, out);
    if (separator.size() == 0) {
      return Part(text.view(), index, out, [](std::string_view t, size_t from, size_t* size) {
        while (from < t.size() && !IsWhitespace(t[from])) ++from;
        *size = 1;
        return from < t.size() ? from : std::string_view::npos;
      });
    }
    return Part(text.view(), index, out, [&](std::string_view t, size_t from, size_t* size) {
      *size = separator.size();
      return FindBytes(t, separator.view(), from);
    });
  }
  bool operator()(RowScope& scope, const StringRef& text, int32_t character, int32_t index,
                  StringRef* out) const {
    if (character > 255 || character < 1) return false;
    StringRef separator;
    Chr()(scope, character, &separator);
    return (*this)(scope, text, separator, index, out);
  }

 private:
  static bool PartByByte(std::string_view text, char separator, int32_t index, StringRef* out) {
    std::string_view part;
    if (!FindPart(text, separator, static_cast<size_t>(index), &part)) return false;
    *out = StringRef(part);
    return true;
  }

  template <typename Find>
  static bool Part(std::string_view text, int32_t index, StringRef* out, Find&& find) {
    size_t start = 0;
    while (true) {
      size_t size = 0;
      const size_t end = find(text, start, &size);
      const bool last = end == std::string_view::npos;
      if (index-- == 0) {
        const std::string_view part = text.substr(start, last ? end : end - start);
        *out = StringRef(part.data(), static_cast<uint32_t>(part.size()));
        return true;
      }
      if (last) return false;
      start = end + size;
    }
  }
};

Result<Node*> MakeSplitIndex(Call& call) {
  if (call.arity() == 3 && !call.operand_type(1).IsString()) {
    return MakeRowCall<SplitIndex, StringRef, StringRef, int32_t, int32_t>(
        call, {Want::kText, Want::kInt, Want::kInt});
  }
  return MakeRowCall<SplitIndex, StringRef, StringRef, StringRef, int32_t>(
      call, {Want::kText, Want::kText, Want::kInt});
}

Result<Node*> MakeRepeat(Call& call) {
  return MakeRowCall<Repeat, StringRef, StringRef, int32_t>(call, {Want::kText, Want::kInt}, {},
                                                            OnError::kFail);
}
Result<Node*> MakeReverse(Call& call) {
  return MakeRowCall<Reverse, StringRef, StringRef>(call, {Want::kText});
}
Result<Node*> MakeReplace(Call& call) {
  return MakeRowCall<Replace, StringRef, StringRef, StringRef, StringRef>(
      call, {Want::kText, Want::kText, Want::kText});
}
Result<Node*> MakeAscii(Call& call) {
  return MakeRowCall<Ascii, int32_t, StringRef>(call, {Want::kText});
}
Result<Node*> MakeChr(Call& call) {
  return MakeRowCall<Chr, StringRef, int64_t>(call, {Want::kLong});
}

constexpr FunctionEntry kFunctions[] = {
    {"||", Concat},          {"CONCAT", Concat},       {"CONCAT_WS", ConcatWs},
    {"REPEAT", MakeRepeat},  {"REVERSE", MakeReverse}, {"REPLACE", MakeReplace},
    {"LPAD", MakePad<true>}, {"RPAD", MakePad<false>}, {"OVERLAY", MakeOverlay},
    {"ASCII", MakeAscii},    {"CHR", MakeChr},         {"SPLIT_INDEX", MakeSplitIndex},
};

}  // namespace

std::span<const FunctionEntry> TextBuildFunctions() { return kFunctions; }

}  // namespace castor::expr
