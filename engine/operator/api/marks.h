// Watermark marks of batches whose rows are filtered or multiplied on the way through an operator.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "column/batch.h"
#include "operator/api/output.h"

namespace castor {

// Marks for the batch of the rows `selected` (ascending): a mark that stood before row r stands
// before the first selected row that is r or later.
inline std::vector<WatermarkMark> MarksOfSelected(const std::vector<WatermarkMark>& marks,
                                                  std::span<const int32_t> selected) {
  std::vector<WatermarkMark> moved;
  moved.reserve(marks.size());
  auto from = selected.begin();
  for (const WatermarkMark& mark : marks) {
    from = std::lower_bound(from, selected.end(), mark.row);
    moved.push_back({static_cast<int32_t>(from - selected.begin()), mark.watermark});
  }
  return moved;
}

// For batches of which no row goes on: their marks as watermarks of their own.
inline void EmitMarks(const std::vector<WatermarkMark>& marks, Output& out) {
  for (const WatermarkMark& mark : marks) out.EmitWatermark(mark.watermark);
}

}  // namespace castor
