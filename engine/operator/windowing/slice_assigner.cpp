#include "operator/windowing/slice_assigner.h"

#include <numeric>

#include "column/gather.h"

namespace castor::windowing {
namespace {

using plan::WindowingStrategy;
using plan::WindowSpec;

// TimeWindow.getWindowStartWithOffset
TimestampMs StartWithOffset(TimestampMs time, int64_t offset, int64_t size) {
  const int64_t remainder = (time - offset) % size;
  return remainder < 0 ? time - (remainder + size) : time - remainder;
}

}  // namespace

Status SliceAssigner::CheckWholeSlices() const {
  const bool hopping = kind_ == WindowSpec::Kind::kHopping;
  const bool cumulative = kind_ == WindowSpec::Kind::kCumulative;
  if ((!hopping && !cumulative) || size_ms_ % interval_ms_ == 0) return Status::OK();
  const std::string size = std::to_string(size_ms_) + " ms";
  const std::string interval = std::to_string(interval_ms_) + " ms";
  if (hopping) {
    return Status::InvalidArgument(
        "HOP table function based aggregate requires size must be an integral multiple of slide, "
        "but got size " +
        size + " and slide " + interval);
  }
  return Status::InvalidArgument(
      "CUMULATE table function based aggregate requires maxSize must be an integral multiple of "
      "step, but got maxSize " +
      size + " and step " + interval);
}

void SliceAssigner::CutHoppingWindows() {
  if (kind_ == WindowSpec::Kind::kHopping) slice_ms_ = std::gcd(size_ms_, interval_ms_);
}

Result<SliceAssigner> SliceAssigner::Make(const WindowingStrategy& windowing,
                                          const LogicalType& input_row,
                                          const Configuration& configuration) {
  const WindowSpec& window = windowing.window;
  if (window.kind == WindowSpec::Kind::kSession &&
      windowing.kind != WindowingStrategy::Kind::kWindowAttached) {
    return Status::Unsupported("session windows are not cut into slices");
  }
  SliceAssigner assigner;
  assigner.kind_ = window.kind;
  assigner.event_time_ = windowing.is_rowtime;
  assigner.size_ms_ = window.size_ms;
  assigner.interval_ms_ =
      window.kind == WindowSpec::Kind::kTumbling ? window.size_ms : window.slide_ms;
  assigner.slice_ms_ = assigner.interval_ms_;
  assigner.offset_ms_ = window.offset_ms;
  switch (windowing.kind) {
    case WindowingStrategy::Kind::kTimeAttribute:
      assigner.origin_ = windowing.is_rowtime ? Origin::kRowtime : Origin::kProctime;
      assigner.field_ = windowing.time_attribute;
      break;
    case WindowingStrategy::Kind::kWindowAttached:
      assigner.origin_ = Origin::kWindowEnd;
      assigner.field_ = windowing.window_end;
      break;
    case WindowingStrategy::Kind::kSliceAttached:
      assigner.origin_ = Origin::kSliceEnd;
      assigner.field_ = -1;  // a local aggregation's last column, wherever the plan has it
      break;
  }
  if (assigner.origin_ != Origin::kWindowEnd) {
    if (window.kind == WindowSpec::Kind::kHopping) assigner.sharing_ = Sharing::kHopping;
    if (window.kind == WindowSpec::Kind::kCumulative) assigner.sharing_ = Sharing::kCumulative;
  }
  const bool reads_field =
      assigner.origin_ == Origin::kRowtime || assigner.origin_ == Origin::kWindowEnd;
  if (reads_field &&
      (assigner.field_ < 0 || static_cast<size_t>(assigner.field_) >= input_row.fields().size())) {
    return Status::Internal("windowing refers to a field that its input does not have");
  }
  CASTOR_ASSIGN_OR_RETURN(assigner.shift_,
                          ZoneShift::OfTimes(windowing.time_attribute_type, configuration));
  return assigner;
}

TimestampMs SliceAssigner::SliceEnd(TimestampMs wall) const {
  return StartWithOffset(wall, offset_ms_, slice_ms_) + slice_ms_;
}

Status SliceAssigner::Assign(const Batch& batch, TimestampMs now_instant,
                             std::vector<TimestampMs>* slice_ends) {
  if (origin_ == Origin::kProctime) {
    slice_ends->assign(static_cast<size_t>(batch.num_rows), SliceEnd(shift_.ToWall(now_instant)));
    return Status::OK();
  }
  const ColumnPtr times =
      Flatten(origin_ == Origin::kSliceEnd ? batch.columns.back()
                                           : batch.columns[static_cast<size_t>(field_)]);
  if (times->MayHaveNulls()) {
    for (int32_t row = 0; row < batch.num_rows; ++row) {
      if (!times->IsNull(row)) continue;
      return Status::DataError(
          "the time attribute of a window is NULL; filter such rows out "
          "(WHERE ... IS NOT NULL) before the window");
    }
  }
  return AssignFromTimes(*times, slice_ends);
}

Status SliceAssigner::AssignFromTimes(const Column& times, std::vector<TimestampMs>* slice_ends) {
  const auto count = static_cast<size_t>(times.size());
  const bool constant = times.is_constant();
  slice_ends->resize(count);
  const auto* values = times.values<int64_t>();
  if (origin_ != Origin::kRowtime) {
    for (size_t i = 0; i < count; ++i) (*slice_ends)[i] = values[constant ? 0 : i];
    return Status::OK();
  }
  // Rows of a batch are close in time: most of them fall into the slice of the row before.
  TimestampMs begin = 0;
  TimestampMs end = 0;
  for (size_t i = 0; i < count; ++i) {
    const TimestampMs wall = shift_.ToWall(values[constant ? 0 : i]);
    if (wall < begin || wall >= end) {
      end = SliceEnd(wall);
      begin = end - slice_ms_;
    }
    (*slice_ends)[i] = end;
  }
  return Status::OK();
}

TimestampMs SliceAssigner::LastWindowEnd(TimestampMs slice_end) const {
  switch (sharing_) {
    case Sharing::kNone:
      return slice_end;
    case Sharing::kHopping: {
      const TimestampMs end =
          StartWithOffset(slice_end - slice_ms_, offset_ms_, interval_ms_) + size_ms_;
      return end < slice_end ? kMinTimestamp : end;
    }
    case Sharing::kCumulative:
      return WindowStart(slice_end) + size_ms_;
  }
  return slice_end;
}

TimestampMs SliceAssigner::WindowStart(TimestampMs window_end) const {
  if (kind_ == WindowSpec::Kind::kCumulative) {
    return StartWithOffset(window_end - 1, offset_ms_, size_ms_);
  }
  return window_end - size_ms_;
}

TimestampMs SliceAssigner::FirstWindowEnd(TimestampMs slice_end) const {
  if (slice_ms_ == interval_ms_) return slice_end;
  return StartWithOffset(slice_end - size_ms_ - 1, offset_ms_, interval_ms_) + interval_ms_ +
         size_ms_;
}

TimestampMs SliceAssigner::FirstUnfiredWindow(TimestampMs slice_end,
                                              TimestampMs progress_instant) const {
  TimestampMs window_end = FirstWindowEnd(slice_end);
  while (IsFired(window_end, progress_instant)) window_end += interval_ms_;
  return window_end;
}

}  // namespace castor::windowing
