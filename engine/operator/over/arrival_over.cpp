#include "operator/over/arrival_over.h"

#include <utility>

#include "operator/api/marks.h"
#include "state/key_list.h"

namespace castor::over {

Status ArrivalOver::Open(OperatorContext& context) {
  context_ = &context;
  CASTOR_RETURN_NOT_OK(frames_.Open(context, ttl_ms_));
  return cleanup_.Open(context, "ProcTimeBoundedRowsOverCleanupTime");
}

Result<Progress> ArrivalOver::Process(int, Batch batch, Output& out) {
  if (batch.num_rows == 0) {
    EmitMarks(batch.marks, out);
    return Progress::kDone;
  }
  batch_ = std::move(batch);
  key_encoder_.Encode(batch_, &keys_);
  frames_.rows().Encode(batch_);
  rows_.clear();
  for (int32_t row = 0; row < batch_.num_rows; ++row) {
    rows_.push_back({row, frames_.rows().row(row), 0});
  }
  return Continue(out);
}

Result<Progress> ArrivalOver::Continue(Output& out) {
  if (cleans_until_ != kMaxWatermark) return Clean();
  if (!touched_) {
    CASTOR_ASSIGN_OR_RETURN(const state::Readiness touched, cleanup_.Touch(keys_));
    if (touched == state::Readiness::kPending) return Progress::kPending;
    touched_ = true;
  }
  Batch results;
  CASTOR_ASSIGN_OR_RETURN(const state::Readiness readiness, frames_.Run(keys_, rows_, &results));
  if (readiness == state::Readiness::kPending) return Progress::kPending;
  touched_ = false;
  results.marks = std::move(batch_.marks);
  batch_ = Batch();
  out.Emit(std::move(results));
  return Progress::kDone;
}

Result<Progress> ArrivalOver::OnProcessingTime(TimestampMs now, Output&) {
  cleans_until_ = now;
  return Clean();
}

Result<Progress> ArrivalOver::Clean() {
  state::KeyBatch gone;
  do {
    CASTOR_ASSIGN_OR_RETURN(
        const state::Readiness due,
        cleanup_.Due(cleans_until_, static_cast<size_t>(context_->batch_rows()), &gone));
    if (due == state::Readiness::kPending) return Progress::kPending;
    const std::vector<int32_t> rows = state::AllRows(gone);
    frames_.Forget(gone, rows);
    cleanup_.Forget(gone, rows);
  } while (gone.count() > 0);
  cleans_until_ = kMaxWatermark;
  cleanup_.RequestNext();
  return Progress::kDone;
}

}  // namespace castor::over
