#include "operator/window_aggregate/window_aggregate.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <utility>

#include "operator/window_aggregate/window_names.h"
#include "operator/window_aggregate/window_properties.h"

namespace castor::window_aggregate {
namespace {

using state::Readiness;

std::vector<LogicalType> KeyTypes(const LogicalType& row, const std::vector<int32_t>& grouping) {
  std::vector<LogicalType> types;
  for (const int32_t field : grouping)
    types.push_back(row.fields()[static_cast<size_t>(field)].type);
  return types;
}

// Windows that hop over a key must know when it has no rows left (WindowIsEmptySupplier).
bool CountsRows(const plan::WindowingStrategy& windowing) {
  return windowing.window.kind == plan::WindowSpec::Kind::kHopping;
}

std::vector<int32_t> AllRows(size_t count) {
  std::vector<int32_t> rows(count);
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
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
    : spec_(std::move(spec)),
      key_codec_(KeyTypes(spec_.input_row, spec_.grouping)),
      key_encoder_(spec_.input_row, spec_.grouping) {}

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
  records_.resize(rows);
  CASTOR_ASSIGN_OR_RETURN(
      Readiness readiness,
      state_->Acquire(slices_, keys_, state::AccessMode::kFindOrCreate, records_.data(), nullptr));
  if (readiness == Readiness::kPending) return Progress::kPending;
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
  Result<Readiness> added =
      spec_.merges_accumulators
          ? aggregates_->Merge(pending_.columns, spec_.grouping.size(), pending_.num_rows, updates)
          : aggregates_->Accumulate(pending_, updates);
  state_->Release();
  CASTOR_ASSIGN_OR_RETURN(readiness, std::move(added));
  if (readiness == Readiness::kPending) return Progress::kPending;
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
  while (firing_.active || NextWindow(&window_end)) {
    if (!firing_.active) CASTOR_RETURN_NOT_OK(BeginWindow(window_end));
    while (firing_.cursor != state::KeyEntries::kEndOfEntries) {
      if (out.Full()) return Progress::kOutputFull;
      CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, EmitPage(out));
      if (readiness == Readiness::kPending) return Progress::kPending;
    }
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
  firing_ = {window_end, 0, true};
  if (assigner_->cumulative()) {
    const TimestampMs first = assigner_->FirstSlice(window_end);
    return window_end == first ? Status::OK() : MergeIntoFirstSlice(window_end, first);
  }
  if (merger_ == nullptr) return Status::OK();
  CASTOR_RETURN_NOT_OK(merger_->Clear());
  for (const TimestampMs slice : SlicesToMerge(window_end)) {
    for (uint64_t cursor = 0; cursor != state::KeyEntries::kEndOfEntries;) {
      CASTOR_RETURN_NOT_OK(ScanSlice(slice, &cursor));
      CASTOR_RETURN_NOT_OK(MergePage(slice));
    }
  }
  return Status::OK();
}

// The last comes first (HoppingSlicesIterable), but in group windows the first
// (SlidingWindowAssigner.splitIntoPanes): aggregates that keep the order of rows show it.
std::vector<TimestampMs> WindowAggregate::SlicesToMerge(TimestampMs window_end) const {
  std::vector<TimestampMs> slices;
  for (TimestampMs slice = assigner_->FirstSlice(window_end); slice <= window_end;
       slice += assigner_->slice_ms()) {
    slices.push_back(slice);
  }
  if (!spec_.of_group_window) std::reverse(slices.begin(), slices.end());
  return slices;
}

Status WindowAggregate::ScanSlice(TimestampMs slice, uint64_t* cursor) {
  CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                          state_->Scan(slice, cursor, kPageRecords, &page_));
  if (readiness == Readiness::kReady) return Status::OK();
  return Status::Internal("merging slices that are not in memory");
}

// The records in `page_`, of `slice`, into the window that is being emitted.
Status WindowAggregate::MergePage(TimestampMs slice) {
  if (!aggregates_->uses_maps()) return merger_->Merge(page_);
  CASTOR_RETURN_NOT_OK(TakeAccumulators(slice));
  return merger_->MergeComplete(keys_, accumulators_);
}

// Sets `keys_` and `accumulators_` to those of the records in `page_`, of `slice`.
Status WindowAggregate::TakeAccumulators(TimestampMs slice) {
  PageKeys(&keys_);
  slices_.assign(page_.size(), slice);
  NameWindows(keys_, slices_, &window_keys_);
  records_.clear();
  for (const state::Record& record : page_) records_.push_back(record.data);
  aggregate::RowUpdates updates;
  updates.records = records_.data();
  updates.keys = &window_keys_;
  CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, aggregates_->CompleteAccumulators(
                                                         updates, keys_.count(), &accumulators_));
  if (readiness == Readiness::kReady) return Status::OK();
  return Status::Internal("merging slices that are not in memory");
}

Status WindowAggregate::MergeIntoFirstSlice(TimestampMs slice, TimestampMs first) {
  for (uint64_t cursor = 0; cursor != state::KeyEntries::kEndOfEntries;) {
    CASTOR_RETURN_NOT_OK(ScanSlice(slice, &cursor));
    if (aggregates_->uses_maps()) {
      CASTOR_RETURN_NOT_OK(TakeAccumulators(slice));
      aggregates_->ClearMaps(window_keys_, AllRows(page_.size()));
    } else {
      PageKeys(&keys_);
    }
    slices_.assign(page_.size(), first);
    records_.resize(page_.size());
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                            state_->Acquire(slices_, keys_, state::AccessMode::kFindOrCreate,
                                            records_.data(), nullptr));
    if (readiness != Readiness::kReady) return Status::Internal("slices are not in memory");
    const Status merged = MergePageIntoRecords();
    state_->Release();
    CASTOR_RETURN_NOT_OK(merged);
  }
  state_->Drop(slice);
  return Status::OK();
}

// The records in `page_` into `records_`, which belong to `slices_`.
Status WindowAggregate::MergePageIntoRecords() {
  if (!aggregates_->uses_maps()) {
    std::vector<const std::byte*> from;
    for (const state::Record& record : page_) from.push_back(record.data);
    return aggregates_->MergeRecords(records_.data(), from.data(),
                                     static_cast<int32_t>(from.size()));
  }
  NameWindows(keys_, slices_, &window_keys_);
  aggregate::RowUpdates updates;
  updates.records = records_.data();
  updates.keys = &window_keys_;
  CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                          aggregates_->Merge(accumulators_, 0, keys_.count(), updates));
  if (readiness == Readiness::kReady) return Status::OK();
  return Status::Internal("merging slices that are not in memory");
}

// The keys of the records in `page_`, as if a batch had brought them.
void WindowAggregate::PageKeys(state::KeyBatch* keys) const {
  keys->rows = EncodedRows();
  keys->rows.count = static_cast<int32_t>(page_.size());
  keys->rows.offsets.push_back(0);
  keys->hashes.clear();
  for (const state::Record& record : page_) {
    keys->rows.bytes.insert(keys->rows.bytes.end(), record.key.begin(), record.key.end());
    keys->rows.offsets.push_back(static_cast<uint32_t>(keys->rows.bytes.size()));
    keys->hashes.push_back(HashBinaryRow(record.key));
  }
}

Result<Readiness> WindowAggregate::EmitPage(Output& out) {
  const TimestampMs window_end = firing_.window_end;
  if (merger_ != nullptr) {
    merger_->Scan(&firing_.cursor, kPageRecords, &page_);
  } else {
    const TimestampMs slice =
        assigner_->cumulative() ? assigner_->FirstSlice(window_end) : window_end;
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                            state_->Scan(slice, &firing_.cursor, kPageRecords, &page_));
    if (readiness == Readiness::kPending) return readiness;
    if (aggregates_->uses_maps() && SliceEnds(window_end)) ClearMaps(slice);
  }
  DropEmptyRecords();
  if (!page_.empty()) out.Emit(MakeResults(window_end));
  return Readiness::kReady;
}

// Of the records in `page_`. Results are taken from the records, so the maps may go first.
void WindowAggregate::ClearMaps(TimestampMs slice) {
  PageKeys(&keys_);
  slices_.assign(page_.size(), slice);
  NameWindows(keys_, slices_, &window_keys_);
  aggregates_->ClearMaps(window_keys_, AllRows(page_.size()));
}

// Whether the first slice of the window goes when the window has been emitted.
bool WindowAggregate::SliceEnds(TimestampMs window_end) const {
  if (!assigner_->cumulative()) return true;
  return assigner_->LastWindowEnd(assigner_->FirstSlice(window_end)) == window_end;
}

void WindowAggregate::DropEmptyRecords() {
  const int32_t count_offset = aggregates_->record_count_offset();
  if (count_offset < 0) return;
  std::erase_if(page_, [count_offset](const state::Record& record) {
    return *reinterpret_cast<const int64_t*>(record.data + count_offset) == 0;
  });
}

Batch WindowAggregate::MakeResults(TimestampMs window_end) {
  std::vector<const char*> keys;
  std::vector<const std::byte*> records;
  for (const state::Record& record : page_) {
    keys.push_back(record.key.data());
    records.push_back(record.data);
  }
  const auto rows = static_cast<int32_t>(page_.size());
  std::vector<ColumnPtr> columns = key_codec_.Decode(keys);
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

Status WindowAggregate::EndWindow() {
  const TimestampMs window_end = firing_.window_end;
  if (!assigner_->shared()) {
    state_->Drop(window_end);
  } else if (SliceEnds(window_end)) {
    CASTOR_RETURN_NOT_OK(DropSlices(window_end));
  }
  if (merger_ != nullptr) CASTOR_RETURN_NOT_OK(merger_->Clear());
  progress_ = std::max(progress_, assigner_->TriggerInstant(window_end));
  firing_.active = false;
  return Status::OK();
}

// Those that no later window has.
Status WindowAggregate::DropSlices(TimestampMs window_end) {
  TimestampMs slice = assigner_->FirstSlice(window_end);
  do {
    if (merger_ != nullptr) CASTOR_RETURN_NOT_OK(ClearMapsOfSlice(slice));
    state_->Drop(slice);
    slice += assigner_->slice_ms();
  } while (merger_ != nullptr && slice <= window_end &&
           assigner_->LastWindowEnd(slice) == window_end);
  return Status::OK();
}

Status WindowAggregate::ClearMapsOfSlice(TimestampMs slice) {
  if (!aggregates_->uses_maps()) return Status::OK();
  for (uint64_t cursor = 0; cursor != state::KeyEntries::kEndOfEntries;) {
    CASTOR_RETURN_NOT_OK(ScanSlice(slice, &cursor));
    ClearMaps(slice);
  }
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
