#include "operator/rank/top_one.h"

#include <utility>

namespace castor {

struct TopOne::First {
  state::Blob row;
  state::Blob sort_key;
  TimestampMs written;
  int64_t present;
};

TopOne::TopOne(const plan::Rank& node, const LogicalType& input, SortKeyEncoder sort_keys)
    : ttl_ms_(node.StateTtlMs(0)),
      key_encoder_(input, node.partition),
      sort_key_encoder_(std::move(sort_keys)),
      row_encoder_(input, {}),
      output_(node) {}

Status TopOne::Open(OperatorContext& context) {
  context_ = &context;
  state::StateDescriptor descriptor;
  descriptor.name = "Top1-Rank-State";
  descriptor.layout.fixed_size = sizeof(First);
  descriptor.layout.blob_offsets = {0, sizeof(state::Blob)};
  descriptor.schema = row_encoder_.schema() + ", sort key, written, present";
  descriptor.ttl_ms = ttl_ms_;
  CASTOR_ASSIGN_OR_RETURN(state_, context.state().OpenValue(descriptor));
  return Status::OK();
}

Result<Progress> TopOne::Process(int, Batch batch, Output& out) {
  batch_ = std::move(batch);
  key_encoder_.Encode(batch_, &keys_);
  sort_key_encoder_.Encode(batch_, &sort_keys_);
  row_encoder_.Encode(batch_);
  records_.resize(static_cast<size_t>(batch_.num_rows));
  return Continue(out);
}

Result<Progress> TopOne::Continue(Output& out) {
  CASTOR_ASSIGN_OR_RETURN(
      const state::Readiness readiness,
      state_->Acquire(keys_, state::AccessMode::kFindOrCreate, records_.data(), nullptr));
  if (readiness == state::Readiness::kPending) return Progress::kPending;
  const TimestampMs now = context_->clock().NowMs();
  Status status;
  for (int32_t row = 0; status.ok() && row < batch_.num_rows; ++row) {
    auto* first = reinterpret_cast<First*>(records_[static_cast<size_t>(row)]);
    status = ProcessRow(row, now, first);
  }
  state_->Release();
  CASTOR_RETURN_NOT_OK(status);
  if (!output_.empty()) out.Emit(output_.Take(row_encoder_));
  batch_ = Batch();
  return Progress::kDone;
}

Status TopOne::ProcessRow(int32_t row, TimestampMs now, First* first) {
  const std::string_view sort_key = sort_keys_.row(row);
  const std::string_view bytes = row_encoder_.row(row);
  const bool expired = ttl_ms_ > 0 && first->written + ttl_ms_ <= now;
  if (first->present == 0 || expired) {
    output_.Emit(RowKind::kInsert, bytes);
  } else if (sort_key < first->sort_key.view()) {
    output_.Emit(RowKind::kUpdateBefore, first->row.view());
    output_.Emit(RowKind::kUpdateAfter, bytes);
  } else {
    return Status::OK();
  }
  first->present = 1;
  first->written = now;
  CASTOR_RETURN_NOT_OK(state_->SetBlob(&first->row, bytes));
  return state_->SetBlob(&first->sort_key, sort_key);
}

}  // namespace castor
