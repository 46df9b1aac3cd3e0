#include "operator/over/timed_over.h"

#include <utility>

#include "column/gather.h"
#include "operator/rows/row_list.h"
#include "operator/windowing/progress.h"
#include "state/key_list.h"

namespace castor::over {
namespace {

using state::Readiness;

// The record of a key.
struct KeyTimes {
  TimestampMs last;    // of the last row taken; 0: none, as in Flink
  TimestampMs forget;  // when the key goes; 0: not decided
};

// The name space of timers at which a key goes.
constexpr std::string_view kForget = "forget";

std::string_view TimeBytes(const TimestampMs& time) {
  return {reinterpret_cast<const char*>(&time), sizeof(time)};
}

}  // namespace

TimedOver::TimedOver(const plan::OverAggregate& node, const LogicalType& input, bool event_time,
                     int64_t ttl_ms)
    : time_field_(node.order[0].index),
      event_time_(event_time),
      late_by_key_(event_time && !node.unbounded),
      forgets_(!node.unbounded && !node.is_rows),
      preceding_ms_(node.preceding),
      key_encoder_(input, node.partition),
      frames_(node, input, /*times_group=*/!node.is_rows),
      cleanup_(forgets_ ? 0 : ttl_ms, ttl_ms + ttl_ms / 2) {}

Status TimedOver::Open(OperatorContext& context) {
  context_ = &context;
  late_rows_ = context.metrics().Counter("numLateRecordsDropped");
  CASTOR_RETURN_NOT_OK(frames_.Open(context));
  CASTOR_RETURN_NOT_OK(cleanup_.Open(context, late_by_key_ ? "RowTimeBoundedRowsOverCleanupTime"
                                                           : "RowTimeUnboundedOverCleanupTime"));
  state::StateDescriptor waiting;
  waiting.name = "waitingState";
  waiting.layout.fixed_size = sizeof(state::Blob);
  waiting.layout.blob_offsets = {0};
  waiting.schema = "time -> " + frames_.rows().schema();
  CASTOR_ASSIGN_OR_RETURN(waiting_, context.state().OpenMap(waiting));
  if (late_by_key_ || forgets_) {
    state::StateDescriptor times;
    times.name = "lastTriggeringTsState";
    times.layout.fixed_size = sizeof(KeyTimes);
    times.schema = "last BIGINT, forget BIGINT";
    CASTOR_ASSIGN_OR_RETURN(key_times_, context.state().OpenValue(times));
  }
  CASTOR_ASSIGN_OR_RETURN(timers_, context.state().OpenTimers("over-timers"));
  RequestNextTime();
  return Status::OK();
}

Result<Progress> TimedOver::Process(int, Batch batch, Output&) {
  batch_ = std::move(batch);
  adding_ = true;
  dropped_late_ = false;
  planned_ = false;
  return Add();
}

Result<Progress> TimedOver::Add() {
  if (!dropped_late_) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, DropLate());
    if (readiness == Readiness::kPending) return Progress::kPending;
    dropped_late_ = true;
  }
  if (forgets_ && !planned_) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, PlanForgetting());
    if (readiness == Readiness::kPending) return Progress::kPending;
    planned_ = true;
  }
  if (batch_.num_rows > 0) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, Store());
    if (readiness == Readiness::kPending) return Progress::kPending;
  }
  batch_ = Batch();
  adding_ = false;
  RequestNextTime();
  return Progress::kDone;
}

void TimedOver::ReadTimes() {
  const auto rows = static_cast<size_t>(batch_.num_rows);
  if (!event_time_) {
    times_.assign(rows, context_->clock().NowMs());
    return;
  }
  const ColumnPtr column = Flatten(batch_.columns[static_cast<size_t>(time_field_)]);
  times_.resize(rows);
  const auto* values = column->values<int64_t>();
  for (size_t i = 0; i < rows; ++i) times_[i] = values[column->is_constant() ? 0 : i];
}

Result<Readiness> TimedOver::DropLate() {
  ReadTimes();
  key_encoder_.Encode(batch_, &keys_);
  CASTOR_ASSIGN_OR_RETURN(const Readiness touched, cleanup_.Touch(keys_));
  if (touched == Readiness::kPending || !event_time_) return touched;
  records_.assign(static_cast<size_t>(batch_.num_rows), nullptr);
  if (late_by_key_) {
    CASTOR_ASSIGN_OR_RETURN(
        const Readiness readiness,
        key_times_->Acquire(keys_, state::AccessMode::kFind, records_.data(), nullptr));
    if (readiness == Readiness::kPending) return readiness;
  }
  std::vector<int32_t> kept;
  for (int32_t row = 0; row < batch_.num_rows; ++row) {
    const auto* own = reinterpret_cast<const KeyTimes*>(records_[static_cast<size_t>(row)]);
    const TimestampMs bound = !late_by_key_ ? watermark_ : own == nullptr ? 0 : own->last;
    if (times_[static_cast<size_t>(row)] > bound) kept.push_back(row);
  }
  if (late_by_key_) key_times_->Release();
  const auto rows = static_cast<int32_t>(kept.size());
  if (rows == batch_.num_rows) return Readiness::kReady;
  late_rows_->Add(batch_.num_rows - rows);
  batch_ = Gather(batch_, kept.data(), rows);
  ReadTimes();
  key_encoder_.Encode(batch_, &keys_);
  return Readiness::kReady;
}

Result<Readiness> TimedOver::Store() {
  const auto rows = static_cast<size_t>(batch_.num_rows);
  std::vector<std::string_view> user_keys;
  for (const TimestampMs& time : times_) user_keys.push_back(TimeBytes(time));
  records_.resize(rows);
  CASTOR_ASSIGN_OR_RETURN(
      const Readiness readiness,
      waiting_->Acquire(keys_, state::AllRows(keys_), user_keys, state::AccessMode::kFindOrCreate,
                        records_.data(), nullptr));
  if (readiness == Readiness::kPending) return readiness;
  frames_.rows().Encode(batch_);
  std::string list;
  Status status;
  for (size_t i = 0; status.ok() && i < rows; ++i) {
    auto* waiting = reinterpret_cast<state::Blob*>(records_[i]);
    const auto row = static_cast<int32_t>(i);
    if (waiting->size == 0) timers_->Register(state::TimerAt(times_[i], keys_, row));
    list.assign(waiting->view());
    RowList::Append(RowKind::kInsert, frames_.rows().row(row), {}, &list);
    status = waiting_->SetBlob(waiting, list);
  }
  waiting_->Release();
  CASTOR_RETURN_NOT_OK(status);
  return Readiness::kReady;
}

Result<Progress> TimedOver::OnWatermark(TimestampMs watermark, Output& out) {
  if (!event_time_) {
    out.EmitWatermark(watermark);
    return Progress::kDone;
  }
  target_ = watermark;
  return Fire(out);
}

// Rows of a millisecond are due in the next one.
Result<Progress> TimedOver::OnProcessingTime(TimestampMs now, Output& out) {
  now_ = now;
  cleaning_ = event_time_;
  if (cleaning_) return Clean();
  target_ = now - 1;
  return Fire(out);
}

Result<Progress> TimedOver::Continue(Output& out) {
  if (cleaning_) return Clean();
  return adding_ ? Add() : Fire(out);
}

Result<Progress> TimedOver::Fire(Output& out) {
  while (!NoneDue() || timers_->NextTime() <= target_) {
    if (out.Full()) return Progress::kOutputFull;
    if (NoneDue()) {
      next_due_ = 0;  // of what takes the page's place, and that is nothing while it is pending
      CASTOR_ASSIGN_OR_RETURN(
          const Readiness popped,
          timers_->PopDue(target_, static_cast<size_t>(context_->batch_rows()), &due_));
      if (popped == Readiness::kPending) return Progress::kPending;
      if (due_.empty()) break;
    }
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, EmitDue(out));
    if (readiness == Readiness::kPending) return Progress::kPending;
  }
  watermark_ = target_;
  if (event_time_) {
    out.EmitWatermark(target_);
  } else {
    RequestNextTime();
  }
  return Progress::kDone;
}

// registerCleanupTimer
Result<Readiness> TimedOver::PlanForgetting() {
  records_.resize(static_cast<size_t>(batch_.num_rows));
  CASTOR_ASSIGN_OR_RETURN(
      const Readiness readiness,
      key_times_->Acquire(keys_, state::AccessMode::kFindOrCreate, records_.data(), nullptr));
  if (readiness == Readiness::kPending) return readiness;
  for (int32_t row = 0; row < batch_.num_rows; ++row) {
    auto* own = reinterpret_cast<KeyTimes*>(records_[static_cast<size_t>(row)]);
    const TimestampMs time = times_[static_cast<size_t>(row)];
    if (own->forget >= time + preceding_ms_ + 1) continue;
    own->forget = time + preceding_ms_ + preceding_ms_ / 2 + 1;
    timers_->Register(state::TimerAt(own->forget, keys_, row, kForget));
  }
  key_times_->Release();
  return readiness;
}

// Names the keys of the timers at the front that are of one kind, and answers how many they are.
size_t TimedOver::SelectDue() {
  state::ClearKeys(&due_keys_);
  due_times_.clear();
  for (size_t i = 0; next_due_ + i < due_.size(); ++i) {
    const state::Timer timer = DueAt(i);
    if (timer.name_space != DueAt(0).name_space) break;
    state::AppendKey(timer.key, static_cast<int32_t>(timer.key_hash), &due_keys_);
    due_times_.push_back(timer.time);
  }
  due_user_keys_.clear();
  for (const TimestampMs& time : due_times_) due_user_keys_.push_back(TimeBytes(time));
  return static_cast<size_t>(due_keys_.count());
}

Result<Readiness> TimedOver::EmitDue(Output& out) {
  const size_t count = SelectDue();
  const bool forgets = DueAt(0).name_space == kForget;
  CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, forgets ? ForgetKeys() : TakeRows(out));
  if (readiness == Readiness::kPending) return readiness;
  next_due_ += count;
  return Readiness::kReady;
}

Result<Readiness> TimedOver::TakeRows(Output& out) {
  if (!taking_) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness found, FindWaiting());
    if (found == Readiness::kPending) return found;
    taking_ = true;
  }
  Batch results;
  CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, frames_.Run(due_keys_, due_rows_, &results));
  if (readiness == Readiness::kPending) return readiness;
  taking_ = false;
  waiting_->Release();
  waiting_->Erase(due_keys_, state::AllRows(due_keys_), due_user_keys_);
  if (results.num_rows > 0) out.Emit(std::move(results));
  return readiness;
}

Result<Readiness> TimedOver::FindWaiting() {
  if (!noted_) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness noted, NoteLastTimes());
    if (noted == Readiness::kPending) return noted;
    noted_ = true;
  }
  const auto count = static_cast<size_t>(due_keys_.count());
  records_.resize(count);
  CASTOR_ASSIGN_OR_RETURN(const Readiness acquired,
                          waiting_->Acquire(due_keys_, state::AllRows(due_keys_), due_user_keys_,
                                            state::AccessMode::kFind, records_.data(), nullptr));
  if (acquired == Readiness::kPending) return acquired;
  noted_ = false;
  due_rows_.clear();
  for (size_t i = 0; i < count; ++i) {
    if (records_[i] == nullptr) continue;
    const RowList list(reinterpret_cast<const state::Blob*>(records_[i])->view());
    for (size_t offset = 0; offset < list.size();) {
      const RowList::Entry entry = list.At(offset);
      due_rows_.push_back({static_cast<int32_t>(i), entry.row, due_times_[i]});
      offset = entry.end();
    }
  }
  return acquired;
}

// Keys whose rows are taken live on, and know the time of the last one.
Result<Readiness> TimedOver::NoteLastTimes() {
  if (late_by_key_) {
    const auto count = static_cast<size_t>(due_keys_.count());
    records_.resize(count);
    CASTOR_ASSIGN_OR_RETURN(
        const Readiness readiness,
        key_times_->Acquire(due_keys_, state::AccessMode::kFindOrCreate, records_.data(), nullptr));
    if (readiness == Readiness::kPending) return readiness;
    for (size_t i = 0; i < count; ++i) {
      reinterpret_cast<KeyTimes*>(records_[i])->last = due_times_[i];
    }
    key_times_->Release();
  }
  return cleanup_.Touch(due_keys_);
}

// A timer may be older than the latest decision.
Result<Readiness> TimedOver::ForgetKeys() {
  const auto count = static_cast<size_t>(due_keys_.count());
  records_.resize(count);
  CASTOR_ASSIGN_OR_RETURN(
      const Readiness readiness,
      key_times_->Acquire(due_keys_, state::AccessMode::kFind, records_.data(), nullptr));
  if (readiness == Readiness::kPending) return readiness;
  std::vector<int32_t> gone;
  for (size_t i = 0; i < count; ++i) {
    const auto* own = reinterpret_cast<const KeyTimes*>(records_[i]);
    if (own != nullptr && own->forget <= due_times_[i]) gone.push_back(static_cast<int32_t>(i));
  }
  key_times_->Release();
  if (gone.empty()) return readiness;
  key_times_->Erase(due_keys_, gone);
  frames_.Forget(due_keys_, gone);
  return readiness;
}

Result<Progress> TimedOver::Clean() {
  do {
    if (gone_keys_.count() == 0) {
      CASTOR_ASSIGN_OR_RETURN(
          const Readiness due,
          cleanup_.Due(now_, static_cast<size_t>(context_->batch_rows()), &gone_keys_));
      if (due == Readiness::kPending) return Progress::kPending;
      if (gone_keys_.count() == 0) break;
    }
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, CleanKeys());
    if (readiness == Readiness::kPending) return Progress::kPending;
    state::ClearKeys(&gone_keys_);
  } while (true);
  cleaning_ = false;
  cleanup_.RequestNext();
  return Progress::kDone;
}

// A key with rows that wait for a watermark stays.
Result<Readiness> TimedOver::CleanKeys() {
  if (next_gone_ < gone_keys_.count()) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness found, FindIdleKeys());
    if (found == Readiness::kPending) return found;
  }
  CASTOR_ASSIGN_OR_RETURN(const Readiness touched, cleanup_.Touch(kept_));
  if (touched == Readiness::kPending) return touched;
  frames_.Forget(gone_keys_, idle_);
  if (key_times_ != nullptr) key_times_->Erase(gone_keys_, idle_);
  cleanup_.Forget(gone_keys_, idle_);
  next_gone_ = 0;
  return touched;
}

Result<Readiness> TimedOver::FindIdleKeys() {
  if (!located_) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness located,
                            waiting_->Locate(gone_keys_, state::AllRows(gone_keys_), &handles_));
    if (located == Readiness::kPending) return located;
    located_ = true;
    idle_.clear();
    state::ClearKeys(&kept_);
  }
  std::vector<state::Record> page;
  for (; next_gone_ < gone_keys_.count(); ++next_gone_) {
    const auto i = static_cast<size_t>(next_gone_);
    uint64_t cursor = 0;
    page.clear();
    if (handles_[i] != 0) {
      CASTOR_ASSIGN_OR_RETURN(
          const Readiness read,
          waiting_->Entries(handles_[i], state::AccessMode::kRead, &cursor, 1, &page));
      if (read == Readiness::kPending) return read;
    }
    if (page.empty()) {
      idle_.push_back(next_gone_);
    } else {
      state::AppendKey(gone_keys_.key(next_gone_), gone_keys_.hashes[i], &kept_);
    }
  }
  located_ = false;
  return Readiness::kReady;
}

void TimedOver::RequestNextTime() {
  if (event_time_) return;
  const TimestampMs next = timers_->NextTime();
  if (next != kMaxWatermark) context_->RequestProcessingTime(next + 1);
}

Result<std::string> TimedOver::Snapshot() { return windowing::SaveProgress(watermark_); }

Status TimedOver::Restore(std::string_view old_instance_bytes) {
  return windowing::RestoreProgress(old_instance_bytes, &watermark_);
}

}  // namespace castor::over
