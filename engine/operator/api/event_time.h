// Event time as operators and hosts count it, out of columns that hold it.
#pragma once

#include <cstdint>

#include "base/clock.h"
#include "column/column.h"

namespace castor {

// times[row] = the milliseconds (rounded down) of a TIMESTAMP or TIMESTAMP_LTZ column of any
// encoding; kMinTimestamp where it is NULL. `times` has room for `count` rows. Thread-safe.
void EventTimes(const Column& column, int32_t count, TimestampMs* times);

}  // namespace castor
