#include "operator/session_window_aggregate/session_window_aggregate.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "operator/windowing/progress.h"
#include "operator/windowing/window_columns.h"

namespace castor::session_window_aggregate {
namespace {

using aggregate::RowOp;
using state::Readiness;

aggregate::AggregateSpec AggregatesOf(const plan::WindowAggregate& node,
                                      const LogicalType& input_row) {
  aggregate::AggregateSpec spec;
  spec.calls = node.calls;
  spec.input_row = input_row;
  spec.needs_retraction = node.need_retraction;
  spec.call_retractions.assign(node.calls.size(), node.need_retraction);
  spec.reserved_bytes = windowing::SessionWindows::kReservedBytes;
  return spec;
}

std::vector<int32_t> AllRows(int32_t count) {
  std::vector<int32_t> rows(static_cast<size_t>(count));
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

// Keys for the maps beside the records: named[i] is keys[rows[i]] with the name of a session. The
// hash stays that of the key alone, so that map and record belong to the same key group.
void NameSessions(const state::KeyBatch& keys, std::span<const int32_t> rows,
                  std::span<const windowing::Window> names, state::KeyBatch* named) {
  named->rows = EncodedRows();
  named->rows.count = static_cast<int32_t>(rows.size());
  named->rows.offsets.push_back(0);
  named->hashes.clear();
  for (size_t i = 0; i < rows.size(); ++i) {
    const std::string_view key = keys.key(rows[i]);
    const auto* name = reinterpret_cast<const char*>(&names[i]);
    std::vector<char>& bytes = named->rows.bytes;
    bytes.insert(bytes.end(), key.begin(), key.end());
    bytes.insert(bytes.end(), name, name + sizeof(windowing::Window));
    named->rows.offsets.push_back(static_cast<uint32_t>(bytes.size()));
    named->hashes.push_back(keys.hashes[static_cast<size_t>(rows[i])]);
  }
}

}  // namespace

SessionWindowAggregate::SessionWindowAggregate(const plan::WindowAggregate& node,
                                               const LogicalType& input_row)
    : grouping_(node.grouping),
      windowing_(node.windowing),
      properties_(node.properties),
      input_row_(input_row),
      output_row_(node.output_type),
      aggregate_spec_(AggregatesOf(node, input_row)),
      key_encoder_(input_row_, grouping_) {}

Status SessionWindowAggregate::Open(OperatorContext& context) {
  context_ = &context;
  late_rows_ = context.metrics().Counter("numLateRecordsDropped");
  CASTOR_ASSIGN_OR_RETURN(
      windowing::SessionAssigner assigner,
      windowing::SessionAssigner::Make(windowing_, input_row_, context.configuration()));
  assigner_ = std::make_unique<windowing::SessionAssigner>(std::move(assigner));
  CASTOR_ASSIGN_OR_RETURN(aggregates_, aggregate::AggregateSet::Compile(aggregate_spec_));
  CASTOR_RETURN_NOT_OK(OpenState());
  RequestNextTime();
  return Status::OK();
}

Status SessionWindowAggregate::OpenState() {
  windowing::SessionWindows::Spec spec;
  spec.state.name = "window-aggs";
  spec.state.layout = aggregates_->layout();
  spec.state.schema = aggregates_->schema() + " in " + windowing_.window.ToString();
  spec.state.version = aggregate::AggregateSet::kVersion;
  spec.timers_name = "window-timers";
  spec.merges = assigner_->merges();
  spec.drops_late = assigner_->event_time();
  spec.shift = assigner_->shift();
  sessions_ = std::make_unique<windowing::SessionWindows>(std::move(spec));
  CASTOR_RETURN_NOT_OK(sessions_->Open(context_->state()));
  if (aggregates_->has_blobs()) {
    aggregates_->BindBlobs(aggregate::BlobWriter::Of(sessions_->state()));
  }
  return aggregates_->uses_maps() ? aggregates_->OpenMaps(context_->state(), 0) : Status::OK();
}

Result<Progress> SessionWindowAggregate::Process(int, Batch batch, Output&) {
  CASTOR_RETURN_NOT_OK(assigner_->Assign(batch, context_->clock().NowMs(), &windows_));
  key_encoder_.Encode(batch, &keys_);
  pending_ = std::move(batch);
  return Add();
}

Result<Progress> SessionWindowAggregate::Add() {
  CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, AddToSessions());
  if (readiness == Readiness::kPending) return Progress::kPending;
  sessions_->Finish(keys_);
  pending_ = Batch();
  RequestNextTime();
  return Progress::kDone;
}

Result<Readiness> SessionWindowAggregate::AddToSessions() {
  Readiness readiness = Readiness::kReady;
  if (stage_ == Stage::kAssign) {
    CASTOR_ASSIGN_OR_RETURN(readiness,
                            sessions_->Assign(keys_, windows_, progress_, &records_, &merges_));
    if (readiness == Readiness::kPending) return readiness;
    stage_ = Stage::kTakeMerged;
  }
  if (stage_ == Stage::kTakeMerged) {
    CASTOR_ASSIGN_OR_RETURN(readiness, TakeMerged());
    if (readiness == Readiness::kPending) return readiness;
    stage_ = Stage::kMerge;
  }
  if (stage_ == Stage::kMerge) {
    CASTOR_ASSIGN_OR_RETURN(readiness, Merge());
    if (readiness == Readiness::kPending) return readiness;
    PrepareUpdates();
    stage_ = Stage::kAccumulate;
  }
  if (stage_ == Stage::kAccumulate) {
    CASTOR_ASSIGN_OR_RETURN(readiness, aggregates_->Accumulate(pending_, updates_));
    if (readiness == Readiness::kPending) return readiness;
  }
  stage_ = Stage::kAssign;
  return readiness;
}

// Of sessions that have become part of others. The maps of a session are kept under its name.
Result<Readiness> SessionWindowAggregate::TakeMerged() {
  const auto count = static_cast<int32_t>(merges_.from.size());
  if (count == 0 || !aggregates_->uses_maps()) return Readiness::kReady;
  NameSessions(keys_, merges_.key_rows, merges_.from_names, &session_keys_);
  aggregate::RowUpdates updates;
  updates.records = merges_.from.data();
  updates.keys = &session_keys_;
  CASTOR_ASSIGN_OR_RETURN(const Readiness taken,
                          aggregates_->CompleteAccumulators(updates, count, &accumulators_));
  if (taken == Readiness::kReady) aggregates_->ClearMaps(session_keys_, AllRows(count));
  return taken;
}

Result<Readiness> SessionWindowAggregate::Merge() {
  const auto count = static_cast<int32_t>(merges_.into.size());
  if (count == 0) return Readiness::kReady;
  if (!aggregates_->uses_maps()) {
    CASTOR_RETURN_NOT_OK(
        aggregates_->MergeRecords(merges_.into.data(), merges_.from.data(), count));
    return Readiness::kReady;
  }
  NameSessions(keys_, merges_.key_rows, merges_.into_names, &session_keys_);
  aggregate::RowUpdates updates;
  updates.records = merges_.into.data();
  updates.keys = &session_keys_;
  return aggregates_->Merge(accumulators_, 0, count, updates);
}

void SessionWindowAggregate::PrepareUpdates() {
  const auto late = std::count(records_.begin(), records_.end(), nullptr);
  if (late > 0) late_rows_->Add(late);
  updates_ = aggregate::RowUpdates();
  updates_.records = records_.data();
  if (aggregates_->uses_maps()) {
    std::vector<windowing::Window> names;
    sessions_->NamesOfRows(&names);
    NameSessions(keys_, AllRows(pending_.num_rows), names, &session_keys_);
    updates_.keys = &session_keys_;
  }
  if (late > 0 || pending_.row_kinds != nullptr) {
    ops_.resize(records_.size());
    for (size_t row = 0; row < records_.size(); ++row) {
      const bool add = IsAccumulate(pending_.kind(static_cast<int32_t>(row)));
      ops_[row] = records_[row] == nullptr ? RowOp::kNone : add ? RowOp::kAdd : RowOp::kRetract;
    }
    updates_.ops = ops_.data();
  }
}

Result<Progress> SessionWindowAggregate::OnWatermark(TimestampMs watermark, Output& out) {
  if (!assigner_->event_time()) {
    out.EmitWatermark(watermark);
    return Progress::kDone;
  }
  target_ = watermark;
  return Fire(out);
}

Result<Progress> SessionWindowAggregate::OnProcessingTime(TimestampMs now, Output& out) {
  if (assigner_->event_time()) return Progress::kDone;
  target_ = now;
  return Fire(out);
}

Result<Progress> SessionWindowAggregate::Continue(Output& out) {
  return pending_.num_rows > 0 ? Add() : Fire(out);
}

Result<Progress> SessionWindowAggregate::Fire(Output& out) {
  const auto page = static_cast<size_t>(context_->batch_rows());
  for (bool done = false; !done;) {
    if (out.Full()) return Progress::kOutputFull;
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                            sessions_->NextDue(target_, page, &due_, &done));
    if (readiness == Readiness::kPending) return Progress::kPending;
    ClearMapsOfDue();
    DropEmptySessions();
    if (!due_.records.empty()) out.Emit(MakeResults());
    sessions_->EraseDue();
  }
  progress_ = target_;
  if (assigner_->event_time()) {
    out.EmitWatermark(target_);
  } else {
    RequestNextTime();
  }
  return Progress::kDone;
}

// Results are taken from the records, so the maps may go first.
void SessionWindowAggregate::ClearMapsOfDue() {
  if (!aggregates_->uses_maps() || due_.records.empty()) return;
  NameSessions(*due_.keys, due_.key_rows, due_.names, &session_keys_);
  aggregates_->ClearMaps(session_keys_, AllRows(session_keys_.count()));
}

void SessionWindowAggregate::DropEmptySessions() {
  const int32_t count_offset = aggregates_->record_count_offset();
  if (count_offset < 0) return;
  size_t kept = 0;
  for (size_t i = 0; i < due_.records.size(); ++i) {
    if (*reinterpret_cast<const int64_t*>(due_.records[i] + count_offset) == 0) continue;
    due_.key_rows[kept] = due_.key_rows[i];
    due_.windows[kept] = due_.windows[i];
    due_.records[kept] = due_.records[i];
    ++kept;
  }
  due_.key_rows.resize(kept);
  due_.windows.resize(kept);
  due_.records.resize(kept);
}

Batch SessionWindowAggregate::MakeResults() {
  const auto rows = static_cast<int32_t>(due_.records.size());
  std::vector<const char*> keys;
  for (const int32_t row : due_.key_rows) keys.push_back(due_.keys->key(row).data());
  std::vector<ColumnPtr> columns = key_encoder_.codec().Decode(keys);
  for (ColumnPtr& column : aggregates_->Values(due_.records.data(), rows)) {
    columns.push_back(std::move(column));
  }
  const std::vector<LogicalType::Field>& fields = output_row_.fields();
  for (const plan::WindowProperty& property : properties_) {
    columns.push_back(windowing::MakeWindowColumn(property.kind, fields[columns.size()].type,
                                                  due_.windows, assigner_->shift(),
                                                  context_->clock().NowMs()));
  }
  for (size_t i = 0; i < columns.size(); ++i) columns[i] = columns[i]->WithType(fields[i].type);
  return Batch(rows, std::move(columns));
}

void SessionWindowAggregate::RequestNextTime() {
  if (assigner_->event_time()) return;
  const TimestampMs next = sessions_->NextTime();
  if (next != kMaxWatermark) context_->RequestProcessingTime(next);
}

Result<std::string> SessionWindowAggregate::Snapshot() {
  return windowing::SaveProgress(progress_);
}

Status SessionWindowAggregate::Restore(std::string_view old_instance_bytes) {
  return windowing::RestoreProgress(old_instance_bytes, &progress_);
}

}  // namespace castor::session_window_aggregate
