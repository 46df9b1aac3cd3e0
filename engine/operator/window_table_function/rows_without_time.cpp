#include "operator/window_table_function/rows_without_time.h"

#include "column/gather.h"
#include "operator/api/marks.h"

namespace castor::window_table_function {

Batch RowsWithoutTime::Drop(Batch batch) const {
  if (time_field_ < 0) return batch;
  const Column& times = *batch.columns[static_cast<size_t>(time_field_)];
  if (!times.MayHaveNulls()) return batch;
  std::vector<int32_t> kept;
  for (int32_t row = 0; row < batch.num_rows; ++row) {
    if (!times.IsNull(row)) kept.push_back(row);
  }
  const auto count = static_cast<int32_t>(kept.size());
  if (count == batch.num_rows) return batch;
  dropped_->Add(batch.num_rows - count);
  Batch rest = Gather(batch, kept.data(), count);
  rest.marks = MarksOfSelected(batch.marks, kept);
  return rest;
}

}  // namespace castor::window_table_function
