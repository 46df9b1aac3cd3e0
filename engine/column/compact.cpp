// CompactStrings and CompactLists.
#include <memory>
#include <vector>

#include "column/gather.h"
#include "column/string_arena.h"
#include "column/visit.h"

namespace castor {
namespace {

ColumnPtr FlatOrConstant(const ColumnPtr& column) {
  return column->is_constant() ? column : Flatten(column);
}

// Of a flat or constant column.
bool IsNullRow(const Column& column, int32_t row) {
  return column.validity() != nullptr && !bitmap::Get(column.validity(), row);
}

// Whether the lists of `rows` values stand in their children as CompactLists puts them.
bool IsCompact(const Column& lists, int32_t rows) {
  const auto* refs = lists.values<ListRef>();
  int32_t next = 0;
  for (int32_t row = 0; row < rows; ++row) {
    if (refs[row].size == 0) continue;
    if (refs[row].offset != next || IsNullRow(lists, row)) return false;
    next = refs[row].end();
  }
  return next == lists.children()[0]->size();
}

}  // namespace

ColumnPtr CompactStrings(const ColumnPtr& column) {
  const bool list = column->physical() == PhysicalType::kList;
  if (list || column->physical() == PhysicalType::kRow) {
    const ColumnPtr flat = list ? CompactLists(column) : FlatOrConstant(column);
    auto result = std::make_shared<Column>(*flat);
    for (ColumnPtr& child : result->mutable_children()) child = CompactStrings(child);
    return result;
  }
  if (column->physical() != PhysicalType::kString) return column;

  const int32_t rows = column->is_constant() ? 1 : column->size();
  size_t bytes = 0;
  const auto skip = [](int32_t) {};
  VisitRows<StringRef>(
      *column, rows,
      [&](int32_t, const StringRef& text) { bytes += text.is_inline() ? 0 : text.size(); }, skip);

  MutableColumnPtr result = column->is_constant()
                                ? Column::MakeConstant(column->type(), column->size())
                                : Column::MakeFlat(column->type(), rows);
  StringArena arena(bytes);
  auto* target = result->mutable_values<StringRef>();
  VisitRows<StringRef>(
      *column, rows,
      [&](int32_t row, const StringRef& text) {
        target[row] = text.is_inline() ? text : arena.Add(text.view());
      },
      [&](int32_t row) {
        target[row] = StringRef();
        result->SetNull(row);
      });
  arena.Finish(result.get());
  return result;
}

ColumnPtr CompactLists(const ColumnPtr& column) {
  const ColumnPtr lists = FlatOrConstant(column);
  const int32_t rows = lists->is_constant() ? 1 : lists->size();
  if (IsCompact(*lists, rows)) return lists;
  MutableColumnPtr result = lists->is_constant()
                                ? Column::MakeConstant(lists->type(), lists->size())
                                : Column::MakeFlat(lists->type(), rows);
  const auto* refs = lists->values<ListRef>();
  auto* target = result->mutable_values<ListRef>();
  std::vector<int32_t> elements;
  for (int32_t row = 0; row < rows; ++row) {
    const int32_t size = IsNullRow(*lists, row) ? 0 : refs[row].size;
    target[row] = {static_cast<int32_t>(elements.size()), size};
    for (int32_t i = 0; i < size; ++i) elements.push_back(refs[row].offset + i);
  }
  result->set_validity(lists->validity_buffer());
  const auto count = static_cast<int32_t>(elements.size());
  for (size_t i = 0; i < lists->children().size(); ++i) {
    result->mutable_children()[i] = Gather(*lists->children()[i], elements.data(), count);
  }
  return result;
}

}  // namespace castor
