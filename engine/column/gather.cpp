#include "column/gather.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

#include "column/dispatch_width.h"

namespace castor {
namespace {

BufferPtr AllocateBits(int32_t rows) {
  return Buffer::Allocate(static_cast<size_t>(bitmap::Words(rows)) * 8);
}

bool HasNegative(const int32_t* indices, int32_t count) {
  int32_t sign = 0;
  for (int32_t i = 0; i < count; ++i) sign |= indices[i];
  return sign < 0;
}

// target[i] = source[indices[i]]; zero where the index is negative.
void GatherValues(const uint8_t* source, const int32_t* indices, int32_t count, bool negative,
                  int32_t width, uint8_t* target) {
  DispatchWidth(width, [&]<typename T>() {
    const T* from = reinterpret_cast<const T*>(source);
    T* to = reinterpret_cast<T*>(target);
    if (negative) {
      for (int32_t i = 0; i < count; ++i) to[i] = indices[i] < 0 ? T{} : from[indices[i]];
    } else {
      for (int32_t i = 0; i < count; ++i) to[i] = from[indices[i]];
    }
  });
}

// target bit i = set(indices[i]), whole words at a time.
template <typename Set>
void FillBits(const int32_t* indices, int32_t count, uint8_t* target, Set set) {
  for (int32_t start = 0; start < count; start += 64) {
    const int32_t end = std::min(count, start + 64);
    uint64_t word = 0;
    for (int32_t i = start; i < end; ++i) {
      word |= static_cast<uint64_t>(set(indices[i])) << (i - start);
    }
    std::memcpy(target + start / 8, &word, 8);
  }
}

// target bit i = source bit indices[i] (all set when `source` is null); clear where the index is
// negative.
void GatherBits(const uint8_t* source, const int32_t* indices, int32_t count, bool negative,
                uint8_t* target) {
  if (source == nullptr) {
    FillBits(indices, count, target, [](int32_t index) { return index >= 0; });
  } else if (negative) {
    FillBits(indices, count, target,
             [=](int32_t index) { return index >= 0 && bitmap::Get(source, index); });
  } else {
    FillBits(indices, count, target, [=](int32_t index) { return bitmap::Get(source, index); });
  }
}

BufferPtr GatherValidity(const Column& flat, const int32_t* indices, int32_t count, bool negative) {
  if (flat.validity() == nullptr && !negative) return nullptr;
  BufferPtr bits = AllocateBits(count);
  GatherBits(flat.validity(), indices, count, negative, bits->data());
  // Keeping an all-set bitmap would send every later kernel down the path with nulls.
  return bitmap::CountSet(bits->data(), count) == count ? nullptr : bits;
}

// Keeps alive what the values of `result`, copied from `source`, point to.
void KeepReferents(const Column& source, Column* result) {
  result->AddStringBuffersOf(source);
  if (source.physical() == PhysicalType::kList) result->mutable_children() = source.children();
}

ColumnPtr GatherFlat(const Column& flat, const int32_t* indices, int32_t count) {
  const bool negative = HasNegative(indices, count);
  BufferPtr validity = GatherValidity(flat, indices, count, negative);
  if (flat.physical() == PhysicalType::kRow) {
    std::vector<ColumnPtr> children;
    for (const ColumnPtr& child : flat.children()) {
      children.push_back(Gather(*child, indices, count));
    }
    return Column::MakeRow(flat.type(), count, std::move(validity), std::move(children));
  }
  MutableColumnPtr result = Column::MakeFlat(flat.type(), count);
  GatherValues(flat.values<uint8_t>(), indices, count, negative, PhysicalWidth(flat.physical()),
               result->mutable_values<uint8_t>());
  result->set_validity(std::move(validity));
  KeepReferents(flat, result.get());
  return result;
}

// The column of `count` rows that a constant stands for, flat.
ColumnPtr FlattenConstant(const Column& constant, int32_t count) {
  BufferPtr validity;
  if (constant.IsNull(0)) {
    validity = Buffer::AllocateZeroed(static_cast<size_t>(bitmap::Words(count)) * 8);
  }
  if (constant.physical() == PhysicalType::kRow) {
    std::vector<ColumnPtr> children;
    for (const ColumnPtr& child : constant.children()) {
      children.push_back(Slice(child, 0, count));
    }
    return Column::MakeRow(constant.type(), count, std::move(validity), std::move(children));
  }
  MutableColumnPtr result = Column::MakeFlat(constant.type(), count);
  DispatchWidth(PhysicalWidth(constant.physical()), [&]<typename T>() {
    std::fill_n(result->mutable_values<T>(), count, constant.values<T>()[0]);
  });
  result->set_validity(std::move(validity));
  KeepReferents(constant, result.get());
  return result;
}

ColumnPtr ResizeConstant(const Column& constant, int32_t count) {
  MutableColumnPtr result = Column::MakeConstant(constant.type(), count);
  result->set_validity(constant.validity_buffer());
  if (constant.physical() == PhysicalType::kRow) {
    for (size_t i = 0; i < constant.children().size(); ++i) {
      result->mutable_children()[i] = Slice(constant.children()[i], 0, count);
    }
    return result;
  }
  std::memcpy(result->mutable_values<uint8_t>(), constant.values<uint8_t>(),
              static_cast<size_t>(PhysicalWidth(constant.physical())));
  KeepReferents(constant, result.get());
  return result;
}

// The constant where the index is not negative, NULL elsewhere.
ColumnPtr GatherConstant(const Column& constant, const int32_t* indices, int32_t count) {
  std::vector<int32_t> first(static_cast<size_t>(count));
  for (int32_t i = 0; i < count; ++i) first[i] = std::min(indices[i], 0);
  return GatherFlat(*FlattenConstant(constant, 1), first.data(), count);
}

// A view of the elements [from, from + count) of a buffer of fixed-width values.
BufferPtr SliceBuffer(const BufferPtr& buffer, int32_t from, int32_t count, int32_t width) {
  if (from == 0) return buffer;
  return Buffer::Wrap(buffer->data() + static_cast<size_t>(from) * width,
                      static_cast<size_t>(count) * width, buffer);
}

BufferPtr SliceValidity(const Column& flat, int32_t from, int32_t count) {
  if (flat.validity() == nullptr) return nullptr;
  BufferPtr bits = AllocateBits(count);
  bitmap::Copy(flat.validity(), from, count, bits->data());
  return bitmap::CountSet(bits->data(), count) == count ? nullptr : bits;
}

}  // namespace

ColumnPtr Gather(const Column& column, const int32_t* indices, int32_t count) {
  switch (column.encoding()) {
    case Encoding::kConstant:
      if (column.IsNull(0) || !HasNegative(indices, count)) return ResizeConstant(column, count);
      return GatherConstant(column, indices, count);
    case Encoding::kFlat:
      return GatherFlat(column, indices, count);
    case Encoding::kDictionary:
      break;
  }
  std::vector<int32_t> composed(static_cast<size_t>(count));
  const int32_t* through = column.indices();
  for (int32_t i = 0; i < count; ++i) composed[i] = indices[i] < 0 ? -1 : through[indices[i]];
  return GatherFlat(*column.base(), composed.data(), count);
}

Batch Gather(const Batch& batch, const int32_t* indices, int32_t count) {
  Batch result;
  result.num_rows = count;
  result.columns.reserve(batch.columns.size());
  for (const ColumnPtr& column : batch.columns) {
    result.columns.push_back(Gather(*column, indices, count));
  }
  if (batch.row_kinds != nullptr) {
    result.row_kinds = Buffer::Allocate(static_cast<size_t>(count));
    GatherValues(batch.row_kinds->data(), indices, count, false, 1, result.row_kinds->data());
  }
  return result;
}

ColumnPtr Slice(const ColumnPtr& column, int32_t from, int32_t count) {
  assert(from >= 0 && count >= 0);
  if (column->is_constant()) {
    return count == column->size() ? column : ResizeConstant(*column, count);
  }
  assert(from + count <= column->size());
  if (from == 0 && count == column->size()) return column;
  if (column->encoding() == Encoding::kDictionary) {
    BufferPtr indices = SliceBuffer(column->values_buffer(), from, count, sizeof(int32_t));
    return Column::MakeDictionary(column->base(), std::move(indices), count);
  }
  BufferPtr validity = SliceValidity(*column, from, count);
  if (column->physical() == PhysicalType::kRow) {
    std::vector<ColumnPtr> children;
    for (const ColumnPtr& child : column->children()) children.push_back(Slice(child, from, count));
    return Column::MakeRow(column->type(), count, std::move(validity), std::move(children));
  }
  BufferPtr values =
      SliceBuffer(column->values_buffer(), from, count, PhysicalWidth(column->physical()));
  MutableColumnPtr result =
      Column::MakeFlat(column->type(), count, std::move(values), std::move(validity));
  KeepReferents(*column, result.get());
  return result;
}

ColumnPtr Flatten(const ColumnPtr& column) {
  switch (column->encoding()) {
    case Encoding::kFlat:
      return column;
    case Encoding::kConstant:
      return FlattenConstant(*column, column->size());
    case Encoding::kDictionary:
      return GatherFlat(*column->base(), column->indices(), column->size());
  }
  __builtin_unreachable();
}

}  // namespace castor
