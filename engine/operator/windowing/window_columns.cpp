#include "operator/windowing/window_columns.h"

#include <algorithm>

namespace castor::windowing {
namespace {

using Kind = plan::WindowProperty::Kind;

bool AllEqual(std::span<const Window> windows) {
  return std::all_of(windows.begin(), windows.end(),
                     [&](const Window& window) { return window == windows.front(); });
}

// Neighbours mostly share a window, and asking a time zone is dear.
void FillRowtimes(std::span<const Window> windows, const ZoneShift& shift, TimestampMs* times) {
  TimestampMs end = kMinTimestamp;
  TimestampMs time = 0;
  for (size_t row = 0; row < windows.size(); ++row) {
    if (windows[row].end != end) {
      end = windows[row].end;
      time = shift.ToInstant(end - 1);
    }
    times[row] = time;
  }
}

void Fill(Kind kind, std::span<const Window> windows, const ZoneShift& shift, TimestampMs now,
          TimestampMs* times) {
  switch (kind) {
    case Kind::kStart:
      for (size_t row = 0; row < windows.size(); ++row) times[row] = windows[row].start;
      return;
    case Kind::kEnd:
      for (size_t row = 0; row < windows.size(); ++row) times[row] = windows[row].end;
      return;
    case Kind::kRowtime:
      return FillRowtimes(windows, shift, times);
    case Kind::kProctime:
      std::fill_n(times, windows.size(), now);
      return;
  }
}

}  // namespace

ColumnPtr MakeWindowColumn(Kind kind, const LogicalType& type, std::span<const Window> windows,
                           const ZoneShift& shift, TimestampMs now) {
  const auto rows = static_cast<int32_t>(windows.size());
  const bool constant = rows > 0 && AllEqual(windows);
  MutableColumnPtr column =
      constant ? Column::MakeConstant(type, rows) : Column::MakeFlat(type, rows);
  const size_t values = constant ? 1 : windows.size();
  auto* times = column->mutable_values<int64_t>();
  Fill(kind, windows.first(values), shift, now, times);
  const int64_t ticks_per_ms = type.TicksPerSecond() / 1000;
  if (ticks_per_ms != 1) {
    for (size_t i = 0; i < values; ++i) times[i] *= ticks_per_ms;
  }
  return column;
}

}  // namespace castor::windowing
