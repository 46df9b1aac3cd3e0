#include "operator/rows/row_output.h"

#include <algorithm>

#include "operator/api/marks.h"

namespace castor {

void RowOutput::Emit(RowKind kind, std::string_view row, int32_t cause) {
  offsets_.push_back(bytes_.size());
  bytes_.append(row);
  kinds_.push_back(kind);
  causes_.push_back(cause);
}

Batch RowOutput::Take(const RowEncoder& encoder, const std::vector<WatermarkMark>& marks) {
  std::vector<const char*> rows;
  rows.reserve(offsets_.size());
  for (const size_t offset : offsets_) rows.push_back(bytes_.data() + offset);
  Batch batch(static_cast<int32_t>(rows.size()), encoder.Decode(rows));
  batch.row_kinds = Buffer::Allocate(kinds_.size());
  std::copy(kinds_.begin(), kinds_.end(), batch.row_kinds->as<RowKind>());
  batch.marks = MarksOfSelected(marks, causes_);
  bytes_.clear();
  offsets_.clear();
  kinds_.clear();
  causes_.clear();
  return batch;
}

}  // namespace castor
