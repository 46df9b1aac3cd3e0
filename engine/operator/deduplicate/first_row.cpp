#include "operator/deduplicate/first_row.h"

#include <utility>

#include "column/gather.h"
#include "operator/api/marks.h"

namespace castor::deduplicate {
namespace {

struct Seen {
  int64_t present;
  TimestampMs written;
};

}  // namespace

Status FirstRow::Open(OperatorContext& context) {
  context_ = &context;
  state::StateDescriptor descriptor;
  descriptor.name = "deduplicate-state";
  descriptor.layout.fixed_size = sizeof(Seen);
  descriptor.schema = "present BIGINT, written BIGINT";
  descriptor.ttl_ms = ttl_ms_;
  CASTOR_ASSIGN_OR_RETURN(seen_, context.state().OpenValue(descriptor));
  return Status::OK();
}

Result<Progress> FirstRow::Process(int, Batch batch, Output& out) {
  batch_ = std::move(batch);
  key_encoder_.Encode(batch_, &keys_);
  records_.resize(static_cast<size_t>(batch_.num_rows));
  return Continue(out);
}

Result<Progress> FirstRow::Continue(Output& out) {
  CASTOR_ASSIGN_OR_RETURN(
      const state::Readiness readiness,
      seen_->Acquire(keys_, state::AccessMode::kFindOrCreate, records_.data(), nullptr));
  if (readiness == state::Readiness::kPending) return Progress::kPending;
  const TimestampMs now = context_->clock().NowMs();
  selected_.clear();
  for (int32_t row = 0; row < batch_.num_rows; ++row) {
    auto& seen = *reinterpret_cast<Seen*>(records_[static_cast<size_t>(row)]);
    if (seen.present != 0 && (ttl_ms_ == 0 || seen.written + ttl_ms_ > now)) continue;
    seen = {1, now};
    selected_.push_back(row);
  }
  seen_->Release();
  Batch batch = std::exchange(batch_, Batch());
  if (selected_.empty()) {
    EmitMarks(batch.marks, out);
    return Progress::kDone;
  }
  const auto rows = static_cast<int32_t>(selected_.size());
  if (rows < batch.num_rows) {
    Batch chosen = Gather(batch, selected_.data(), rows);
    chosen.marks = MarksOfSelected(batch.marks, selected_);
    batch = std::move(chosen);
  }
  out.Emit(std::move(batch));
  return Progress::kDone;
}

}  // namespace castor::deduplicate
