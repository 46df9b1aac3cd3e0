// Rows that come after their windows: dropped and counted when the last window of their slice is
// due, otherwise added to the windows that are still to come (WindowAggProcessor.processElement).
// So are rows that fall into no window.
#pragma once

#include <vector>

#include "base/metrics.h"
#include "column/batch.h"
#include "operator/windowing/slice_assigner.h"

namespace castor::window_aggregate {

class LateRows {
 public:
  explicit LateRows(MetricGroup& metrics) : dropped_(metrics.Counter("numLateRecordsDropped")) {}

  // `slices` holds the slice of each row. Returns the rows to keep, with `*slices` adapted: in
  // cumulative windows a row of a slice that has been merged goes to the first slice.
  Batch Filter(Batch batch, const windowing::SliceAssigner& assigner, TimestampMs progress,
               std::vector<TimestampMs>* slices);

 private:
  Metric* const dropped_;
  std::vector<int32_t> kept_;
};

}  // namespace castor::window_aggregate
