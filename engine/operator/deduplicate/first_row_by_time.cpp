#include "operator/deduplicate/first_row_by_time.h"

#include <utility>

#include "column/gather.h"
#include "operator/windowing/progress.h"
#include "state/key_list.h"

namespace castor::deduplicate {

using state::Readiness;

struct FirstRowByTime::Waiting {
  state::Blob row;
  int64_t time;
  TimestampMs emitted_at;
  uint8_t waits;
  uint8_t emitted;
  uint8_t unused[14];
};

Status FirstRowByTime::Open(OperatorContext& context) {
  context_ = &context;
  late_rows_ = context.metrics().Counter("numLateRecordsDropped");
  state::StateDescriptor descriptor;
  descriptor.name = "waiting-to-emit-on-timer";
  descriptor.layout.fixed_size = sizeof(Waiting);
  descriptor.layout.blob_offsets = {0};
  descriptor.schema = row_encoder_.schema() + ", time, emitted at, waits, emitted";
  CASTOR_ASSIGN_OR_RETURN(state_, context.state().OpenValue(descriptor));
  CASTOR_ASSIGN_OR_RETURN(timers_, context.state().OpenTimers("deduplicate-timers"));
  return Status::OK();
}

Result<Progress> FirstRowByTime::Process(int, Batch batch, Output&) {
  batch_ = std::move(batch);
  key_encoder_.Encode(batch_, &keys_);
  row_encoder_.Encode(batch_);
  return Add();
}

Result<Progress> FirstRowByTime::Add() {
  records_.resize(static_cast<size_t>(batch_.num_rows));
  CASTOR_ASSIGN_OR_RETURN(
      const Readiness readiness,
      state_->Acquire(keys_, state::AccessMode::kFindOrCreate, records_.data(), nullptr));
  if (readiness == Readiness::kPending) return Progress::kPending;
  const ColumnPtr times = Flatten(batch_.columns[static_cast<size_t>(time_field_)]);
  Status status;
  for (int32_t row = 0; status.ok() && row < batch_.num_rows; ++row) {
    const int64_t time = times->values<int64_t>()[times->is_constant() ? 0 : row];
    if (time < watermark_) {
      late_rows_->Add(1);
      continue;
    }
    status = AddRow(row, time, reinterpret_cast<Waiting*>(records_[static_cast<size_t>(row)]));
  }
  state_->Release();
  batch_ = Batch();
  CASTOR_RETURN_NOT_OK(status);
  return Progress::kDone;
}

Status FirstRowByTime::AddRow(int32_t row, int64_t time, Waiting* waiting) {
  if (waiting->emitted != 0 && ttl_ms_ > 0 &&
      waiting->emitted_at + ttl_ms_ <= context_->clock().NowMs()) {
    waiting->emitted = 0;
  }
  if (waiting->emitted != 0) return Status::OK();
  if (waiting->waits != 0) {
    if (time >= waiting->time) return Status::OK();
    timers_->Delete(state::TimerAt(waiting->time, keys_, row));
  }
  timers_->Register(state::TimerAt(time, keys_, row));
  waiting->waits = 1;
  waiting->time = time;
  return state_->SetBlob(&waiting->row, row_encoder_.row(row));
}

Result<Progress> FirstRowByTime::OnWatermark(TimestampMs watermark, Output& out) {
  target_ = watermark;
  return Fire(out);
}

Result<Progress> FirstRowByTime::Continue(Output& out) {
  return batch_.num_rows > 0 ? Add() : Fire(out);
}

Result<Progress> FirstRowByTime::Fire(Output& out) {
  while (!due_.empty() || timers_->NextTime() <= target_) {
    if (out.Full()) return Progress::kOutputFull;
    if (due_.empty()) {
      CASTOR_ASSIGN_OR_RETURN(
          const Readiness popped,
          timers_->PopDue(target_, static_cast<size_t>(context_->batch_rows()), &due_));
      if (popped == Readiness::kPending) return Progress::kPending;
      if (due_.empty()) break;
    }
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, EmitDue());
    if (readiness == Readiness::kPending) return Progress::kPending;
    if (!output_.empty()) out.Emit(output_.Take(row_encoder_));
  }
  watermark_ = target_;
  out.EmitWatermark(target_);
  return Progress::kDone;
}

Result<Readiness> FirstRowByTime::EmitDue() {
  state::TakeKeys(due_, &keys_);
  records_.resize(due_.size());
  CASTOR_ASSIGN_OR_RETURN(
      const Readiness readiness,
      state_->Acquire(keys_, state::AccessMode::kFind, records_.data(), nullptr));
  if (readiness == Readiness::kPending) return readiness;
  Status status;
  for (size_t i = 0; status.ok() && i < due_.size(); ++i) {
    auto* waiting = reinterpret_cast<Waiting*>(records_[i]);
    if (waiting == nullptr || waiting->waits == 0) continue;
    output_.Emit(RowKind::kInsert, waiting->row.view());
    waiting->waits = 0;
    waiting->emitted = 1;
    waiting->emitted_at = context_->clock().NowMs();
    status = state_->SetBlob(&waiting->row, {});
  }
  state_->Release();
  due_.Clear();
  CASTOR_RETURN_NOT_OK(status);
  return Readiness::kReady;
}

Result<std::string> FirstRowByTime::Snapshot() { return windowing::SaveProgress(watermark_); }

Status FirstRowByTime::Restore(std::string_view old_instance_bytes) {
  return windowing::RestoreProgress(old_instance_bytes, &watermark_);
}

}  // namespace castor::deduplicate
