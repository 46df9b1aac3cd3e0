// Builds a flat column row by row, for readers of row-wise formats.
//
// Rows are set in any order within `capacity`; a row that is never set holds NULL only if SetNull
// was called for it, so callers account for every row, but for the fields of a ROW that is NULL. A
// row may be set again after `Forget`. A list is set by appending its elements to the children and
// then `SetList`. One thread at a time; after Finish the builder is empty and takes a new Reserve.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "column/column.h"
#include "column/string_arena.h"

namespace castor::format {

class ColumnBuilder {
 public:
  explicit ColumnBuilder(LogicalType type);

  // Room for at least `rows` rows, keeping what is there.
  void Reserve(int32_t rows);
  int32_t capacity() const { return capacity_; }

  template <typename T>
  void Set(int32_t row, T value) {
    reinterpret_cast<T*>(values_data_)[row] = value;
  }
  void SetString(int32_t row, std::string_view text) { Set(row, arena_.Add(text)); }
  StringArena& arena() { return arena_; }

  // Of lists: the number of elements so far; another one, whose row in every child is returned and
  // is to be set; the elements from `first` on as the list of a row, or dropped.
  int32_t elements() const { return elements_; }
  int32_t AddElement();
  void SetList(int32_t row, int32_t first) { Set(row, ListRef{first, elements_ - first}); }
  void DropElements(int32_t first);

  // NULL with a defined value below it, in children as well.
  void SetNull(int32_t row) {
    if (validity_data_ == nullptr) MakeValidity();
    bitmap::Clear(validity_data_, row);
    Clear(row, row + 1);
  }
  // Takes back NULLs of rows [from, to), which will be set again.
  void Forget(int32_t from, int32_t to);

  const LogicalType& type() const { return type_; }
  PhysicalType physical() const { return physical_; }
  // Of the fields of a ROW, or of a list's elements: LogicalType::ChildTypes.
  std::vector<ColumnBuilder>& children() { return children_; }

  // The first `rows` rows.
  ColumnPtr Finish(int32_t rows);

 private:
  void MakeValidity();
  // Makes the values of rows [from, to) zero.
  void Clear(int32_t from, int32_t to) {
    if (width_ == 0) return;
    const auto width = static_cast<size_t>(width_);
    std::memset(values_data_ + static_cast<size_t>(from) * width, 0,
                static_cast<size_t>(to - from) * width);
  }
  // Makes rows NULL where `mask` has no bit set, as they are in the ROW above.
  void Mask(const BufferPtr& mask, int32_t rows);

  LogicalType type_;
  PhysicalType physical_;
  int32_t width_;
  int32_t capacity_ = 0;
  int32_t elements_ = 0;
  BufferPtr values_;
  uint8_t* values_data_ = nullptr;
  BufferPtr validity_;  // made at the first NULL
  uint8_t* validity_data_ = nullptr;
  StringArena arena_;
  std::vector<ColumnBuilder> children_;
};

}  // namespace castor::format
