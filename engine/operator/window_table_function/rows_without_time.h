// Rows whose event time is NULL: no window function passes them on.
#pragma once

#include "base/metrics.h"
#include "column/batch.h"
#include "plan/window.h"

namespace castor::window_table_function {

class RowsWithoutTime {
 public:
  RowsWithoutTime(const plan::WindowingStrategy& windowing, MetricGroup& metrics)
      : time_field_(windowing.is_rowtime ? windowing.time_attribute : -1),
        dropped_(metrics.Counter("numNullRowTimeRecordsDropped")) {}

  // The other rows, with their marks. Counts what it drops.
  Batch Drop(Batch batch) const;

 private:
  const int32_t time_field_;  // -1: processing time
  Metric* const dropped_;
};

}  // namespace castor::window_table_function
