#include "operator/rows/first_rows.h"

#include <algorithm>
#include <utility>

#include "column/gather.h"
#include "operator/api/marks.h"

namespace castor {
namespace {

struct Count {
  int64_t rows;
  TimestampMs written;
};

}  // namespace

FirstRows::FirstRows(Options options, const LogicalType& input, LogicalType output)
    : options_(std::move(options)),
      output_type_(std::move(output)),
      key_encoder_(input, options_.partition) {}

Status FirstRows::Open(OperatorContext& context) {
  context_ = &context;
  state::StateDescriptor descriptor;
  descriptor.name = options_.state_name;
  descriptor.layout.fixed_size = sizeof(Count);
  descriptor.schema = "rows BIGINT, written BIGINT";
  descriptor.ttl_ms = options_.ttl_ms;
  CASTOR_ASSIGN_OR_RETURN(counts_, context.state().OpenValue(descriptor));
  return Status::OK();
}

Result<Progress> FirstRows::Process(int, Batch batch, Output& out) {
  batch_ = std::move(batch);
  key_encoder_.Encode(batch_, &keys_);
  records_.resize(static_cast<size_t>(batch_.num_rows));
  return Continue(out);
}

Result<Progress> FirstRows::Continue(Output& out) {
  CASTOR_ASSIGN_OR_RETURN(
      const state::Readiness readiness,
      counts_->Acquire(keys_, state::AccessMode::kFindOrCreate, records_.data(), nullptr));
  if (readiness == state::Readiness::kPending) return Progress::kPending;
  Select();
  counts_->Release();
  Emit(out);
  batch_ = Batch();
  return Progress::kDone;
}

void FirstRows::Select() {
  const TimestampMs now = context_->clock().NowMs();
  selected_.clear();
  numbers_.clear();
  for (int32_t row = 0; row < batch_.num_rows; ++row) {
    auto& count = *reinterpret_cast<Count*>(records_[static_cast<size_t>(row)]);
    if (options_.ttl_ms > 0 && count.rows > 0 && count.written + options_.ttl_ms <= now)
      count.rows = 0;
    if (count.rows >= options_.end) continue;
    count.written = now;
    if (++count.rows < options_.start) continue;
    selected_.push_back(row);
    numbers_.push_back(count.rows);
  }
}

void FirstRows::Emit(Output& out) {
  if (selected_.empty()) {
    EmitMarks(batch_.marks, out);
    return;
  }
  const auto rows = static_cast<int32_t>(selected_.size());
  std::vector<WatermarkMark> marks = MarksOfSelected(batch_.marks, selected_);
  if (rows < batch_.num_rows) batch_ = Gather(batch_, selected_.data(), rows);
  batch_.marks = std::move(marks);
  if (options_.numbered) {
    MutableColumnPtr numbers = Column::MakeFlat(output_type_.fields().back().type, rows);
    std::copy(numbers_.begin(), numbers_.end(), numbers->mutable_values<int64_t>());
    batch_.columns.push_back(std::move(numbers));
  }
  out.Emit(std::move(batch_));
}

}  // namespace castor
