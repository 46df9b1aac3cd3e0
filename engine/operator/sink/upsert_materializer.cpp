#include "operator/sink/upsert_materializer.h"

#include <algorithm>
#include <utility>

#include "column/gather.h"
#include "operator/api/marks.h"
#include "operator/rows/row_list.h"

namespace castor {

UpsertMaterializer::UpsertMaterializer(const plan::Sink& node, const LogicalType& input)
    : ttl_ms_(node.upsert_materialize_strategy == "LEGACY" ? node.StateTtlMs(0) : 0),
      key_encoder_(input, node.primary_key),
      encoder_(input, node.input_upsert_key) {}

Status UpsertMaterializer::Open(OperatorContext& context) {
  state::StateDescriptor descriptor;
  descriptor.name = "sinkMaterializeState";
  descriptor.layout.fixed_size = sizeof(state::Blob);
  descriptor.layout.blob_offsets = {0};
  descriptor.schema = encoder_.schema();
  descriptor.ttl_ms = ttl_ms_;
  CASTOR_ASSIGN_OR_RETURN(rows_, context.state().OpenValue(descriptor));
  return Status::OK();
}

void UpsertMaterializer::Accept(Batch batch) {
  batch_ = std::move(batch);
  key_encoder_.Encode(batch_, &keys_);
  encoder_.Encode(batch_);
}

Result<Progress> UpsertMaterializer::Advance(Output& out) {
  const auto rows = static_cast<size_t>(batch_.num_rows);
  records_.resize(rows);
  CASTOR_ASSIGN_OR_RETURN(
      const state::Readiness readiness,
      rows_->Acquire(keys_, state::AccessMode::kFindOrCreate, records_.data(), nullptr));
  if (readiness == state::Readiness::kPending) return Progress::kPending;

  std::vector<int32_t> emptied;
  Status status;
  for (int32_t row = 0; row < batch_.num_rows && status.ok(); ++row) {
    auto* blob = reinterpret_cast<state::Blob*>(records_[static_cast<size_t>(row)]);
    status = IsAccumulate(batch_.kind(row)) ? Add(row, blob) : Retract(row, blob);
  }
  for (int32_t row = 0; row < batch_.num_rows; ++row) {
    const auto* blob = reinterpret_cast<const state::Blob*>(records_[static_cast<size_t>(row)]);
    if (blob->size == 0) emptied.push_back(row);
  }
  rows_->Release();
  CASTOR_RETURN_NOT_OK(status);
  if (!emptied.empty()) rows_->Erase(keys_, emptied);
  if (sources_.empty()) {
    EmitMarks(batch_.marks, out);
  } else {
    out.Emit(TakeOutput());
  }
  batch_ = Batch();
  return Progress::kDone;
}

// A row of a known match key takes the place of the old one in the order.
Status UpsertMaterializer::Add(int32_t row, state::Blob* blob) {
  const RowList list(blob->view());
  EmitInput(row, list.empty() ? RowKind::kInsert : RowKind::kUpdateAfter);
  RowList::Entry found, before;
  const std::string_view bytes = encoder_.row(row);
  const std::string_view match_key = encoder_.match_key(row);
  if (!match_key.empty() && list.Find(bytes, match_key, &found, &before)) {
    scratch_.assign(blob->view().substr(0, found.offset));
    RowList::Append(RowKind::kInsert, bytes, match_key, &scratch_);
    scratch_.append(blob->view().substr(found.end()));
  } else {
    scratch_.assign(blob->view());
    RowList::Append(RowKind::kInsert, bytes, match_key, &scratch_);
  }
  return rows_->SetBlob(blob, scratch_);
}

// What is written changes only if the last row goes: to the one before it, or to nothing.
Status UpsertMaterializer::Retract(int32_t row, state::Blob* blob) {
  const RowList list(blob->view());
  RowList::Entry found, before;
  // Not found: the state was cleared by its TTL, of which Flink tells its log.
  if (!list.Find(encoder_.row(row), encoder_.match_key(row), &found, &before)) return Status::OK();
  const bool was_last = found.end() == list.size();
  if (was_last && found.offset == 0) {
    EmitInput(row, RowKind::kDelete);
  } else if (was_last) {
    EmitState(row, before.row);
  }
  list.Without(found, &scratch_);
  return rows_->SetBlob(blob, scratch_);
}

void UpsertMaterializer::EmitInput(int32_t row, RowKind kind) {
  sources_.push_back(row);
  caused_by_.push_back(row);
  kinds_.push_back(kind);
}

void UpsertMaterializer::EmitState(int32_t row, std::string_view bytes) {
  sources_.push_back(batch_.num_rows + static_cast<int32_t>(state_rows_.size()));
  caused_by_.push_back(row);
  kinds_.push_back(RowKind::kUpdateAfter);
  state_rows_.emplace_back(bytes);
}

// Rows of state are decoded and put behind those of the batch, for one gather over both.
Batch UpsertMaterializer::TakeOutput() {
  Batch all(batch_.num_rows, batch_.columns);
  if (!state_rows_.empty()) {
    std::vector<const char*> rows;
    for (const std::string& bytes : state_rows_) rows.push_back(bytes.data());
    std::vector<ColumnPtr> decoded = encoder_.Decode(rows);
    for (size_t i = 0; i < all.columns.size(); ++i) {
      const ColumnPtr parts[] = {all.columns[i], decoded[i]};
      all.columns[i] = Concat(std::span<const ColumnPtr>(parts));
    }
    all.num_rows += static_cast<int32_t>(rows.size());
  }
  Batch result = Gather(all, sources_.data(), static_cast<int32_t>(sources_.size()));
  result.row_kinds = Buffer::Allocate(kinds_.size());
  std::copy(kinds_.begin(), kinds_.end(), result.row_kinds->as<RowKind>());
  result.marks = MarksOfSelected(batch_.marks, caused_by_);
  sources_.clear();
  caused_by_.clear();
  kinds_.clear();
  state_rows_.clear();
  return result;
}

}  // namespace castor
