#include "operator/window_aggregate/updating_windows.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "column/gather.h"
#include "operator/windowing/progress.h"
#include "operator/windowing/window_columns.h"
#include "state/key_list.h"

namespace castor::window_aggregate {

using state::Readiness;

struct UpdatingWindows::Emitted {
  state::Blob result;      // given last; empty: none
  TimestampMs next_early;  // 0: not planned
  TimestampMs next_late;
  int64_t on_time;  // 1: the window has fired on time
  int64_t rows;
};

namespace {

std::string_view WindowBytes(const TimestampMs& window_end) {
  return {reinterpret_cast<const char*>(&window_end), sizeof(window_end)};
}

TimestampMs WindowOf(const state::Timer& timer) {
  TimestampMs window_end;
  std::memcpy(&window_end, timer.name_space.data(), sizeof(window_end));
  return window_end;
}

}  // namespace

UpdatingWindows::UpdatingWindows(const plan::WindowAggregate& node, const LogicalType& input,
                                 const EmitStrategy& strategy)
    : node_(node),
      input_(input),
      strategy_(strategy),
      event_time_(node.windowing.is_rowtime),
      key_encoder_(input, node.grouping),
      row_encoder_(node.output_type, {}) {}

aggregate::AggregateSpec UpdatingWindows::SpecOf() const {
  aggregate::AggregateSpec spec;
  spec.calls = node_.calls;
  spec.input_row = input_;
  spec.needs_retraction = node_.need_retraction;
  spec.call_retractions.assign(node_.calls.size(), node_.need_retraction);
  spec.reserved_bytes = sizeof(Emitted);
  return spec;
}

Status UpdatingWindows::Open(OperatorContext& context) {
  context_ = &context;
  late_rows_ = context.metrics().Counter("numLateRecordsDropped");
  CASTOR_ASSIGN_OR_RETURN(
      windowing::SliceAssigner assigner,
      windowing::SliceAssigner::Make(node_.windowing, input_, context.configuration()));
  assigner.CutHoppingWindows();
  assigner_ = std::make_unique<windowing::SliceAssigner>(std::move(assigner));
  CASTOR_ASSIGN_OR_RETURN(aggregates_, aggregate::AggregateSet::Compile(SpecOf()));
  CASTOR_RETURN_NOT_OK(OpenState());
  CASTOR_ASSIGN_OR_RETURN(timers_, context.state().OpenTimers("emit-timers"));
  RequestNextTime();
  return Status::OK();
}

Status UpdatingWindows::OpenState() {
  state::StateDescriptor descriptor;
  descriptor.name = "window-aggs";
  descriptor.layout = aggregates_->layout();
  descriptor.layout.blob_offsets.insert(descriptor.layout.blob_offsets.begin(),
                                        offsetof(Emitted, result));
  descriptor.schema = aggregates_->schema() + " behind " + row_encoder_.schema() + " in " +
                      node_.windowing.window.ToString();
  descriptor.version = aggregate::AggregateSet::kVersion;
  CASTOR_ASSIGN_OR_RETURN(state_, context_->state().OpenWindow(descriptor));
  if (aggregates_->has_blobs()) aggregates_->BindBlobs(aggregate::BlobWriter::Of(state_));
  if (aggregates_->uses_maps()) CASTOR_RETURN_NOT_OK(aggregates_->OpenMaps(context_->state(), 0));
  return Status::OK();
}

Result<Progress> UpdatingWindows::Process(int, Batch batch, Output& out) {
  now_ = context_->clock().NowMs();
  CASTOR_RETURN_NOT_OK(assigner_->Assign(batch, now_, &windows_));
  Expand(batch);
  if (batch_.num_rows == 0) return Progress::kDone;
  key_encoder_.Encode(batch_, &keys_);
  if (aggregates_->uses_maps()) NameWindows(keys_, windows_, &window_keys_);
  task_ = Task::kRows;
  return Continue(out);
}

// Of a row's windows the last comes first, as Flink's SlidingWindowAssigner has them.
void UpdatingWindows::Expand(const Batch& batch) {
  const std::vector<TimestampMs> slices = std::exchange(windows_, {});
  std::vector<int32_t> rows;
  for (size_t i = 0; i < slices.size(); ++i) {
    const size_t before = rows.size();
    const TimestampMs first = assigner_->FirstUnfiredWindow(slices[i], kMinTimestamp);
    const TimestampMs last = assigner_->LastWindowEnd(slices[i]);
    for (TimestampMs end = last; end >= first && !IsTooLate(end); end -= assigner_->interval_ms()) {
      rows.push_back(static_cast<int32_t>(i));
      windows_.push_back(end);
    }
    if (rows.size() == before) late_rows_->Add(1);
  }
  batch_ = Gather(batch, rows.data(), static_cast<int32_t>(rows.size()));
}

Result<Progress> UpdatingWindows::Continue(Output& out) {
  if (task_ == Task::kWindows) return FireWindows(out);
  if (task_ == Task::kTimers) return FireTimers(out);
  if (batch_.num_rows > 0) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, AddRows());
    if (readiness == Readiness::kPending) return Progress::kPending;
    Flush(out);
    batch_ = Batch();
  }
  task_ = Task::kNone;
  RequestNextTime();
  return Progress::kDone;
}

Result<Readiness> UpdatingWindows::AddRows() {
  const auto rows = static_cast<size_t>(batch_.num_rows);
  if (!acquired_) {
    records_.resize(rows);
    CASTOR_ASSIGN_OR_RETURN(const Readiness found,
                            state_->Acquire(windows_, keys_, state::AccessMode::kFindOrCreate,
                                            records_.data(), nullptr));
    if (found == Readiness::kPending) return found;
    acquired_ = true;
  }
  ops_.resize(rows);
  for (int32_t row = 0; row < batch_.num_rows; ++row) {
    ops_[static_cast<size_t>(row)] =
        IsAccumulate(batch_.kind(row)) ? aggregate::RowOp::kAdd : aggregate::RowOp::kRetract;
  }
  aggregate::RowUpdates updates;
  updates.records = records_.data();
  updates.ops = ops_.data();
  updates.keys = aggregates_->uses_maps() ? &window_keys_ : nullptr;
  std::vector<ColumnPtr> values;
  CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                          aggregates_->AccumulateEach(batch_, updates, &values));
  if (readiness == Readiness::kPending) return readiness;
  acquired_ = false;
  std::vector<Place> places;
  std::vector<int32_t> results;  // the results after each of them
  for (int32_t row = 0; row < batch_.num_rows; ++row) {
    const auto i = static_cast<size_t>(row);
    auto* emitted = reinterpret_cast<Emitted*>(records_[i]);
    emitted->rows += ops_[i] == aggregate::RowOp::kAdd ? 1 : -1;
    if (!FiresOnRow(emitted, row)) continue;
    places.push_back({records_[i], keys_.key(row), windows_[i], emitted->rows});
    results.push_back(2 * row + 1);
  }
  for (ColumnPtr& value : values) {
    value = Gather(*value, results.data(), static_cast<int32_t>(results.size()));
  }
  const Status status = EmitResults(places, std::move(values));
  state_->Release();
  CASTOR_RETURN_NOT_OK(status);
  return readiness;
}

bool UpdatingWindows::FiresOnRow(Emitted* emitted, int32_t row) {
  if (late_by_clock() && emitted->on_time != 0) {
    Plan(NextLate(emitted), *strategy_.late_delay_ms, row);
    return false;
  }
  if (event_time_ && TriggerInstant(windows_[static_cast<size_t>(row)]) <= watermark_) return true;
  if (!strategy_.early_delay_ms.has_value()) return false;
  if (*strategy_.early_delay_ms == 0) return true;
  Plan(&emitted->next_early, *strategy_.early_delay_ms, row);
  return false;
}

void UpdatingWindows::Plan(TimestampMs* next, int64_t delay_ms, int32_t row) {
  if (*next != 0) return;
  *next = now_ + delay_ms;
  const auto i = static_cast<size_t>(row);
  timers_->Register(state::TimerAt(*next, keys_, row, WindowBytes(windows_[i])));
}

// Delays of the same length are one state in Flink.
TimestampMs* UpdatingWindows::NextLate(Emitted* emitted) const {
  return strategy_.early_delay_ms == strategy_.late_delay_ms ? &emitted->next_early
                                                             : &emitted->next_late;
}

Result<Progress> UpdatingWindows::OnWatermark(TimestampMs watermark, Output& out) {
  watermark_ = watermark;
  if (!event_time_) {
    out.EmitWatermark(watermark);
    return Progress::kDone;
  }
  target_ = watermark;
  task_ = Task::kWindows;
  return FireWindows(out);
}

Result<Progress> UpdatingWindows::OnProcessingTime(TimestampMs now, Output& out) {
  now_ = now;
  task_ = Task::kTimers;
  return FireTimers(out);
}

Result<Progress> UpdatingWindows::FireTimers(Output& out) {
  while (!due_.empty() || timers_->NextTime() <= now_) {
    if (out.Full()) return Progress::kOutputFull;
    if (due_.empty()) {
      CASTOR_ASSIGN_OR_RETURN(
          const Readiness popped,
          timers_->PopDue(now_, static_cast<size_t>(context_->batch_rows()), &due_));
      if (popped == Readiness::kPending) return Progress::kPending;
      if (due_.empty()) break;
    }
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, FireDue());
    if (readiness == Readiness::kPending) return Progress::kPending;
    due_.Clear();
    Flush(out);
  }
  if (!event_time_) {
    target_ = now_;
    task_ = Task::kWindows;
    return FireWindows(out);
  }
  task_ = Task::kNone;
  RequestNextTime();
  return Progress::kDone;
}

Result<Readiness> UpdatingWindows::FireDue() {
  state::TakeKeys(due_, &keys_);
  windows_.clear();
  for (size_t i = 0; i < due_.size(); ++i) windows_.push_back(WindowOf(due_[i]));
  records_.resize(due_.size());
  CASTOR_ASSIGN_OR_RETURN(
      const Readiness readiness,
      state_->Acquire(windows_, keys_, state::AccessMode::kFind, records_.data(), nullptr));
  if (readiness == Readiness::kPending) return readiness;
  std::vector<Place> places;
  std::vector<const std::byte*> firing;
  for (size_t i = 0; i < due_.size(); ++i) {
    auto* emitted = reinterpret_cast<Emitted*>(records_[i]);
    if (emitted == nullptr || !Renew(emitted, due_[i])) continue;
    places.push_back({records_[i], keys_.key(static_cast<int32_t>(i)), windows_[i], emitted->rows});
    firing.push_back(records_[i]);
  }
  const Status status =
      EmitResults(places, aggregates_->Values(firing.data(), static_cast<int32_t>(firing.size())));
  state_->Release();
  CASTOR_RETURN_NOT_OK(status);
  return readiness;
}

bool UpdatingWindows::Renew(Emitted* emitted, const state::Timer& timer) {
  const bool late = late_by_clock() && emitted->on_time != 0;
  const std::optional<int64_t>& delay = late ? strategy_.late_delay_ms : strategy_.early_delay_ms;
  TimestampMs* next = late ? NextLate(emitted) : &emitted->next_early;
  if (!delay.has_value() || *next != timer.time) return false;
  *next = timer.time + *delay;
  timers_->Register({*next, timer.key_hash, timer.key, timer.name_space});
  return true;
}

Result<Progress> UpdatingWindows::FireWindows(Output& out) {
  while (active_ || NextWindow()) {
    if (out.Full()) return Progress::kOutputFull;
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, FirePage());
    if (readiness == Readiness::kPending) return Progress::kPending;
    Flush(out);
  }
  CASTOR_ASSIGN_OR_RETURN(const Readiness dropped, DropWindows());
  if (dropped == Readiness::kPending) return Progress::kPending;
  progress_ = std::max(progress_, target_);
  task_ = Task::kNone;
  if (event_time_) {
    out.EmitWatermark(watermark_);
  } else {
    RequestNextTime();
  }
  return Progress::kDone;
}

bool UpdatingWindows::NextWindow() {
  for (const TimestampMs window_end : state_->Windows()) {
    const TimestampMs due = TriggerInstant(window_end);
    if (due <= progress_) continue;
    if (due > target_) return false;
    window_ = window_end;
    cursor_ = 0;
    active_ = true;
    return true;
  }
  return false;
}

Result<Readiness> UpdatingWindows::FirePage() {
  CASTOR_ASSIGN_OR_RETURN(
      const Readiness readiness,
      state_->Scan(window_, state::AccessMode::kFind, &cursor_, kPageRecords, &page_.records));
  if (readiness == Readiness::kPending) return readiness;
  std::vector<Place> places;
  std::vector<const std::byte*> firing;
  for (const state::Record& record : page_.records) {
    auto* emitted = reinterpret_cast<Emitted*>(record.data);
    emitted->on_time = 1;
    places.push_back({record.data, record.key, window_, emitted->rows});
    firing.push_back(record.data);
  }
  CASTOR_RETURN_NOT_OK(
      EmitResults(places, aggregates_->Values(firing.data(), static_cast<int32_t>(firing.size()))));
  if (cursor_ == state::KeyEntries::kEndOfEntries) {
    active_ = false;
    cursor_ = 0;
    progress_ = TriggerInstant(window_);
  }
  return readiness;
}

Result<Readiness> UpdatingWindows::DropWindows() {
  for (const TimestampMs window_end : state_->Windows()) {
    if (CleanupInstant(window_end) > target_) break;
    while (aggregates_->uses_maps() && cursor_ != state::KeyEntries::kEndOfEntries) {
      CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                              state_->Scan(window_end, state::AccessMode::kRead, &cursor_,
                                           kPageRecords, &page_.records));
      if (readiness == Readiness::kPending) return readiness;
      page_.FindMapKeys(window_end);
      page_.ClearMaps(aggregates_.get());
    }
    state_->Drop(window_end);
    cursor_ = 0;
  }
  return Readiness::kReady;
}

Status UpdatingWindows::EmitResults(const std::vector<Place>& places,
                                    std::vector<ColumnPtr> values) {
  if (places.empty()) return Status::OK();
  row_encoder_.Encode(MakeRows(places, std::move(values)));
  for (size_t i = 0; i < places.size(); ++i) {
    auto* emitted = reinterpret_cast<Emitted*>(places[i].record);
    const std::string_view before = emitted->result.view();
    const std::string_view result =
        places[i].rows == 0 ? std::string_view() : row_encoder_.row(static_cast<int32_t>(i));
    if (before == result) continue;
    if (result.empty()) {
      output_.Emit(RowKind::kDelete, before);
    } else if (before.empty()) {
      output_.Emit(RowKind::kInsert, result);
    } else {
      output_.Emit(RowKind::kUpdateBefore, before);
      output_.Emit(RowKind::kUpdateAfter, result);
    }
    CASTOR_RETURN_NOT_OK(state_->SetBlob(&emitted->result, result));
  }
  return Status::OK();
}

// A processing time is left at zero here: it makes no other result.
Batch UpdatingWindows::MakeRows(const std::vector<Place>& places,
                                std::vector<ColumnPtr> values) const {
  std::vector<const char*> keys;
  std::vector<windowing::Window> windows;
  for (const Place& place : places) {
    keys.push_back(place.key.data());
    windows.push_back({assigner_->WindowStart(place.window_end), place.window_end});
  }
  Batch rows(static_cast<int32_t>(places.size()), key_encoder_.codec().Decode(keys));
  for (ColumnPtr& value : values) rows.columns.push_back(std::move(value));
  const auto& fields = node_.output_type.fields();
  for (const plan::WindowProperty& property : node_.properties) {
    rows.columns.push_back(windowing::MakeWindowColumn(
        property.kind, fields[rows.columns.size()].type, windows, assigner_->shift(), 0));
  }
  return rows;
}

void UpdatingWindows::Flush(Output& out) {
  if (output_.empty()) return;
  Batch rows = output_.Take(row_encoder_);
  const auto& fields = node_.output_type.fields();
  const size_t first = fields.size() - node_.properties.size();
  for (size_t i = 0; i < fields.size(); ++i) {
    rows.columns[i] = rows.columns[i]->WithType(fields[i].type);
    if (i < first) continue;
    if (node_.properties[i - first].kind != plan::WindowProperty::Kind::kProctime) continue;
    MutableColumnPtr now = Column::MakeConstant(fields[i].type, rows.num_rows);
    *now->mutable_values<int64_t>() = now_ * (fields[i].type.TicksPerSecond() / 1000);
    rows.columns[i] = std::move(now);
  }
  out.Emit(std::move(rows));
}

TimestampMs UpdatingWindows::TriggerInstant(TimestampMs window_end) const {
  return assigner_->TriggerInstant(window_end);
}

TimestampMs UpdatingWindows::CleanupInstant(TimestampMs window_end) const {
  const int64_t lateness = event_time_ ? strategy_.lateness_ms : 0;
  return assigner_->shift().ToTimer(std::max<TimestampMs>(0, window_end - 1 + lateness));
}

bool UpdatingWindows::IsTooLate(TimestampMs window_end) const {
  return event_time_ && CleanupInstant(window_end) <= watermark_;
}

void UpdatingWindows::RequestNextTime() {
  TimestampMs next = timers_->NextTime();
  if (!event_time_) {
    const std::vector<TimestampMs> windows = state_->Windows();
    if (!windows.empty()) next = std::min(next, TriggerInstant(windows.front()));
  }
  if (next != kMaxWatermark) context_->RequestProcessingTime(next);
}

Result<std::string> UpdatingWindows::Snapshot() { return windowing::SaveProgress(progress_); }

Status UpdatingWindows::Restore(std::string_view old_instance_bytes) {
  CASTOR_RETURN_NOT_OK(windowing::RestoreProgress(old_instance_bytes, &progress_));
  watermark_ = progress_;
  return Status::OK();
}

}  // namespace castor::window_aggregate
