#include "operator/deduplicate/latest_row.h"

#include <numeric>
#include <utility>

#include "column/gather.h"
#include "operator/bundle/mini_batch.h"

namespace castor::deduplicate {

using state::Readiness;

struct LatestRow::Kept {
  state::Blob row;
  TimestampMs written;
  int64_t time;  // event time, where that decides
  uint8_t present;
  // Flink emits the very row that its heap state holds, with the kind of the change set, and
  // compares kinds when it looks for unchanged rows.
  RowKind kind;
  uint8_t unused[14];
};

LatestRow::LatestRow(Options options, const LogicalType& input)
    : BundleOperator(options.bundle_rows),
      options_(std::move(options)),
      input_(input),
      key_encoder_(input, options_.key_fields),
      row_encoder_(input, {}) {}

Status LatestRow::OpenState(OperatorContext& context) {
  context_ = &context;
  if (options_.filter != nullptr) {
    CASTOR_ASSIGN_OR_RETURN(
        filter_, expr::Program::Compile({&options_.filter, 1}, {&context.configuration(), input_}));
  }
  if (keeps_nothing()) return Status::OK();
  state::StateDescriptor descriptor;
  descriptor.name = "deduplicate-state";
  descriptor.layout.fixed_size = sizeof(Kept);
  descriptor.layout.blob_offsets = {0};
  descriptor.schema = row_encoder_.schema() + ", written, time, present, kind";
  descriptor.ttl_ms = options_.ttl_ms;
  CASTOR_ASSIGN_OR_RETURN(state_, context.state().OpenValue(descriptor));
  return Status::OK();
}

Status LatestRow::Add(Batch part) {
  parts_.push_back(std::move(part));
  return Status::OK();
}

Result<Readiness> LatestRow::Finish(Batch* changes) {
  if (!prepared_) CASTOR_RETURN_NOT_OK(Prepare());
  prepared_ = true;
  if (keeps_nothing()) {
    batch_.row_kinds = Buffer::Allocate(static_cast<size_t>(batch_.num_rows));
    std::fill_n(batch_.row_kinds->as<RowKind>(), batch_.num_rows, RowKind::kUpdateAfter);
    *changes = std::move(batch_);
    prepared_ = false;
    return Readiness::kReady;
  }
  records_.resize(static_cast<size_t>(batch_.num_rows));
  CASTOR_ASSIGN_OR_RETURN(
      const Readiness readiness,
      state_->Acquire(keys_, state::AccessMode::kFindOrCreate, records_.data(), nullptr));
  if (readiness == Readiness::kPending) return readiness;
  Status status;
  for (int32_t row = 0; status.ok() && row < batch_.num_rows; ++row) {
    status = ProcessRow(row, reinterpret_cast<Kept*>(records_[static_cast<size_t>(row)]));
  }
  std::vector<int32_t> gone;
  for (int32_t row = 0; row < batch_.num_rows; ++row) {
    const auto* kept = reinterpret_cast<const Kept*>(records_[static_cast<size_t>(row)]);
    if (kept->present == 0) gone.push_back(row);
  }
  state_->Release();
  CASTOR_RETURN_NOT_OK(status);
  if (!gone.empty()) state_->Erase(keys_, gone);
  if (!output_.empty()) *changes = output_.Take(row_encoder_);
  batch_ = Batch();
  prepared_ = false;
  return Readiness::kReady;
}

Status LatestRow::Prepare() {
  std::vector<int32_t> all(input_.fields().size());
  std::iota(all.begin(), all.end(), 0);
  batch_ = bundle::JoinBatches(parts_, all);
  parts_.clear();
  now_ = context_->clock().NowMs();
  if (options_.time_field >= 0) ReadTimes();
  key_encoder_.Encode(batch_, &keys_);
  if (mini_batch() && (options_.time_field < 0 || options_.compact)) {
    SelectLatest();
    key_encoder_.Encode(batch_, &keys_);
  }
  row_encoder_.Encode(batch_);
  if (filter_ == nullptr) return Status::OK();
  std::vector<int32_t> passing;
  expr::EvalContext evaluation;
  evaluation.now = now_;
  CASTOR_RETURN_NOT_OK(
      filter_->Filter(0, batch_, {nullptr, batch_.num_rows}, evaluation, &passing));
  passes_.assign(static_cast<size_t>(batch_.num_rows), 0);
  for (const int32_t row : passing) passes_[static_cast<size_t>(row)] = 1;
  return Status::OK();
}

bool LatestRow::ReplacesByTime(int64_t time, int64_t other) const {
  return options_.rule == Rule::kFirstTime ? time < other : other <= time;
}

void LatestRow::ReadTimes() {
  const ColumnPtr column = Flatten(batch_.columns[static_cast<size_t>(options_.time_field)]);
  times_.resize(static_cast<size_t>(batch_.num_rows));
  const auto* values = column->values<int64_t>();
  for (size_t i = 0; i < times_.size(); ++i) times_[i] = values[column->is_constant() ? 0 : i];
}

// The row of each key that the bundle leaves, in the order of the keys' first rows.
void LatestRow::SelectLatest() {
  distinct_.Find(keys_);
  std::vector<int32_t> latest = distinct_.first_rows();
  for (int32_t row = 0; row < batch_.num_rows; ++row) {
    int32_t& kept =
        latest[static_cast<size_t>(distinct_.number_of_row()[static_cast<size_t>(row)])];
    if (options_.time_field >= 0 &&
        !ReplacesByTime(times_[static_cast<size_t>(row)], times_[static_cast<size_t>(kept)])) {
      continue;
    }
    kept = row;
  }
  batch_ = Gather(batch_, latest.data(), static_cast<int32_t>(latest.size()));
  if (options_.time_field >= 0) ReadTimes();
}

Status LatestRow::ProcessRow(int32_t row, Kept* kept) {
  if (options_.ttl_ms > 0 && kept->present != 0 && kept->written + options_.ttl_ms <= now_) {
    CASTOR_RETURN_NOT_OK(Forget(kept));
  }
  switch (options_.rule) {
    case Rule::kLastInsert:
      return ProcessInsert(row, kept);
    case Rule::kLastChange:
      return ProcessChange(row, kept);
    case Rule::kLastTime:
    case Rule::kFirstTime:
      return ProcessByTime(row, kept);
  }
  return Status::OK();
}

// processLastRowOnProcTime
Status LatestRow::ProcessInsert(int32_t row, Kept* kept) {
  if (kept->present == 0) {
    output_.Emit(RowKind::kInsert, row_encoder_.row(row));
    return Keep(row, RowKind::kInsert, kept);
  }
  const bool same = kept->kind == RowKind::kInsert && kept->row.view() == row_encoder_.row(row);
  if (options_.ttl_ms == 0 && same) return Status::OK();
  EmitUpdate(row, *kept);
  return Keep(row, RowKind::kUpdateAfter, kept);
}

// processLastRowOnChangelog and processLastRowOnChangelogWithFilter
Status LatestRow::ProcessChange(int32_t row, Kept* kept) {
  if (!IsAccumulate(batch_.kind(row))) {
    if (kept->present == 0) return Status::OK();
    output_.Emit(RowKind::kDelete, kept->row.view());
    return Forget(kept);
  }
  const bool passes = filter_ == nullptr || passes_[static_cast<size_t>(row)] != 0;
  if (kept->present == 0) {
    if (!passes) return Status::OK();
    output_.Emit(RowKind::kInsert, row_encoder_.row(row));
  } else if (options_.ttl_ms == 0 && kept->row.view() == row_encoder_.row(row)) {
    return Status::OK();
  } else if (passes) {
    EmitUpdate(row, *kept);
  } else {
    output_.Emit(RowKind::kDelete, kept->row.view());
    return Forget(kept);
  }
  return Keep(row, RowKind::kInsert, kept);
}

// RowTimeDeduplicateFunctionHelper
Status LatestRow::ProcessByTime(int32_t row, Kept* kept) {
  const int64_t time = times_[static_cast<size_t>(row)];
  if (kept->present != 0 && !ReplacesByTime(time, kept->time)) return Status::OK();
  if (kept->present == 0 && (options_.update_before || options_.insert)) {
    output_.Emit(RowKind::kInsert, row_encoder_.row(row));
  } else if (kept->present == 0) {
    output_.Emit(RowKind::kUpdateAfter, row_encoder_.row(row));
  } else {
    EmitUpdate(row, *kept);
  }
  kept->time = time;
  return Keep(row, RowKind::kInsert, kept);
}

void LatestRow::EmitUpdate(int32_t row, const Kept& kept) {
  if (options_.update_before) output_.Emit(RowKind::kUpdateBefore, kept.row.view());
  output_.Emit(RowKind::kUpdateAfter, row_encoder_.row(row));
}

Status LatestRow::Keep(int32_t row, RowKind kind, Kept* kept) {
  kept->present = 1;
  kept->kind = kind;
  kept->written = now_;
  return state_->SetBlob(&kept->row, row_encoder_.row(row));
}

Status LatestRow::Forget(Kept* kept) {
  kept->present = 0;
  return state_->SetBlob(&kept->row, {});
}

}  // namespace castor::deduplicate
