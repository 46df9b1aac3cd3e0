#include "operator/group_aggregate/bundle_operator.h"

#include <utility>

namespace castor::group_aggregate {

Result<Progress> BundleOperator::Process(int input, Batch batch, Output& out) {
  (void)input;
  if (batch.num_rows == 0) return Progress::kDone;
  if (mini_batch_) {
    buffer_.Add(std::move(batch));
  } else {
    current_ = std::move(batch);
  }
  return Run(out);
}

Result<Progress> BundleOperator::OnWatermark(TimestampMs watermark, Output& out) {
  watermark_ = watermark;
  return Flush(out);
}

Result<Progress> BundleOperator::Flush(Output& out) {
  buffer_.Close();
  return Run(out);
}

Result<Progress> BundleOperator::Run(Output& out) {
  while (current_.has_value() || buffer_.HasBundle()) {
    if (out.Full()) return Progress::kOutputFull;
    if (!current_.has_value()) current_ = buffer_.TakeBundle();
    Batch result;
    CASTOR_ASSIGN_OR_RETURN(const state::Readiness readiness, ProcessBundle(*current_, &result));
    if (readiness == state::Readiness::kPending) return Progress::kPending;
    current_.reset();
    out.Emit(std::move(result));
  }
  if (watermark_.has_value()) out.EmitWatermark(*std::exchange(watermark_, std::nullopt));
  return Progress::kDone;
}

}  // namespace castor::group_aggregate
