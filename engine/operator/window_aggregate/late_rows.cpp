#include "operator/window_aggregate/late_rows.h"

#include <algorithm>

#include "column/gather.h"

namespace castor::window_aggregate {

Batch LateRows::Filter(Batch batch, const windowing::SliceAssigner& assigner, TimestampMs progress,
                       std::vector<TimestampMs>* slices) {
  if (slices->empty()) return batch;
  const TimestampMs first = *std::min_element(slices->begin(), slices->end());
  if (!assigner.has_gaps() && !assigner.IsFired(first, progress)) return batch;
  kept_.clear();
  for (size_t i = 0; i < slices->size(); ++i) {
    TimestampMs slice = (*slices)[i];
    if (assigner.has_gaps() && assigner.LastWindowEnd(slice) == kMinTimestamp) continue;
    if (assigner.IsFired(slice, progress)) {
      if (assigner.IsFired(assigner.LastWindowEnd(slice), progress)) continue;
      if (assigner.cumulative()) slice = assigner.FirstSlice(slice);
    }
    (*slices)[kept_.size()] = slice;
    kept_.push_back(static_cast<int32_t>(i));
  }
  slices->resize(kept_.size());
  if (kept_.size() == static_cast<size_t>(batch.num_rows)) return batch;
  dropped_->Add(batch.num_rows - static_cast<int64_t>(kept_.size()));
  return Gather(batch, kept_.data(), static_cast<int32_t>(kept_.size()));
}

}  // namespace castor::window_aggregate
