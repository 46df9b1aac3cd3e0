#include "operator/windowing/session_assigner.h"

#include "operator/api/event_time.h"

namespace castor::windowing {
namespace {

using plan::WindowingStrategy;

Status CheckField(int32_t field, const LogicalType& row) {
  if (field >= 0 && static_cast<size_t>(field) < row.fields().size()) return Status::OK();
  return Status::Internal("windowing refers to a field that its input does not have");
}

Status ReadTimes(const Batch& batch, int32_t field, std::vector<TimestampMs>* times) {
  const Column& column = *batch.columns[static_cast<size_t>(field)];
  times->resize(static_cast<size_t>(batch.num_rows));
  EventTimes(column, batch.num_rows, times->data());
  if (!column.MayHaveNulls()) return Status::OK();
  for (int32_t row = 0; row < batch.num_rows; ++row) {
    if (!column.IsNull(row)) continue;
    return Status::DataError(
        "the time attribute of a window is NULL; filter such rows out "
        "(WHERE ... IS NOT NULL) before the window");
  }
  return Status::OK();
}

}  // namespace

Result<SessionAssigner> SessionAssigner::Make(const WindowingStrategy& windowing,
                                              const LogicalType& input_row,
                                              const Configuration& configuration) {
  SessionAssigner assigner;
  assigner.gap_ms_ = windowing.window.gap_ms;
  switch (windowing.kind) {
    case WindowingStrategy::Kind::kTimeAttribute:
      assigner.event_time_ = windowing.is_rowtime;
      assigner.time_field_ = windowing.time_attribute;
      if (windowing.is_rowtime) {
        CASTOR_RETURN_NOT_OK(CheckField(windowing.time_attribute, input_row));
      }
      break;
    case WindowingStrategy::Kind::kWindowAttached:
      assigner.attached_ = true;  // and so on event time, whatever the sessions were made by
      assigner.start_field_ = windowing.window_start;
      assigner.end_field_ = windowing.window_end;
      CASTOR_RETURN_NOT_OK(CheckField(windowing.window_start, input_row));
      CASTOR_RETURN_NOT_OK(CheckField(windowing.window_end, input_row));
      break;
    case WindowingStrategy::Kind::kSliceAttached:
      return Status::Internal("session windows are not cut into slices");
  }
  CASTOR_ASSIGN_OR_RETURN(assigner.shift_,
                          ZoneShift::OfTimes(windowing.time_attribute_type, configuration));
  return assigner;
}

Status SessionAssigner::Assign(const Batch& batch, TimestampMs now_instant,
                               std::vector<Window>* windows) {
  if (attached_) return AssignAttached(batch, windows);
  const auto rows = static_cast<size_t>(batch.num_rows);
  if (event_time_) {
    CASTOR_RETURN_NOT_OK(ReadTimes(batch, time_field_, &times_));
  } else {
    times_.assign(rows, now_instant);
  }
  windows->resize(rows);
  for (size_t row = 0; row < rows; ++row) {
    const TimestampMs start = shift_.ToWall(times_[row]);
    (*windows)[row] = {start, start + gap_ms_};
  }
  return Status::OK();
}

Status SessionAssigner::AssignAttached(const Batch& batch, std::vector<Window>* windows) {
  const auto rows = static_cast<size_t>(batch.num_rows);
  windows->resize(rows);
  CASTOR_RETURN_NOT_OK(ReadTimes(batch, start_field_, &times_));
  for (size_t row = 0; row < rows; ++row) (*windows)[row].start = times_[row];
  CASTOR_RETURN_NOT_OK(ReadTimes(batch, end_field_, &times_));
  for (size_t row = 0; row < rows; ++row) (*windows)[row].end = times_[row];
  return Status::OK();
}

}  // namespace castor::windowing
