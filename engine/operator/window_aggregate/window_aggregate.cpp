#include "operator/window_aggregate/window_aggregate.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "operator/window_aggregate/window_names.h"
#include "operator/window_aggregate/window_properties.h"

namespace castor::window_aggregate {
namespace {

using state::Readiness;

// Windows that hop over a key must know when it has no rows left (WindowIsEmptySupplier).
bool CountsRows(const plan::WindowingStrategy& windowing) {
  return windowing.window.kind == plan::WindowSpec::Kind::kHopping;
}

}  // namespace

WindowAggregate::Spec WindowAggregate::SpecOf(const plan::WindowAggregate& node,
                                              const LogicalType& input_row) {
  Spec spec{node.grouping, node.windowing, node.properties, {}, input_row, node.output_type};
  spec.aggregates.calls = node.calls;
  spec.aggregates.input_row = input_row;
  spec.aggregates.needs_retraction = node.need_retraction;
  spec.aggregates.call_retractions.assign(node.calls.size(), node.need_retraction);
  spec.aggregates.needs_record_count = CountsRows(node.windowing);
  spec.of_group_window = node.type == "stream-exec-group-window-aggregate";
  return spec;
}

WindowAggregate::Spec WindowAggregate::SpecOf(const plan::GlobalWindowAggregate& node,
                                              const LogicalType& input_row) {
  Spec spec{node.grouping, node.windowing, node.properties, {}, input_row, node.output_type};
  spec.aggregates.calls = node.calls;
  spec.aggregates.input_row = node.local_input_type;
  spec.aggregates.needs_retraction = node.need_retraction;
  spec.aggregates.call_retractions.assign(node.calls.size(), node.need_retraction);
  spec.aggregates.needs_record_count = CountsRows(node.windowing);
  spec.merges_accumulators = true;
  return spec;
}

WindowAggregate::WindowAggregate(Spec spec)
    : spec_(std::move(spec)), key_encoder_(spec_.input_row, spec_.grouping) {}

Status WindowAggregate::Open(OperatorContext& context) {
  context_ = &context;
  CASTOR_ASSIGN_OR_RETURN(
      windowing::SliceAssigner assigner,
      windowing::SliceAssigner::Make(spec_.windowing, spec_.input_row, context.configuration()));
  if (spec_.of_group_window) {
    assigner.CutHoppingWindows();
  } else {
    CASTOR_RETURN_NOT_OK(assigner.CheckWholeSlices());
  }
  assigner_ = std::make_unique<windowing::SliceAssigner>(std::move(assigner));
  late_rows_ = std::make_unique<LateRows>(context.metrics());
  CASTOR_ASSIGN_OR_RETURN(aggregates_, aggregate::AggregateSet::Compile(spec_.aggregates));
  if (assigner_->shared() && !assigner_->cumulative()) {
    CASTOR_ASSIGN_OR_RETURN(merger_, WindowMerger::Make(spec_.aggregates));
  }
  CASTOR_RETURN_NOT_OK(OpenState());
  if (assigner_->shared()) {
    merge_ = std::make_unique<SliceMerge>(state_, aggregates_.get(), merger_.get());
  }
  RequestNextWindow();
  return Status::OK();
}

Status WindowAggregate::OpenState() {
  state::StateDescriptor descriptor;
  descriptor.name = "window-aggs";
  descriptor.layout = aggregates_->layout();
  descriptor.schema = aggregates_->schema() + " in " + spec_.windowing.window.ToString();
  descriptor.version = aggregate::AggregateSet::kVersion;
  CASTOR_ASSIGN_OR_RETURN(state_, context_->state().OpenWindow(descriptor));
  if (aggregates_->has_blobs()) aggregates_->BindBlobs(aggregate::BlobWriter::Of(state_));
  if (aggregates_->uses_maps()) CASTOR_RETURN_NOT_OK(aggregates_->OpenMaps(context_->state(), 0));
  return Status::OK();
}

Result<Progress> WindowAggregate::Process(int, Batch batch, Output&) {
  const TimestampMs now = context_->clock().NowMs();
  CASTOR_RETURN_NOT_OK(assigner_->Assign(batch, now, &slices_));
  if (assigner_->event_time() || assigner_->has_gaps()) {
    batch = late_rows_->Filter(std::move(batch), *assigner_, progress_, &slices_);
  }
  if (batch.num_rows == 0) return Progress::kDone;
  key_encoder_.Encode(batch, &keys_);
  if (aggregates_->uses_maps()) {
    NameWindows(keys_, slices_, &window_keys_);
  }
  pending_ = std::move(batch);
  return Add();
}

Result<Progress> WindowAggregate::Add() {
  const auto rows = static_cast<size_t>(pending_.num_rows);
  if (!acquired_) {
    records_.resize(rows);
    CASTOR_ASSIGN_OR_RETURN(const Readiness found,
                            state_->Acquire(slices_, keys_, state::AccessMode::kFindOrCreate,
                                            records_.data(), nullptr));
    if (found == Readiness::kPending) return Progress::kPending;
    acquired_ = true;
  }
  aggregate::RowUpdates updates;
  updates.records = records_.data();
  updates.keys = aggregates_->uses_maps() ? &window_keys_ : nullptr;
  if (pending_.row_kinds != nullptr) {
    ops_.resize(rows);
    for (size_t i = 0; i < rows; ++i) {
      ops_[i] =
          IsAccumulate(pending_.kinds()[i]) ? aggregate::RowOp::kAdd : aggregate::RowOp::kRetract;
    }
    updates.ops = ops_.data();
  }
  CASTOR_ASSIGN_OR_RETURN(
      const Readiness readiness,
      spec_.merges_accumulators
          ? aggregates_->Merge(pending_.columns, spec_.grouping.size(), pending_.num_rows, updates)
          : aggregates_->Accumulate(pending_, updates));
  if (readiness == Readiness::kPending) return Progress::kPending;
  state_->Release();
  acquired_ = false;
  pending_ = Batch();
  if (!assigner_->event_time()) RequestNextWindow();
  return Progress::kDone;
}

Result<Progress> WindowAggregate::OnWatermark(TimestampMs watermark, Output& out) {
  watermark_ = watermark;
  if (!assigner_->event_time()) {
    out.EmitWatermark(watermark);
    return Progress::kDone;
  }
  target_ = watermark;
  return Fire(out);
}

Result<Progress> WindowAggregate::OnProcessingTime(TimestampMs now, Output& out) {
  if (assigner_->event_time()) return Progress::kDone;
  target_ = now;
  return Fire(out);
}

Result<Progress> WindowAggregate::Continue(Output& out) {
  return pending_.num_rows > 0 ? Add() : Fire(out);
}

Result<Progress> WindowAggregate::Fire(Output& out) {
  TimestampMs window_end = 0;
  while (firing_.stage != Stage::kNone || NextWindow(&window_end)) {
    if (firing_.stage == Stage::kNone) CASTOR_RETURN_NOT_OK(BeginWindow(window_end));
    if (firing_.stage == Stage::kMerge) {
      CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, merge_->Run());
      if (readiness == Readiness::kPending) return Progress::kPending;
      firing_.stage = Stage::kEmit;
    }
    if (firing_.stage == Stage::kEmit) {
      while (firing_.cursor != state::KeyEntries::kEndOfEntries) {
        if (out.Full()) return Progress::kOutputFull;
        CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, EmitPage(out));
        if (readiness == Readiness::kPending) return Progress::kPending;
      }
      BeginDrop();
    }
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, DropSlices());
    if (readiness == Readiness::kPending) return Progress::kPending;
    CASTOR_RETURN_NOT_OK(EndWindow());
  }
  progress_ = std::max(progress_, target_);
  if (assigner_->event_time()) {
    out.EmitWatermark(watermark_);
  } else {
    RequestNextWindow();
  }
  return Progress::kDone;
}

bool WindowAggregate::NextWindow(TimestampMs* window_end) const {
  const std::vector<TimestampMs> slices = state_->Windows();
  if (slices.empty()) return false;
  *window_end = assigner_->shared() ? assigner_->FirstUnfiredWindow(slices.front(), progress_)
                                    : slices.front();
  return assigner_->IsFired(*window_end, target_);
}

Status WindowAggregate::BeginWindow(TimestampMs window_end) {
  firing_ = {window_end, Stage::kEmit, 0, 0, 0};
  if (!assigner_->shared()) return Status::OK();
  firing_.stage = Stage::kMerge;
  return merge_->Begin(SlicesToMerge(window_end), assigner_->FirstSlice(window_end));
}

// Of a cumulative window, what it has more than the one before. Of a hopping one all: the last
// comes first (HoppingSlicesIterable), but in group windows the first
// (SlidingWindowAssigner.splitIntoPanes): aggregates that keep the order of rows show it.
std::vector<TimestampMs> WindowAggregate::SlicesToMerge(TimestampMs window_end) const {
  std::vector<TimestampMs> slices;
  if (assigner_->cumulative()) {
    if (window_end != assigner_->FirstSlice(window_end)) slices.push_back(window_end);
    return slices;
  }
  for (TimestampMs slice = assigner_->FirstSlice(window_end); slice <= window_end;
       slice += assigner_->slice_ms()) {
    slices.push_back(slice);
  }
  if (!spec_.of_group_window) std::reverse(slices.begin(), slices.end());
  return slices;
}

Result<Readiness> WindowAggregate::EmitPage(Output& out) {
  const TimestampMs window_end = firing_.window_end;
  if (merger_ != nullptr) {
    merger_->Scan(&firing_.cursor, kPageRecords, &page_.records);
  } else {
    const TimestampMs slice =
        assigner_->cumulative() ? assigner_->FirstSlice(window_end) : window_end;
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                            state_->Scan(slice, state::AccessMode::kRead, &firing_.cursor,
                                         kPageRecords, &page_.records));
    if (readiness == Readiness::kPending) return readiness;
    // Results are taken from the records, so the maps may go first.
    if (aggregates_->uses_maps() && SliceEnds(window_end)) ClearMaps(slice);
  }
  DropEmptyRecords();
  if (!page_.records.empty()) out.Emit(MakeResults(window_end));
  return Readiness::kReady;
}

// Of the records in `page_`.
void WindowAggregate::ClearMaps(TimestampMs slice) {
  page_.FindMapKeys(slice);
  page_.ClearMaps(aggregates_.get());
}

// Whether the first slice of the window goes when the window has been emitted.
bool WindowAggregate::SliceEnds(TimestampMs window_end) const {
  if (!assigner_->cumulative()) return true;
  return assigner_->LastWindowEnd(assigner_->FirstSlice(window_end)) == window_end;
}

void WindowAggregate::DropEmptyRecords() {
  const int32_t count_offset = aggregates_->record_count_offset();
  if (count_offset < 0) return;
  std::erase_if(page_.records, [count_offset](const state::Record& record) {
    return *reinterpret_cast<const int64_t*>(record.data + count_offset) == 0;
  });
}

Batch WindowAggregate::MakeResults(TimestampMs window_end) {
  std::vector<const char*> keys;
  std::vector<const std::byte*> records;
  for (const state::Record& record : page_.records) {
    keys.push_back(record.key.data());
    records.push_back(record.data);
  }
  const auto rows = static_cast<int32_t>(page_.records.size());
  std::vector<ColumnPtr> columns = key_encoder_.codec().Decode(keys);
  for (ColumnPtr& column : aggregates_->Values(records.data(), rows)) {
    columns.push_back(std::move(column));
  }
  std::vector<LogicalType> types;
  for (const LogicalType::Field& field : spec_.output_row.fields()) types.push_back(field.type);
  const std::vector<LogicalType> property_types(
      types.end() - static_cast<ptrdiff_t>(spec_.properties.size()), types.end());
  AppendWindowProperties(spec_.properties, property_types, *assigner_, window_end,
                         context_->clock().NowMs(), rows, &columns);
  for (size_t i = 0; i < columns.size(); ++i) columns[i] = columns[i]->WithType(types[i]);
  return Batch(rows, std::move(columns));
}

// Names the slices that no later window has.
void WindowAggregate::BeginDrop() {
  const TimestampMs window_end = firing_.window_end;
  firing_.stage = Stage::kDrop;
  firing_.cursor = 0;
  firing_.slice = window_end;
  firing_.last_slice = window_end;
  if (!assigner_->shared()) return;
  firing_.slice = assigner_->FirstSlice(window_end);
  firing_.last_slice = firing_.slice;
  if (!SliceEnds(window_end)) firing_.last_slice -= assigner_->slice_ms();
  if (!SliceEnds(window_end) || merger_ == nullptr) return;
  for (TimestampMs next = firing_.last_slice + assigner_->slice_ms();
       next <= window_end && assigner_->LastWindowEnd(next) == window_end;
       next += assigner_->slice_ms()) {
    firing_.last_slice = next;
  }
}

Result<Readiness> WindowAggregate::DropSlices() {
  for (; firing_.slice <= firing_.last_slice; firing_.slice += assigner_->slice_ms()) {
    // Where windows share no slices, the maps went with the results.
    if (merger_ != nullptr && aggregates_->uses_maps()) {
      CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, ClearMapsOfSlice());
      if (readiness == Readiness::kPending) return readiness;
    }
    state_->Drop(firing_.slice);
  }
  return Readiness::kReady;
}

Result<Readiness> WindowAggregate::ClearMapsOfSlice() {
  while (firing_.cursor != state::KeyEntries::kEndOfEntries) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                            state_->Scan(firing_.slice, state::AccessMode::kRead, &firing_.cursor,
                                         kPageRecords, &page_.records));
    if (readiness == Readiness::kPending) return readiness;
    ClearMaps(firing_.slice);
  }
  firing_.cursor = 0;
  return Readiness::kReady;
}

Status WindowAggregate::EndWindow() {
  if (merger_ != nullptr) CASTOR_RETURN_NOT_OK(merger_->Clear());
  progress_ = std::max(progress_, assigner_->TriggerInstant(firing_.window_end));
  firing_.stage = Stage::kNone;
  return Status::OK();
}

void WindowAggregate::RequestNextWindow() {
  if (assigner_->event_time()) return;
  const std::vector<TimestampMs> slices = state_->Windows();
  if (slices.empty()) return;
  const TimestampMs next = assigner_->shared()
                               ? assigner_->FirstUnfiredWindow(slices.front(), progress_)
                               : slices.front();
  context_->RequestProcessingTime(assigner_->TriggerInstant(next));
}

Result<std::string> WindowAggregate::Snapshot() { return std::to_string(progress_); }

Status WindowAggregate::Restore(std::string_view old_instance_bytes) {
  TimestampMs progress = kMinTimestamp;
  const char* end = old_instance_bytes.data() + old_instance_bytes.size();
  const auto [stop, error] = std::from_chars(old_instance_bytes.data(), end, progress);
  if (error != std::errc() || stop != end) {
    return Status::Corruption("the snapshot of a window aggregation does not hold its progress");
  }
  // All instances had seen the same watermark when the snapshot was taken.
  progress_ = std::max(progress_, progress);
  return Status::OK();
}

}  // namespace castor::window_aggregate
