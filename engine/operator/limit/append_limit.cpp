#include "operator/limit/append_limit.h"

#include <algorithm>
#include <utility>

#include "operator/api/marks.h"

namespace castor {

Status AppendLimit::Open(OperatorContext& context) {
  state::StateDescriptor descriptor;
  descriptor.name = "limitCount";
  descriptor.layout.fixed_size = 16;
  descriptor.schema = "count BIGINT";
  CASTOR_ASSIGN_OR_RETURN(count_, context.state().OpenValue(descriptor));
  const state::KeyEncoder encoder(LogicalType::Row({}, false), {});
  encoder.Encode(Batch(1, {}), &key_);
  return Status::OK();
}

Result<Progress> AppendLimit::Process(int, Batch batch, Output& out) {
  pending_ = std::move(batch);
  return Continue(out);
}

Result<Progress> AppendLimit::Continue(Output& out) {
  std::byte* record = nullptr;
  CASTOR_ASSIGN_OR_RETURN(
      const state::Readiness readiness,
      count_->Acquire(key_, state::AccessMode::kFindOrCreate, &record, nullptr));
  if (readiness == state::Readiness::kPending) return Progress::kPending;
  auto& count = *reinterpret_cast<int64_t*>(record);
  const int64_t seen = count;
  count = std::min(seen + pending_.num_rows, end_);
  count_->Release();
  Pass(seen, std::exchange(pending_, Batch()), out);
  return Progress::kDone;
}

// Emits of the batch what lies in the range when `seen` rows came before it.
void AppendLimit::Pass(int64_t seen, Batch batch, Output& out) const {
  const int64_t rows = batch.num_rows;
  const auto from = static_cast<int32_t>(std::clamp<int64_t>(skip_ - seen, 0, rows));
  const auto to = static_cast<int32_t>(std::clamp<int64_t>(end_ - seen, from, rows));
  if (from == to) {
    EmitMarks(batch.marks, out);
  } else if (to - from == rows) {
    out.Emit(std::move(batch));
  } else {
    Batch part = batch.Slice(from, to - from);
    part.marks = std::move(batch.marks);
    for (WatermarkMark& mark : part.marks) mark.row = std::clamp(mark.row, from, to) - from;
    out.Emit(std::move(part));
  }
}

}  // namespace castor
