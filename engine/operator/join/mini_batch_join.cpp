#include "operator/join/mini_batch_join.h"

#include <algorithm>
#include <utility>

namespace castor::join {

MiniBatchJoin::MiniBatchJoin(const plan::Join& node, const LogicalType& left,
                             const LogicalType& right, int64_t bundle_rows)
    : bundle_rows_(bundle_rows),
      first_side_(node.spec.type == plan::JoinType::kRight ? 0 : 1),
      join_(node, left, right),
      sides_{JoinBundle(join_.side(0)), JoinBundle(join_.side(1))} {}

Result<Progress> MiniBatchJoin::Process(int input, Batch batch, Output& out) {
  if (batch.num_rows == 0) return Progress::kDone;
  input_ = std::move(batch);
  side_ = input;
  next_row_ = 0;
  return Run(out);
}

Result<Progress> MiniBatchJoin::OnWatermark(TimestampMs watermark, Output& out) {
  watermark_ = watermark;
  return Close(out);
}

Result<Progress> MiniBatchJoin::EndInput(int input, Output& out) {
  (void)input;
  return Close(out);
}

Result<Progress> MiniBatchJoin::Close(Output& out) {
  sides_left_ = rows_ > 0 ? 2 : 0;
  return Run(out);
}

Result<Progress> MiniBatchJoin::Run(Output& out) {
  while (true) {
    if (sides_left_ > 0) {
      CASTOR_ASSIGN_OR_RETURN(const Progress progress, JoinNextSide(out));
      if (progress != Progress::kDone) return progress;
    } else if (input_.has_value()) {
      AddInput();
    } else {
      break;
    }
  }
  if (watermark_.has_value()) out.EmitWatermark(*std::exchange(watermark_, std::nullopt));
  return Progress::kDone;
}

void MiniBatchJoin::AddInput() {
  const int32_t left = input_->num_rows - next_row_;
  const auto count = static_cast<int32_t>(std::min<int64_t>(left, bundle_rows_ - rows_));
  const bool whole = count == input_->num_rows;
  sides_[side_].Add(whole ? std::move(*input_) : input_->Slice(next_row_, count));
  next_row_ += count;
  rows_ += count;
  if (count == left) input_.reset();
  if (rows_ == bundle_rows_) sides_left_ = 2;
}

Result<Progress> MiniBatchJoin::JoinNextSide(Output& out) {
  Progress progress = Progress::kDone;
  if (joining_) {
    CASTOR_ASSIGN_OR_RETURN(progress, join_.Continue(out));
  } else {
    const int side = sides_left_ == 2 ? first_side_ : 1 - first_side_;
    std::vector<uint8_t> suppressed;
    Batch rows = sides_[side].Take(&suppressed);
    joining_ = true;
    if (rows.num_rows > 0) {
      CASTOR_ASSIGN_OR_RETURN(
          progress, join_.ProcessFolded(side, std::move(rows), std::move(suppressed), out));
    }
  }
  if (progress != Progress::kDone) return progress;
  joining_ = false;
  if (--sides_left_ == 0) rows_ = 0;
  return progress;
}

}  // namespace castor::join
