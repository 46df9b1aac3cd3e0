#include "operator/window_table_function/session_rows.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

#include "operator/window_table_function/table_columns.h"
#include "operator/windowing/progress.h"

namespace castor::window_table_function {
namespace {

using state::KeyEntries;
using state::Readiness;

std::vector<LogicalType> FieldTypes(const LogicalType& row) {
  std::vector<LogicalType> types;
  for (const LogicalType::Field& field : row.fields()) types.push_back(field.type);
  return types;
}

}  // namespace

SessionRows::SessionRows(const plan::WindowTableFunction& node, LogicalType input)
    : windowing_(node.windowing),
      input_(std::move(input)),
      output_(node.output_type),
      codec_(FieldTypes(input_)),
      key_encoder_(input_, node.windowing.window.partition_keys) {}

Status SessionRows::Open(OperatorContext& context) {
  context_ = &context;
  late_rows_ = context.metrics().Counter("numLateRecordsDropped");
  rows_without_time_ = std::make_unique<RowsWithoutTime>(windowing_, context.metrics());
  CASTOR_ASSIGN_OR_RETURN(
      windowing::SessionAssigner assigner,
      windowing::SessionAssigner::Make(windowing_, input_, context.configuration()));
  assigner_ = std::make_unique<windowing::SessionAssigner>(std::move(assigner));
  CASTOR_RETURN_NOT_OK(OpenState());
  RequestNextTime();
  return Status::OK();
}

Status SessionRows::OpenState() {
  windowing::SessionWindows::Spec spec;
  spec.state.name = "session-window-mapping";
  spec.state.layout.fixed_size = windowing::SessionWindows::kReservedBytes;
  spec.state.schema = windowing_.window.ToString();
  spec.timers_name = "session-window-tvf-timers";
  spec.drops_late = assigner_->event_time();
  spec.shift = assigner_->shift();
  sessions_ = std::make_unique<windowing::SessionWindows>(std::move(spec));
  CASTOR_RETURN_NOT_OK(sessions_->Open(context_->state()));
  state::StateDescriptor rows;
  rows.name = "session-window-tvf-acc";
  rows.layout.fixed_size = sizeof(StoredRow);
  rows.schema = "rows " + input_.ToString();
  CASTOR_ASSIGN_OR_RETURN(rows_, context_->state().OpenList(rows));
  return Status::OK();
}

Result<Progress> SessionRows::Process(int, Batch batch, Output&) {
  pending_ = rows_without_time_->Drop(std::move(batch));
  if (pending_.num_rows == 0) return Progress::kDone;
  CASTOR_RETURN_NOT_OK(assigner_->Assign(pending_, context_->clock().NowMs(), &windows_));
  key_encoder_.Encode(pending_, &keys_);
  return Add();
}

Result<Progress> SessionRows::Add() {
  CASTOR_ASSIGN_OR_RETURN(
      const Readiness assigned,
      sessions_->Assign(keys_, windows_, progress_, &sessions_of_rows_, &merges_));
  if (assigned == Readiness::kPending) return Progress::kPending;
  sessions_->Finish(keys_);
  CASTOR_RETURN_NOT_OK(AppendRows());
  pending_ = Batch();
  RequestNextTime();
  return Progress::kDone;
}

Status SessionRows::AppendRows() {
  codec_.Encode(pending_.columns, pending_.num_rows, &encoded_);
  kept_.clear();
  values_.clear();
  for (int32_t row = 0; row < pending_.num_rows; ++row) {
    if (sessions_of_rows_[static_cast<size_t>(row)] == nullptr) continue;
    kept_.push_back(row);
    values_.push_back(encoded_.row(row));
  }
  if (const int64_t late = pending_.num_rows - static_cast<int64_t>(kept_.size()); late > 0) {
    late_rows_->Add(late);
  }
  records_.resize(kept_.size());
  CASTOR_RETURN_NOT_OK(rows_->Append(keys_, kept_, values_, records_.data()));
  for (size_t i = 0; i < kept_.size(); ++i) {
    const StoredRow stored{windows_[static_cast<size_t>(kept_[i])].start, pending_.kind(kept_[i])};
    std::memcpy(records_[i], &stored, sizeof(stored));
  }
  return Status::OK();
}

Result<Progress> SessionRows::OnWatermark(TimestampMs watermark, Output& out) {
  if (!assigner_->event_time()) {
    out.EmitWatermark(watermark);
    return Progress::kDone;
  }
  target_ = watermark;
  return Fire(out);
}

Result<Progress> SessionRows::OnProcessingTime(TimestampMs now, Output& out) {
  if (assigner_->event_time()) return Progress::kDone;
  target_ = now;
  return Fire(out);
}

Result<Progress> SessionRows::Continue(Output& out) {
  return pending_.num_rows > 0 ? Add() : Fire(out);
}

Result<Progress> SessionRows::Fire(Output& out) {
  while (true) {
    if (!page_open_) {
      bool done = false;
      CASTOR_ASSIGN_OR_RETURN(const Readiness opened, NextPage(&done));
      if (opened == Readiness::kPending) return Progress::kPending;
      if (done) break;
    }
    while (session_ < due_.windows.size()) {
      if (out.Full()) return Progress::kOutputFull;
      CASTOR_ASSIGN_OR_RETURN(const Readiness read, ReadRows());
      if (result_rows_.size() >= BatchRows()) Flush(out);
      if (read == Readiness::kPending) return Progress::kPending;
    }
    Flush(out);  // the results point into the state
    CASTOR_ASSIGN_OR_RETURN(const Readiness forgotten, ForgetRows());
    if (forgotten == Readiness::kPending) return Progress::kPending;
    sessions_->EraseDue();
    page_open_ = false;
  }
  progress_ = target_;
  if (assigner_->event_time()) {
    out.EmitWatermark(target_);
  } else {
    RequestNextTime();
  }
  return Progress::kDone;
}

Result<Readiness> SessionRows::NextPage(bool* done) {
  if (!due_taken_) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness taken,
                            sessions_->NextDue(target_, BatchRows(), &due_, done));
    if (taken == Readiness::kPending || *done) return taken;
    due_taken_ = true;
  }
  CASTOR_ASSIGN_OR_RETURN(const Readiness located,
                          rows_->Locate(*due_.keys, due_.key_rows, &handles_));
  if (located == Readiness::kPending) return located;
  due_taken_ = false;
  session_ = 0;
  cursor_ = 0;
  page_open_ = true;
  return Readiness::kReady;
}

Result<Readiness> SessionRows::ReadRows() {
  page_.clear();
  CASTOR_ASSIGN_OR_RETURN(
      const Readiness readiness,
      rows_->Entries(handles_[session_], state::AccessMode::kRead, &cursor_, BatchRows(), &page_));
  const windowing::Window& session = due_.windows[session_];
  for (const state::Record& entry : page_) {
    const auto& stored = *reinterpret_cast<const StoredRow*>(entry.data);
    if (!stored.IsIn(session)) continue;
    result_rows_.push_back(entry.key.data());
    result_kinds_.push_back(stored.kind);
    result_windows_.push_back(session);
  }
  if (readiness == Readiness::kReady && cursor_ == KeyEntries::kEndOfEntries) {
    ++session_;
    cursor_ = 0;
  }
  return readiness;
}

void SessionRows::Flush(Output& out) {
  if (result_rows_.empty()) return;
  Batch batch(static_cast<int32_t>(result_rows_.size()), codec_.Decode(result_rows_));
  AppendWindowColumns(output_, result_windows_, assigner_->shift(), &batch.columns);
  const bool all_inserts = std::all_of(result_kinds_.begin(), result_kinds_.end(),
                                       [](RowKind kind) { return kind == RowKind::kInsert; });
  if (!all_inserts) {
    batch.row_kinds = Buffer::Allocate(result_kinds_.size());
    std::memcpy(batch.row_kinds->data(), result_kinds_.data(), result_kinds_.size());
  }
  out.Emit(std::move(batch));
  result_rows_.clear();
  result_kinds_.clear();
  result_windows_.clear();
}

Result<Readiness> SessionRows::ForgetRows() {
  due_keys_.Find(*due_.keys);
  const auto key_of = [this](size_t session) {
    return due_keys_.number_of_row()[static_cast<size_t>(due_.key_rows[session])];
  };
  std::vector<size_t> by_key(due_.windows.size());
  std::iota(by_key.begin(), by_key.end(), size_t{0});
  std::sort(by_key.begin(), by_key.end(),
            [&](size_t one, size_t other) { return key_of(one) < key_of(other); });
  cleared_.clear();
  other_key_rows_.clear();
  others_.clear();
  other_records_.clear();
  for (size_t first = 0; first < by_key.size();) {
    size_t last = first;
    while (last < by_key.size() && key_of(by_key[last]) == key_of(by_key[first])) ++last;
    cleared_.push_back(due_.key_rows[by_key[first]]);
    CASTOR_ASSIGN_OR_RETURN(const Readiness collected,
                            CollectOtherRows(std::span(by_key).subspan(first, last - first)));
    if (collected == Readiness::kPending) return collected;
    first = last;
  }
  if (cleared_.empty()) return Readiness::kReady;
  rows_->Clear(*due_.keys, cleared_);
  if (others_.empty()) return Readiness::kReady;
  values_.assign(others_.begin(), others_.end());
  records_.resize(others_.size());
  CASTOR_RETURN_NOT_OK(rows_->Append(*due_.keys, other_key_rows_, values_, records_.data()));
  for (size_t i = 0; i < others_.size(); ++i) {
    std::memcpy(records_[i], &other_records_[i], sizeof(StoredRow));
  }
  return Readiness::kReady;
}

Result<Readiness> SessionRows::CollectOtherRows(std::span<const size_t> sessions_of_key) {
  const uint64_t handle = handles_[sessions_of_key.front()];
  for (uint64_t cursor = 0; cursor != KeyEntries::kEndOfEntries;) {
    page_.clear();
    CASTOR_ASSIGN_OR_RETURN(
        const Readiness readiness,
        rows_->Entries(handle, state::AccessMode::kRead, &cursor, BatchRows(), &page_));
    if (readiness == Readiness::kPending) return readiness;
    for (const state::Record& entry : page_) {
      const auto& stored = *reinterpret_cast<const StoredRow*>(entry.data);
      const bool due =
          std::any_of(sessions_of_key.begin(), sessions_of_key.end(),
                      [&](size_t session) { return stored.IsIn(due_.windows[session]); });
      if (due) continue;
      other_key_rows_.push_back(due_.key_rows[sessions_of_key.front()]);
      others_.emplace_back(entry.key);
      other_records_.push_back(stored);
    }
  }
  return Readiness::kReady;
}

void SessionRows::RequestNextTime() {
  if (assigner_->event_time()) return;
  const TimestampMs next = sessions_->NextTime();
  if (next != kMaxWatermark) context_->RequestProcessingTime(next);
}

Result<std::string> SessionRows::Snapshot() { return windowing::SaveProgress(progress_); }

Status SessionRows::Restore(std::string_view old_instance_bytes) {
  return windowing::RestoreProgress(old_instance_bytes, &progress_);
}

}  // namespace castor::window_table_function
