// One column of a batch: values of one logical type in one of three encodings.
//
// flat        one value per row; `values<T>()[row]`
// constant    the same value for all rows; `values<T>()[0]`, null if `validity` says so
// dictionary  `indices()[row]` points into the flat column `base()`; -1 is null. Lets a filter, a
//             sparse union such as Nexmark's events, or a join carry wide columns uncopied.
//
// Validity is Arrow's bitmap (bit set = valid, least significant first); nullptr = no nulls. It
// belongs to flat and constant columns; a dictionary's nulls are index -1 or those of its base. A
// ROW column is flat with one child per field and no values of its own; a field's value is null
// where the row is (children of null rows hold defined but meaningless values). Children have their
// own encodings. A constant ROW has constant children.
//
// A list (ARRAY, MAP, MULTISET) is a value too, a ListRef: the run of rows of its children that are
// its elements (`LogicalType::ChildTypes` says which). Children of a list column are flat, shared
// by whatever is sliced or gathered from it, and may hold rows that no list refers to; runs may
// overlap and come in any order. A NULL list has a valid ListRef as well.
//
// Columns are built by one thread and are immutable afterwards (ColumnPtr is to const), so sharing
// needs no lock. String values point into `string_buffers()`, which the column keeps alive.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "column/bitmap.h"
#include "column/buffer.h"
#include "column/list_ref.h"
#include "column/logical_type.h"
#include "column/string_ref.h"

namespace castor {

class Column;
using ColumnPtr = std::shared_ptr<const Column>;
using MutableColumnPtr = std::shared_ptr<Column>;

enum class Encoding : uint8_t { kFlat, kConstant, kDictionary };

class Column {
 public:
  // A flat column with room for `size` values (uninitialised) and no nulls. For ROW: children are
  // made too. For lists: all are empty.
  static MutableColumnPtr MakeFlat(const LogicalType& type, int32_t size);
  // Flat over existing memory; `values` and `validity` (may be null) must hold `size` elements.
  static MutableColumnPtr MakeFlat(const LogicalType& type, int32_t size, BufferPtr values,
                                   BufferPtr validity, std::vector<BufferPtr> string_buffers = {});
  static MutableColumnPtr MakeRow(const LogicalType& type, int32_t size, BufferPtr validity,
                                  std::vector<ColumnPtr> children);
  // `refs` holds `size` ListRefs into the children, which are made flat.
  static MutableColumnPtr MakeList(const LogicalType& type, int32_t size, BufferPtr refs,
                                   BufferPtr validity, std::vector<ColumnPtr> children);
  // A constant with uninitialised value 0; `MakeNull` is the constant NULL.
  static MutableColumnPtr MakeConstant(const LogicalType& type, int32_t size);
  static ColumnPtr MakeNull(const LogicalType& type, int32_t size);
  // `indices` holds `size` int32_t, each -1 or a row of `base`. A dictionary over a dictionary or a
  // constant is folded.
  static ColumnPtr MakeDictionary(ColumnPtr base, BufferPtr indices, int32_t size);

  const LogicalType& type() const { return type_; }
  PhysicalType physical() const { return physical_; }
  Encoding encoding() const { return encoding_; }
  bool is_flat() const { return encoding_ == Encoding::kFlat; }
  bool is_constant() const { return encoding_ == Encoding::kConstant; }
  int32_t size() const { return size_; }

  template <typename T>
  const T* values() const {
    return reinterpret_cast<const T*>(values_->data());
  }
  template <typename T>
  T* mutable_values() {
    return reinterpret_cast<T*>(values_->data());
  }
  const BufferPtr& values_buffer() const { return values_; }

  // nullptr: no nulls.
  const uint8_t* validity() const { return validity_ ? validity_->data() : nullptr; }
  const BufferPtr& validity_buffer() const { return validity_; }
  // The bitmap, made (all valid) if there was none.
  uint8_t* mutable_validity();
  void SetNull(int32_t row) { bitmap::Clear(mutable_validity(), row); }
  void set_validity(BufferPtr validity) { validity_ = std::move(validity); }

  const ColumnPtr& base() const { return base_; }
  const int32_t* indices() const { return values<int32_t>(); }

  const std::vector<ColumnPtr>& children() const { return children_; }
  std::vector<ColumnPtr>& mutable_children() { return children_; }

  const std::vector<BufferPtr>& string_buffers() const { return string_buffers_; }
  void AddStringBuffer(BufferPtr buffer) { string_buffers_.push_back(std::move(buffer)); }
  void AddStringBuffersOf(const Column& other);

  // Any encoding, one row at a time: for tests, errors and printing, not for kernels.
  bool IsNull(int32_t row) const;
  bool MayHaveNulls() const;
  // Resolves dictionary and constant: the row of `*target` that holds the value of `row`, or -1 if
  // null.
  int32_t Resolve(int32_t row, const Column** target) const;

  // The same values under another logical type of the same layout (renames, time attributes).
  ColumnPtr WithType(const LogicalType& type) const;

 private:
  LogicalType type_;
  PhysicalType physical_ = PhysicalType::kBool;
  Encoding encoding_ = Encoding::kFlat;
  int32_t size_ = 0;
  BufferPtr values_;  // values, or the indices of a dictionary
  BufferPtr validity_;
  ColumnPtr base_;
  std::vector<ColumnPtr> children_;
  std::vector<BufferPtr> string_buffers_;
};

// Calls `f.template operator()<T>()` with the C++ type of the values of a scalar: not for kRow and
// kList.
template <typename F>
decltype(auto) DispatchPhysical(PhysicalType type, F&& f) {
  switch (type) {
    case PhysicalType::kBool:
      return f.template operator()<uint8_t>();
    case PhysicalType::kInt8:
      return f.template operator()<int8_t>();
    case PhysicalType::kInt16:
      return f.template operator()<int16_t>();
    case PhysicalType::kInt32:
      return f.template operator()<int32_t>();
    case PhysicalType::kInt64:
      return f.template operator()<int64_t>();
    case PhysicalType::kInt128:
      return f.template operator()<int128_t>();
    case PhysicalType::kFloat:
      return f.template operator()<float>();
    case PhysicalType::kDouble:
      return f.template operator()<double>();
    case PhysicalType::kString:
      return f.template operator()<StringRef>();
    case PhysicalType::kRow:
    case PhysicalType::kList:
      break;
  }
  __builtin_unreachable();
}

}  // namespace castor
