#include "operator/bundle/bundle_operator.h"

#include <algorithm>
#include <utility>

namespace castor::bundle {

Status BundleOperator::Open(OperatorContext& context) {
  batch_rows_ = context.batch_rows();
  return OpenState(context);
}

Result<Progress> BundleOperator::Process(int input, Batch batch, Output& out) {
  (void)input;
  if (batch.num_rows == 0) return Progress::kDone;
  input_ = std::move(batch);
  next_row_ = 0;
  return Run(out);
}

Result<Progress> BundleOperator::OnWatermark(TimestampMs watermark, Output& out) {
  watermark_ = watermark;
  return Close(out);
}

Result<Progress> BundleOperator::Close(Output& out) {
  closing_ = rows_ > 0;
  return Run(out);
}

Result<Progress> BundleOperator::Run(Output& out) {
  while (true) {
    if (!EmitChanges(out)) return Progress::kOutputFull;
    if (closing_) {
      CASTOR_ASSIGN_OR_RETURN(const state::Readiness readiness, Finish(&changes_));
      if (readiness == state::Readiness::kPending) return Progress::kPending;
      closing_ = false;
      rows_ = 0;
    } else if (input_.has_value()) {
      CASTOR_RETURN_NOT_OK(AddInput());
    } else {
      break;
    }
  }
  if (watermark_.has_value()) out.EmitWatermark(*std::exchange(watermark_, std::nullopt));
  return Progress::kDone;
}

Status BundleOperator::AddInput() {
  const int32_t left = input_->num_rows - next_row_;
  const int32_t count = static_cast<int32_t>(
      mini_batch() ? std::min<int64_t>(left, bundle_rows_ - rows_) : int64_t{left});
  const bool whole = count == input_->num_rows;
  Batch part = whole ? std::move(*input_) : input_->Slice(next_row_, count);
  next_row_ += count;
  rows_ += count;
  if (count == left) input_.reset();
  closing_ = !mini_batch() || rows_ == bundle_rows_;
  return Add(std::move(part));
}

bool BundleOperator::EmitChanges(Output& out) {
  while (emitted_ < changes_.num_rows) {
    if (out.Full()) return false;
    const int32_t left = changes_.num_rows - emitted_;
    // Two batches' worth still goes as one: an update is two rows.
    const int32_t count = left <= 2 * batch_rows_ ? left : batch_rows_;
    const bool whole = count == changes_.num_rows;
    emitted_ += count;
    if (whole) {
      out.Emit(std::exchange(changes_, Batch()));
      emitted_ = 0;
      return true;
    }
    out.Emit(changes_.Slice(emitted_ - count, count));
  }
  changes_ = Batch();
  emitted_ = 0;
  return true;
}

}  // namespace castor::bundle
