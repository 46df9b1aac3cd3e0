#include "format/api/column_builder.h"

#include <cstring>
#include <utility>

namespace castor::format {
namespace {

// A larger copy of `old`, whose new bytes are `fill`; null stays null.
BufferPtr Grown(const BufferPtr& old, size_t bytes, int fill) {
  BufferPtr grown = Buffer::Allocate(bytes);
  size_t kept = old ? old->size() : 0;
  if (kept > bytes) kept = bytes;
  if (kept > 0) std::memcpy(grown->data(), old->data(), kept);
  std::memset(grown->data() + kept, fill, bytes - kept);
  return grown;
}

}  // namespace

ColumnBuilder::ColumnBuilder(LogicalType type)
    : type_(std::move(type)), physical_(type_.physical()), width_(PhysicalWidth(physical_)) {
  if (physical_ == PhysicalType::kRow) {
    for (const LogicalType::Field& field : type_.fields()) children_.emplace_back(field.type);
  }
}

void ColumnBuilder::Reserve(int32_t rows) {
  if (rows <= capacity_) return;
  if (width_ > 0) {
    const auto bytes = static_cast<size_t>(rows) * static_cast<size_t>(width_);
    // Not cleared: every row is set before it is read.
    BufferPtr grown = Buffer::Allocate(bytes);
    if (values_) {
      std::memcpy(grown->data(), values_->data(),
                  static_cast<size_t>(capacity_) * static_cast<size_t>(width_));
    }
    values_ = std::move(grown);
    values_data_ = values_->data();
  }
  if (validity_) {
    validity_ = Grown(validity_, static_cast<size_t>(bitmap::Bytes(rows)), 0xff);
    validity_data_ = validity_->data();
  }
  for (ColumnBuilder& child : children_) child.Reserve(rows);
  capacity_ = rows;
}

void ColumnBuilder::SetNull(int32_t row) {
  if (validity_data_ == nullptr) {
    validity_ = Grown(nullptr, static_cast<size_t>(bitmap::Bytes(capacity_)), 0xff);
    validity_data_ = validity_->data();
  }
  bitmap::Clear(validity_data_, row);
  if (width_ > 0) {
    std::memset(values_data_ + static_cast<size_t>(row) * static_cast<size_t>(width_), 0,
                static_cast<size_t>(width_));
  }
  for (ColumnBuilder& child : children_) child.SetNull(row);
}

void ColumnBuilder::Forget(int32_t from, int32_t to) {
  if (validity_data_ != nullptr) {
    for (int32_t row = from; row < to; ++row) bitmap::Set(validity_data_, row);
  }
  for (ColumnBuilder& child : children_) child.Forget(from, to);
}

ColumnPtr ColumnBuilder::Finish(int32_t rows) {
  MutableColumnPtr column;
  if (physical_ == PhysicalType::kRow) {
    std::vector<ColumnPtr> children;
    children.reserve(children_.size());
    for (ColumnBuilder& child : children_) children.push_back(child.Finish(rows));
    column = Column::MakeRow(type_, rows, std::move(validity_), std::move(children));
  } else {
    column = Column::MakeFlat(type_, rows, std::move(values_), std::move(validity_));
    arena_.Finish(column.get());
  }
  values_.reset();
  validity_.reset();
  values_data_ = validity_data_ = nullptr;
  capacity_ = 0;
  return column;
}

}  // namespace castor::format
