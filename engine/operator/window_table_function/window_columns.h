// The columns window_start, window_end (wall times) and window_time (the last instant that belongs to
// the window) of the rows of one batch. Not thread-safe.
#pragma once

#include <utility>
#include <vector>

#include "column/batch.h"
#include "operator/windowing/zone_shift.h"

namespace castor::window_table_function {

class WindowColumns {
 public:
  // `types`: those of the three columns.
  WindowColumns(std::vector<LogicalType> types, windowing::ZoneShift shift)
      : types_(std::move(types)), shift_(shift) {}

  void Add(TimestampMs start, TimestampMs end) {
    starts_.push_back(start);
    ends_.push_back(end);
  }
  size_t size() const { return ends_.size(); }

  // Appends the columns of what was added, constant if all of it is one window; nothing is left.
  void Take(std::vector<ColumnPtr>* columns);

 private:
  bool AllEqual() const;
  void FillTimes();

  const std::vector<LogicalType> types_;
  const windowing::ZoneShift shift_;
  std::vector<TimestampMs> starts_;
  std::vector<TimestampMs> ends_;
  std::vector<TimestampMs> times_;
};

}  // namespace castor::window_table_function
