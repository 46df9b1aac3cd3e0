#include "operator/window_table_function/window_columns.h"

#include <algorithm>
#include <cstring>

namespace castor::window_table_function {
namespace {

ColumnPtr MakeTimes(const LogicalType& type, const std::vector<TimestampMs>& times, bool constant) {
  const auto rows = static_cast<int32_t>(times.size());
  MutableColumnPtr column =
      constant ? Column::MakeConstant(type, rows) : Column::MakeFlat(type, rows);
  std::memcpy(column->mutable_values<int64_t>(), times.data(),
              (constant ? 1 : times.size()) * sizeof(TimestampMs));
  return column;
}

}  // namespace

bool WindowColumns::AllEqual() const {
  const auto same = [](const std::vector<TimestampMs>& times) {
    return std::all_of(times.begin(), times.end(),
                       [first = times.front()](TimestampMs time) { return time == first; });
  };
  return same(ends_) && same(starts_);
}

// Neighbours mostly share a window, and asking a time zone is dear.
void WindowColumns::FillTimes() {
  times_.resize(ends_.size());
  TimestampMs end = kMinTimestamp;
  TimestampMs time = 0;
  for (size_t row = 0; row < ends_.size(); ++row) {
    if (ends_[row] != end) {
      end = ends_[row];
      time = shift_.ToInstant(end - 1);
    }
    times_[row] = time;
  }
}

void WindowColumns::Take(std::vector<ColumnPtr>* columns) {
  const bool constant = !ends_.empty() && AllEqual();
  FillTimes();
  columns->push_back(MakeTimes(types_[0], starts_, constant));
  columns->push_back(MakeTimes(types_[1], ends_, constant));
  columns->push_back(MakeTimes(types_[2], times_, constant));
  starts_.clear();
  ends_.clear();
}

}  // namespace castor::window_table_function
