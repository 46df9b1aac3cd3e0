// Writes a column of results row by row, in order: values, the bitmap of NULLs, and bytes of
// strings. The loops of functions use it; everything is inlined into them. Not thread-safe.
#pragma once

#include <cstring>
#include <utility>

#include "column/column.h"
#include "column/string_arena.h"

namespace castor::aggregate {

template <typename T, bool kNullable>
class ResultColumn {
 public:
  ResultColumn(const LogicalType& type, int32_t rows)
      : column_(Column::MakeFlat(type, rows)), next_(column_->mutable_values<T>()) {
    if constexpr (kNullable) {
      bits_ = Buffer::Allocate(static_cast<size_t>(bitmap::Words(rows)) * 8);
      next_bits_ = bits_->data();
    }
  }

  void Append(bool valid, const T& value) {
    if constexpr (std::is_same_v<T, StringRef>) {
      *next_++ = valid ? arena_.Add(value.view()) : StringRef();
    } else {
      *next_++ = value;
    }
    if constexpr (kNullable) {
      word_ |= static_cast<uint64_t>(valid) << bit_;
      any_null_ |= !valid;
      if (++bit_ == 64) Flush();
    }
  }

  ColumnPtr Finish() {
    if constexpr (kNullable) {
      if (bit_ > 0) Flush();
      if (any_null_) column_->set_validity(std::move(bits_));
    }
    if constexpr (std::is_same_v<T, StringRef>) arena_.Finish(column_.get());
    return std::move(column_);
  }

 private:
  void Flush() {
    std::memcpy(next_bits_, &word_, 8);
    next_bits_ += 8;
    word_ = 0;
    bit_ = 0;
  }

  MutableColumnPtr column_;
  T* next_;
  BufferPtr bits_;
  uint8_t* next_bits_ = nullptr;
  uint64_t word_ = 0;
  int bit_ = 0;
  bool any_null_ = false;
  StringArena arena_;
};

}  // namespace castor::aggregate
