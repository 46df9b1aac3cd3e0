#include "operator/api/event_time.h"

#include "column/visit.h"

namespace castor {
namespace {

int64_t FloorDivide(int64_t value, int64_t divisor) {
  const int64_t quotient = value / divisor;
  return quotient - (value % divisor < 0 ? 1 : 0);
}

}  // namespace

void EventTimes(const Column& column, int32_t count, TimestampMs* times) {
  const int64_t ticks_per_ms = column.type().TicksPerSecond() / 1000;
  const auto null = [times](int32_t row) { times[row] = kMinTimestamp; };
  if (ticks_per_ms == 1) {
    VisitRows<int64_t>(
        column, count, [times](int32_t row, int64_t ticks) { times[row] = ticks; }, null);
    return;
  }
  VisitRows<int64_t>(
      column, count,
      [=](int32_t row, int64_t ticks) { times[row] = FloorDivide(ticks, ticks_per_ms); }, null);
}

}  // namespace castor
