// Concat and CompactStrings.
#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

#include "column/gather.h"
#include "column/string_arena.h"
#include "column/visit.h"

namespace castor {
namespace {

int32_t TotalRows(std::span<const ColumnPtr> parts) {
  int32_t rows = 0;
  for (const ColumnPtr& part : parts) rows += part->size();
  return rows;
}

// Of flat parts; null when none of them has nulls.
BufferPtr ConcatValidity(std::span<const ColumnPtr> parts, int32_t rows) {
  const bool any = std::any_of(parts.begin(), parts.end(),
                               [](const ColumnPtr& part) { return part->validity() != nullptr; });
  if (!any) return nullptr;
  BufferPtr bits = Buffer::AllocateZeroed(static_cast<size_t>(bitmap::Words(rows)) * 8);
  int32_t row = 0;
  for (const ColumnPtr& part : parts) {
    bitmap::Append(part->validity(), part->size(), bits->data(), row);
    row += part->size();
  }
  return bits;
}

ColumnPtr ConcatFlatRows(std::span<const ColumnPtr> parts, int32_t rows) {
  std::vector<ColumnPtr> children(parts[0]->children().size());
  std::vector<ColumnPtr> child_parts(parts.size());
  for (size_t field = 0; field < children.size(); ++field) {
    for (size_t i = 0; i < parts.size(); ++i) child_parts[i] = parts[i]->children()[field];
    children[field] = Concat(child_parts);
  }
  return Column::MakeRow(parts[0]->type(), rows, ConcatValidity(parts, rows), std::move(children));
}

}  // namespace

ColumnPtr Concat(std::span<const ColumnPtr> parts) {
  assert(!parts.empty());
  if (parts.size() == 1) return Flatten(parts[0]);
  std::vector<ColumnPtr> flat(parts.size());
  std::transform(parts.begin(), parts.end(), flat.begin(), Flatten);
  const int32_t rows = TotalRows(parts);
  if (parts[0]->physical() == PhysicalType::kRow) return ConcatFlatRows(flat, rows);

  MutableColumnPtr result = Column::MakeFlat(parts[0]->type(), rows);
  const auto width = static_cast<size_t>(PhysicalWidth(parts[0]->physical()));
  uint8_t* target = result->mutable_values<uint8_t>();
  for (const ColumnPtr& part : flat) {
    const size_t bytes = width * static_cast<size_t>(part->size());
    if (bytes != 0) std::memcpy(target, part->values<uint8_t>(), bytes);
    target += bytes;
    result->AddStringBuffersOf(*part);
  }
  result->set_validity(ConcatValidity(flat, rows));
  return result;
}

Batch Concat(std::span<const Batch> parts) {
  assert(!parts.empty());
  Batch result;
  bool kinds = false;
  for (const Batch& part : parts) {
    result.num_rows += part.num_rows;
    kinds |= part.row_kinds != nullptr;
  }
  std::vector<ColumnPtr> column_parts(parts.size());
  for (size_t column = 0; column < parts[0].columns.size(); ++column) {
    for (size_t i = 0; i < parts.size(); ++i) column_parts[i] = parts[i].columns[column];
    result.columns.push_back(Concat(column_parts));
  }
  if (!kinds) return result;
  result.row_kinds = Buffer::AllocateZeroed(static_cast<size_t>(result.num_rows));
  uint8_t* target = result.row_kinds->data();
  for (const Batch& part : parts) {
    const auto bytes = static_cast<size_t>(part.num_rows);
    if (part.row_kinds != nullptr) std::memcpy(target, part.row_kinds->data(), bytes);
    target += bytes;
  }
  return result;
}

ColumnPtr CompactStrings(const ColumnPtr& column) {
  if (column->physical() == PhysicalType::kRow) {
    const ColumnPtr flat = column->is_constant() ? column : Flatten(column);
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

}  // namespace castor
