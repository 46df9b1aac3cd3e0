#include "operator/sink/text_length.h"

#include <cstring>
#include <string_view>

#include "column/gather.h"
#include "column/string_arena.h"
#include "column/visit.h"

namespace castor {
namespace {

bool StartsCodePoint(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; }

int64_t CodePoints(std::string_view text) {
  int64_t count = 0;
  for (const char byte : text) count += StartsCodePoint(byte);
  return count;
}

// Bytes of the first `count` code points.
size_t BytesOf(std::string_view text, int64_t count) {
  size_t at = 0;
  while (at < text.size()) {
    if (StartsCodePoint(text[at]) && count-- == 0) break;
    ++at;
  }
  return at;
}

int64_t LengthOf(std::string_view value, const LengthRule& rule) {
  return rule.bytes ? static_cast<int64_t>(value.size()) : CodePoints(value);
}

// A value is at least as long in bytes as in code points, which settles most cases unread.
bool Obeys(std::string_view value, const LengthRule& rule) {
  if (!rule.fixed && value.size() <= static_cast<size_t>(rule.length)) return true;
  const int64_t length = LengthOf(value, rule);
  return rule.fixed ? length == rule.length : length <= rule.length;
}

StringRef Adjusted(std::string_view value, const LengthRule& rule, StringArena* arena) {
  const int64_t length = LengthOf(value, rule);
  if (length >= rule.length) {
    const size_t bytes =
        rule.bytes ? static_cast<size_t>(rule.length) : BytesOf(value, rule.length);
    return arena->Add(value.substr(0, bytes));
  }
  const size_t missing = static_cast<size_t>(rule.length - length);
  char* padded = arena->Reserve(value.size() + missing);
  std::memcpy(padded, value.data(), value.size());
  std::memset(padded + value.size(), rule.bytes ? 0 : ' ', missing);
  return StringRef(padded, static_cast<uint32_t>(value.size() + missing));
}

}  // namespace

LengthRule LengthRule::Of(const LogicalType& type) {
  const TypeKind kind = type.kind();
  return {type.length(), kind == TypeKind::kChar || kind == TypeKind::kBinary,
          kind == TypeKind::kBinary || kind == TypeKind::kVarBinary};
}

int64_t FindWrongLength(const Column& column, const LengthRule& rule) {
  int64_t wrong = -1;
  VisitRows<StringRef>(
      column, column.size(),
      [&](int32_t, const StringRef& value) {
        if (wrong < 0 && !Obeys(value.view(), rule)) wrong = LengthOf(value.view(), rule);
      },
      [](int32_t) {});
  return wrong;
}

ColumnPtr TrimOrPad(const ColumnPtr& column, const LengthRule& rule) {
  if (FindWrongLength(*column, rule) < 0) return column;
  const ColumnPtr flat = Flatten(column);
  const int32_t rows = flat->size();
  MutableColumnPtr result = Column::MakeFlat(flat->type(), rows);
  result->set_validity(flat->validity_buffer());
  StringRef* values = result->mutable_values<StringRef>();
  StringArena arena;
  VisitRows<StringRef>(
      *flat, rows,
      [&](int32_t row, const StringRef& value) {
        values[row] = Obeys(value.view(), rule) ? value : Adjusted(value.view(), rule, &arena);
      },
      [&](int32_t row) { values[row] = StringRef(); });
  arena.Finish(result.get());
  result->AddStringBuffersOf(*flat);
  return result;
}

}  // namespace castor
