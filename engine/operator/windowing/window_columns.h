// The columns that tell a row's window. Thread-safe.
#pragma once

#include <span>

#include "column/column.h"
#include "operator/windowing/window.h"
#include "operator/windowing/zone_shift.h"
#include "plan/window.h"

namespace castor::windowing {

// One value per window; a constant if they are all the same. Start and end are wall times, the row
// time is the last instant that belongs to the window, the processing time is `now`.
ColumnPtr MakeWindowColumn(plan::WindowProperty::Kind kind, const LogicalType& type,
                           std::span<const Window> windows, const ZoneShift& shift,
                           TimestampMs now);

}  // namespace castor::windowing
