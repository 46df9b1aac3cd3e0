// A batch: a few hundred to a few thousand rows of columns, with a row kind each.
//
// Batches are dense: a filter compacts (or wraps in dictionaries), so no operator needs to look at
// a selection; selections live inside expression evaluation. A missing `row_kinds` buffer says that
// all rows are +I. Watermark marks say where between the rows a watermark passed (on-event
// watermarks must not cut batches): mark {row, w} stands before row `row` (row == num_rows: after
// the last). Marks ascend in both members. A batch is owned by one thread at a time; its columns
// may be shared.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "column/column.h"

namespace castor {

enum class RowKind : uint8_t { kInsert = 0, kUpdateBefore = 1, kUpdateAfter = 2, kDelete = 3 };

inline bool IsAccumulate(RowKind kind) {
  return kind == RowKind::kInsert || kind == RowKind::kUpdateAfter;
}

struct WatermarkMark {
  int32_t row;
  TimestampMs watermark;
};

struct Batch {
  int32_t num_rows = 0;
  std::vector<ColumnPtr> columns;
  BufferPtr row_kinds;  // `num_rows` bytes of RowKind, or null: all +I
  std::vector<WatermarkMark> marks;

  Batch() = default;
  Batch(int32_t rows, std::vector<ColumnPtr> cols) : num_rows(rows), columns(std::move(cols)) {}

  RowKind kind(int32_t row) const {
    return row_kinds ? static_cast<RowKind>(row_kinds->data()[row]) : RowKind::kInsert;
  }
  const RowKind* kinds() const {
    return row_kinds ? reinterpret_cast<const RowKind*>(row_kinds->data()) : nullptr;
  }

  // Rows [from, from + count) without marks; fixed-width values are shared, not copied.
  Batch Slice(int32_t from, int32_t count) const;
  // About how many bytes this batch keeps alive; used to bound queues.
  int64_t ByteSize() const;
};

}  // namespace castor
