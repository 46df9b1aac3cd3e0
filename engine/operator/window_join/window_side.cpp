#include "operator/window_join/window_side.h"

#include <utility>

#include "column/gather.h"
#include "operator/joining/inserts_only.h"

namespace castor::window_join {
namespace {

std::vector<LogicalType> FieldTypes(const LogicalType& row) {
  std::vector<LogicalType> types;
  for (const LogicalType::Field& field : row.fields()) types.push_back(field.type);
  return types;
}

}  // namespace

WindowSide::WindowSide(WindowSideSpec spec)
    : spec_(std::move(spec)),
      keys_(spec_.row, spec_.keys, spec_.filter_nulls),
      codec_(FieldTypes(spec_.row)) {}

Status WindowSide::Open(OperatorContext& context) {
  CASTOR_ASSIGN_OR_RETURN(assigner_, windowing::SliceAssigner::Make(spec_.windowing, spec_.row,
                                                                    context.configuration()));
  state::StateDescriptor descriptor;
  descriptor.name = spec_.state_name;
  descriptor.schema = "rows of windows " + spec_.row.ToString();
  CASTOR_ASSIGN_OR_RETURN(rows_, context.state().OpenWindowList(descriptor));
  late_rows_ = context.metrics().Counter(spec_.late_counter);
  return Status::OK();
}

void WindowSide::Select(const Batch& batch, TimestampMs watermark) {
  if (spec_.keeps_unmatched) {
    matchable_.resize(static_cast<size_t>(batch.num_rows));
    for (int32_t row = 0; row < batch.num_rows; ++row) matchable_[static_cast<size_t>(row)] = row;
  } else {
    keys_.Matchable(batch, &matchable_);
  }
  // Rows of a batch mostly fall into few windows.
  TimestampMs checked = 0;
  bool due = IsDue(checked, watermark);
  int64_t late = 0;
  kept_.clear();
  size_t next = 0;
  for (int32_t row = 0; row < batch.num_rows; ++row) {
    const bool wanted = next < matchable_.size() && matchable_[next] == row;
    if (wanted) ++next;
    const TimestampMs window_end = window_ends_[static_cast<size_t>(row)];
    if (window_end != checked) {
      checked = window_end;
      due = IsDue(window_end, watermark);
    }
    if (due) {
      ++late;
    } else if (wanted) {
      kept_.push_back(row);
    }
  }
  if (late > 0) late_rows_->Add(late);
}

Status WindowSide::Add(const Batch& batch, TimestampMs watermark) {
  CASTOR_RETURN_NOT_OK(joining::CheckInsertsOnly(batch, "a window join"));
  CASTOR_RETURN_NOT_OK(assigner_.Assign(batch, watermark, &window_ends_));
  Select(batch, watermark);
  if (kept_.empty()) return Status::OK();
  Batch kept = batch;
  if (kept_.size() < static_cast<size_t>(batch.num_rows)) {
    kept = Gather(batch, kept_.data(), static_cast<int32_t>(kept_.size()));
    for (size_t i = 0; i < kept_.size(); ++i) {
      window_ends_[i] = window_ends_[static_cast<size_t>(kept_[i])];
    }
    window_ends_.resize(kept_.size());
  }
  keys_.Encode(kept, &key_batch_);
  codec_.Encode(kept.columns, kept.num_rows, &encoded_);
  values_.clear();
  for (int32_t row = 0; row < kept.num_rows; ++row) values_.push_back(encoded_.row(row));
  return rows_->Append(window_ends_, key_batch_, values_);
}

}  // namespace castor::window_join
