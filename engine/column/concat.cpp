// Concat.
#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

#include "column/gather.h"

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

// The children of flat parts, each concatenated.
std::vector<ColumnPtr> ConcatChildren(std::span<const ColumnPtr> parts) {
  std::vector<ColumnPtr> children(parts[0]->children().size());
  std::vector<ColumnPtr> child_parts(parts.size());
  for (size_t child = 0; child < children.size(); ++child) {
    for (size_t i = 0; i < parts.size(); ++i) child_parts[i] = parts[i]->children()[child];
    children[child] = Concat(child_parts);
  }
  return children;
}

// Lists share their children with what they were gathered from; of those that refer to few of them,
// only these are copied.
ColumnPtr WithoutWaste(const ColumnPtr& lists) {
  int64_t elements = 0;
  const auto* refs = lists->values<ListRef>();
  for (int32_t row = 0; row < lists->size(); ++row) elements += refs[row].size;
  return lists->children()[0]->size() > 2 * elements ? CompactLists(lists) : lists;
}

ColumnPtr ConcatFlatLists(std::span<ColumnPtr> parts, int32_t rows) {
  BufferPtr refs = Buffer::Allocate(static_cast<size_t>(rows) * sizeof(ListRef));
  auto* target = refs->as<ListRef>();
  int32_t shift = 0;
  for (ColumnPtr& part : parts) {
    part = WithoutWaste(part);
    const auto* source = part->values<ListRef>();
    for (int32_t row = 0; row < part->size(); ++row) {
      *target++ = {source[row].offset + shift, source[row].size};
    }
    shift += part->children()[0]->size();
  }
  return Column::MakeList(parts[0]->type(), rows, std::move(refs), ConcatValidity(parts, rows),
                          ConcatChildren(parts));
}

}  // namespace

ColumnPtr Concat(std::span<const ColumnPtr> parts) {
  assert(!parts.empty());
  if (parts.size() == 1) return Flatten(parts[0]);
  std::vector<ColumnPtr> flat(parts.size());
  std::transform(parts.begin(), parts.end(), flat.begin(), Flatten);
  const int32_t rows = TotalRows(parts);
  if (parts[0]->physical() == PhysicalType::kList) return ConcatFlatLists(flat, rows);
  if (parts[0]->physical() == PhysicalType::kRow) {
    return Column::MakeRow(parts[0]->type(), rows, ConcatValidity(flat, rows),
                           ConcatChildren(flat));
  }

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

}  // namespace castor
