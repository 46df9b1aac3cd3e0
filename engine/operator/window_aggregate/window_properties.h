// The columns that say which window a result belongs to: start, end, and its time as an attribute.
#pragma once

#include <vector>

#include "column/batch.h"
#include "operator/windowing/slice_assigner.h"
#include "plan/window.h"

namespace castor::window_aggregate {

// Appends one constant column per property, `types` being those of the node's output. Start and end
// are wall times, the row time is the last instant that belongs to the window (window end - 1), the
// processing time is `now`.
void AppendWindowProperties(const std::vector<plan::WindowProperty>& properties,
                            const std::vector<LogicalType>& types,
                            const windowing::SliceAssigner& assigner, TimestampMs window_end,
                            TimestampMs now, int32_t rows, std::vector<ColumnPtr>* columns);

}  // namespace castor::window_aggregate
