#include "format/api/column_builder.h"

#include <algorithm>
#include <bit>
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

// The first bit of [from, to) that is `set`; `to` if none is.
int32_t NextBit(const uint8_t* bits, bool set, int32_t from, int32_t to) {
  while (from < to) {
    uint64_t word;
    std::memcpy(&word, bits + from / 64 * 8, sizeof(word));
    if (!set) word = ~word;
    word >>= from % 64;
    if (word != 0) return std::min(from + std::countr_zero(word), to);
    from = (from / 64 + 1) * 64;
  }
  return to;
}

}  // namespace

ColumnBuilder::ColumnBuilder(LogicalType type)
    : type_(std::move(type)), physical_(type_.physical()), width_(PhysicalWidth(physical_)) {
  for (const LogicalType& child : type_.ChildTypes()) children_.emplace_back(child);
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
  if (physical_ == PhysicalType::kRow) {
    for (ColumnBuilder& child : children_) child.Reserve(rows);
  }
  capacity_ = rows;
}

int32_t ColumnBuilder::AddElement() {
  constexpr int32_t kFirstCapacity = 64;
  if (elements_ == children_[0].capacity()) {
    const int32_t capacity = std::max(kFirstCapacity, elements_ * 2);
    for (ColumnBuilder& child : children_) child.Reserve(capacity);
  }
  return elements_++;
}

void ColumnBuilder::DropElements(int32_t first) {
  for (ColumnBuilder& child : children_) child.Forget(first, elements_);
  elements_ = first;
}

void ColumnBuilder::MakeValidity() {
  validity_ = Grown(nullptr, static_cast<size_t>(bitmap::Bytes(capacity_)), 0xff);
  validity_data_ = validity_->data();
}

void ColumnBuilder::Forget(int32_t from, int32_t to) {
  if (validity_data_ != nullptr) {
    for (int32_t row = from; row < to; ++row) bitmap::Set(validity_data_, row);
  }
  if (physical_ != PhysicalType::kRow) return;
  for (ColumnBuilder& child : children_) child.Forget(from, to);
}

void ColumnBuilder::Mask(const BufferPtr& mask, int32_t rows) {
  if (validity_ == nullptr) {
    validity_ = mask;
  } else {
    bitmap::And(validity_->data(), mask->data(), rows, validity_->data());
  }
  const uint8_t* const bits = mask->data();
  for (int32_t row = 0; row < rows;) {
    const int32_t from = NextBit(bits, false, row, rows);
    row = NextBit(bits, true, from, rows);
    if (row > from) Clear(from, row);
  }
}

ColumnPtr ColumnBuilder::Finish(int32_t rows) {
  MutableColumnPtr column;
  std::vector<ColumnPtr> children;
  if (physical_ == PhysicalType::kRow && validity_ != nullptr) {
    for (ColumnBuilder& child : children_) child.Mask(validity_, rows);
  }
  for (ColumnBuilder& child : children_) {
    child.Reserve(1);  // so that there is memory where there are no elements
    children.push_back(child.Finish(physical_ == PhysicalType::kRow ? rows : elements_));
  }
  if (physical_ == PhysicalType::kRow) {
    column = Column::MakeRow(type_, rows, std::move(validity_), std::move(children));
  } else if (physical_ == PhysicalType::kList) {
    column = Column::MakeList(type_, rows, std::move(values_), std::move(validity_),
                              std::move(children));
    elements_ = 0;
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
