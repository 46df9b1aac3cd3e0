#include "column/column.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

#include "column/gather.h"

namespace castor {
namespace {

size_t ValueBytes(PhysicalType type, int32_t size) {
  return static_cast<size_t>(PhysicalWidth(type)) * static_cast<size_t>(size);
}

bool HasNegative(const int32_t* indices, int32_t size) {
  int32_t sign = 0;
  for (int32_t i = 0; i < size; ++i) sign |= indices[i];
  return sign < 0;
}

// indices[i] -> through[indices[i]]; -1 stays.
BufferPtr Compose(const int32_t* indices, const int32_t* through, int32_t size) {
  BufferPtr composed = Buffer::Allocate(static_cast<size_t>(size) * sizeof(int32_t));
  auto* target = composed->as<int32_t>();
  for (int32_t i = 0; i < size; ++i) target[i] = indices[i] < 0 ? -1 : through[indices[i]];
  return composed;
}

// Indices into a base of one row.
BufferPtr ToFirstRow(const int32_t* indices, int32_t size) {
  BufferPtr first = Buffer::Allocate(static_cast<size_t>(size) * sizeof(int32_t));
  auto* target = first->as<int32_t>();
  for (int32_t i = 0; i < size; ++i) target[i] = std::min(indices[i], 0);
  return first;
}

std::vector<ColumnPtr> EmptyChildren(const LogicalType& type) {
  std::vector<ColumnPtr> children;
  for (const LogicalType& child : type.ChildTypes()) children.push_back(Column::MakeFlat(child, 0));
  return children;
}

}  // namespace

MutableColumnPtr Column::MakeFlat(const LogicalType& type, int32_t size) {
  auto column = std::make_shared<Column>();
  column->type_ = type;
  column->physical_ = type.physical();
  column->size_ = size;
  if (column->physical_ == PhysicalType::kRow) {
    for (const LogicalType::Field& field : type.fields()) {
      column->children_.push_back(MakeFlat(field.type, size));
    }
  } else if (column->physical_ == PhysicalType::kList) {
    column->values_ = Buffer::AllocateZeroed(ValueBytes(column->physical_, size));
    column->children_ = EmptyChildren(type);
  } else {
    column->values_ = Buffer::Allocate(ValueBytes(column->physical_, size));
  }
  return column;
}

MutableColumnPtr Column::MakeFlat(const LogicalType& type, int32_t size, BufferPtr values,
                                  BufferPtr validity, std::vector<BufferPtr> string_buffers) {
  auto column = std::make_shared<Column>();
  column->type_ = type;
  column->physical_ = type.physical();
  column->size_ = size;
  column->values_ = std::move(values);
  column->validity_ = std::move(validity);
  column->string_buffers_ = std::move(string_buffers);
  return column;
}

MutableColumnPtr Column::MakeRow(const LogicalType& type, int32_t size, BufferPtr validity,
                                 std::vector<ColumnPtr> children) {
  assert(type.physical() == PhysicalType::kRow && children.size() == type.fields().size());
  auto column = std::make_shared<Column>();
  column->type_ = type;
  column->physical_ = PhysicalType::kRow;
  column->size_ = size;
  column->validity_ = std::move(validity);
  column->children_ = std::move(children);
  return column;
}

MutableColumnPtr Column::MakeList(const LogicalType& type, int32_t size, BufferPtr refs,
                                  BufferPtr validity, std::vector<ColumnPtr> children) {
  assert(type.physical() == PhysicalType::kList);
  MutableColumnPtr column = MakeFlat(type, size, std::move(refs), std::move(validity));
  for (ColumnPtr& child : children) child = Flatten(child);
  column->children_ = std::move(children);
  return column;
}

MutableColumnPtr Column::MakeConstant(const LogicalType& type, int32_t size) {
  auto column = std::make_shared<Column>();
  column->type_ = type;
  column->physical_ = type.physical();
  column->encoding_ = Encoding::kConstant;
  column->size_ = size;
  if (column->physical_ == PhysicalType::kRow) {
    for (const LogicalType::Field& field : type.fields()) {
      column->children_.push_back(MakeConstant(field.type, size));
    }
  } else {
    // Zeroed: a constant NULL holds a defined value too, as kernels may load what they then mask.
    column->values_ = Buffer::AllocateZeroed(ValueBytes(column->physical_, 1));
    if (column->physical_ == PhysicalType::kList) column->children_ = EmptyChildren(type);
  }
  return column;
}

ColumnPtr Column::MakeNull(const LogicalType& type, int32_t size) {
  MutableColumnPtr column = MakeConstant(type, size);
  column->SetNull(0);
  return column;
}

ColumnPtr Column::MakeDictionary(ColumnPtr base, BufferPtr indices, int32_t size) {
  auto column = std::make_shared<Column>();
  column->type_ = base->type_;
  column->physical_ = base->physical_;
  column->encoding_ = Encoding::kDictionary;
  column->size_ = size;
  const auto* rows = indices->as<int32_t>();
  if (base->encoding_ == Encoding::kDictionary) {
    column->values_ = Compose(rows, base->indices(), size);
    column->base_ = base->base_;
  } else if (base->is_constant()) {
    // One row is enough, and kernels then need not expect a constant below a dictionary.
    column->values_ = ToFirstRow(rows, size);
    column->base_ = Flatten(Slice(base, 0, 1));
  } else {
    column->values_ = std::move(indices);
    column->base_ = std::move(base);
  }
  return column;
}

uint8_t* Column::mutable_validity() {
  assert(encoding_ != Encoding::kDictionary);
  if (validity_ == nullptr) {
    const int32_t rows = is_constant() ? 1 : size_;
    validity_ = Buffer::Allocate(static_cast<size_t>(bitmap::Words(rows)) * 8);
    std::memset(validity_->data(), 0xff, validity_->size());
  }
  return validity_->data();
}

void Column::AddStringBuffersOf(const Column& other) {
  const Column& source = other.base_ != nullptr ? *other.base_ : other;
  const bool merge = !string_buffers_.empty() && !source.string_buffers_.empty();
  string_buffers_.insert(string_buffers_.end(), source.string_buffers_.begin(),
                         source.string_buffers_.end());
  if (!merge) return;
  // Batches cut from the same input share buffers; without this, lists would grow with each
  // concatenation.
  std::sort(string_buffers_.begin(), string_buffers_.end());
  string_buffers_.erase(std::unique(string_buffers_.begin(), string_buffers_.end()),
                        string_buffers_.end());
}

bool Column::IsNull(int32_t row) const {
  const Column* target;
  return Resolve(row, &target) < 0;
}

bool Column::MayHaveNulls() const {
  if (encoding_ != Encoding::kDictionary) return validity_ != nullptr;
  return base_->MayHaveNulls() || HasNegative(indices(), size_);
}

int32_t Column::Resolve(int32_t row, const Column** target) const {
  *target = this;
  if (encoding_ == Encoding::kDictionary) {
    *target = base_.get();
    row = indices()[row];
  } else if (encoding_ == Encoding::kConstant) {
    row = 0;
  }
  const uint8_t* bits = (*target)->validity();
  return row < 0 || (bits != nullptr && !bitmap::Get(bits, row)) ? -1 : row;
}

ColumnPtr Column::WithType(const LogicalType& type) const {
  assert(type.physical() == physical_);
  auto column = std::make_shared<Column>(*this);
  column->type_ = type;
  if (base_ != nullptr) column->base_ = base_->WithType(type);
  if (children_.empty()) return column;
  const std::vector<LogicalType> child_types = type.ChildTypes();
  for (size_t i = 0; i < children_.size(); ++i) {
    column->children_[i] = children_[i]->WithType(child_types[i]);
  }
  return column;
}

}  // namespace castor
