#include "operator/window_aggregate/window_properties.h"

namespace castor::window_aggregate {
namespace {

TimestampMs ValueOf(plan::WindowProperty::Kind kind, const windowing::SliceAssigner& assigner,
                    TimestampMs window_end, TimestampMs now) {
  using Kind = plan::WindowProperty::Kind;
  switch (kind) {
    case Kind::kStart:
      return assigner.WindowStart(window_end);
    case Kind::kEnd:
      return window_end;
    case Kind::kRowtime:
      return assigner.shift().ToInstant(window_end - 1);
    case Kind::kProctime:
      return now;
  }
  return 0;
}

}  // namespace

void AppendWindowProperties(const std::vector<plan::WindowProperty>& properties,
                            const std::vector<LogicalType>& types,
                            const windowing::SliceAssigner& assigner, TimestampMs window_end,
                            TimestampMs now, int32_t rows, std::vector<ColumnPtr>* columns) {
  for (size_t i = 0; i < properties.size(); ++i) {
    MutableColumnPtr column = Column::MakeConstant(types[i], rows);
    const int64_t ticks_per_ms = types[i].TicksPerSecond() / 1000;
    *column->mutable_values<int64_t>() =
        ValueOf(properties[i].kind, assigner, window_end, now) * ticks_per_ms;
    columns->push_back(std::move(column));
  }
}

}  // namespace castor::window_aggregate
