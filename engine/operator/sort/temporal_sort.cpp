#include "operator/sort/temporal_sort.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

#include "column/gather.h"
#include "operator/windowing/progress.h"

namespace castor {
namespace {

using state::Readiness;

// The user key of a row.
struct Place {
  TimestampMs time;
  uint64_t number;
};

std::string_view BytesOf(const Place& place) {
  return {reinterpret_cast<const char*>(&place), sizeof(place)};
}

}  // namespace

Status TemporalSort::Open(OperatorContext& context) {
  context_ = &context;
  state::StateDescriptor descriptor;
  descriptor.name = "dataState";
  descriptor.layout.fixed_size = sizeof(state::Blob);
  descriptor.layout.blob_offsets = {0};
  descriptor.schema = "time, number -> " + row_encoder_.schema();
  CASTOR_ASSIGN_OR_RETURN(rows_, context.state().OpenMap(descriptor));
  const state::KeyEncoder keys(LogicalType::Row({}, false), {});
  keys.Encode(Batch(1, {}), &key_);
  if (!event_time()) context.RequestProcessingTime(context.clock().NowMs() + 1);
  return Status::OK();
}

Result<Readiness> TemporalSort::Index() {
  if (indexed_) return Readiness::kReady;
  CASTOR_ASSIGN_OR_RETURN(const Readiness walked,
                          walk_.Run(rows_, key_, 0, [this](const state::Record& entry) {
                            Place place;
                            std::memcpy(&place, entry.key.data(), sizeof(place));
                            waiting_[place.time].push_back(place.number);
                            next_number_ = std::max(next_number_, place.number + 1);
                          }));
  if (walked == Readiness::kPending) return walked;
  waiting_rows_ = 0;
  for (auto& [time, numbers] : waiting_) {
    std::sort(numbers.begin(), numbers.end());
    NoteWaiting(static_cast<int64_t>(numbers.size()));
  }
  indexed_ = true;
  return walked;
}

void TemporalSort::NoteWaiting(int64_t more_rows) {
  // A node of the map with its vector and their headers; the rows' numbers.
  constexpr int64_t kTimeBytes = 112;
  waiting_rows_ += more_rows;
  waiting_charge_.Set(static_cast<int64_t>(waiting_.size()) * kTimeBytes +
                      waiting_rows_ * static_cast<int64_t>(sizeof(uint64_t)));
}

Result<Progress> TemporalSort::Process(int, Batch batch, Output&) {
  batch_ = std::move(batch);
  row_encoder_.Encode(batch_);
  return Add();
}

Result<Progress> TemporalSort::Add() {
  CASTOR_ASSIGN_OR_RETURN(const Readiness indexed, Index());
  if (indexed == Readiness::kPending) return Progress::kPending;
  const ColumnPtr times =
      event_time() ? Flatten(batch_.columns[static_cast<size_t>(time_field_)]) : nullptr;
  std::vector<int32_t> kept;
  std::vector<Place> places;
  for (int32_t row = 0; row < batch_.num_rows; ++row) {
    const TimestampMs time =
        times == nullptr ? 0 : times->values<int64_t>()[times->is_constant() ? 0 : row];
    if (event_time() && time <= last_emitted_) continue;
    kept.push_back(row);
    places.push_back({time, next_number_ + kept.size() - 1});
  }
  std::vector<std::string_view> user_keys;
  for (const Place& place : places) user_keys.push_back(BytesOf(place));
  const std::vector<int32_t> key_rows(kept.size(), 0);
  std::vector<std::byte*> records(kept.size());
  CASTOR_ASSIGN_OR_RETURN(const Readiness acquired,
                          rows_->Acquire(key_, key_rows, user_keys, state::AccessMode::kOverwrite,
                                         records.data(), nullptr));
  if (acquired == Readiness::kPending) return Progress::kPending;
  Status status;
  for (size_t i = 0; status.ok() && i < kept.size(); ++i) {
    waiting_[places[i].time].push_back(places[i].number);
    status = rows_->SetBlob(reinterpret_cast<state::Blob*>(records[i]), row_encoder_.row(kept[i]));
  }
  rows_->Release();
  CASTOR_RETURN_NOT_OK(status);
  next_number_ += kept.size();
  NoteWaiting(static_cast<int64_t>(kept.size()));
  batch_ = Batch();
  if (!event_time() && !kept.empty()) {
    context_->RequestProcessingTime(context_->clock().NowMs() + 1);
  }
  return Progress::kDone;
}

Result<Progress> TemporalSort::OnWatermark(TimestampMs watermark, Output& out) {
  if (!event_time()) {
    out.EmitWatermark(watermark);
    return Progress::kDone;
  }
  target_ = watermark;
  watermark_waits_ = true;
  return Fire(out);
}

Result<Progress> TemporalSort::OnProcessingTime(TimestampMs now, Output& out) {
  (void)now;
  if (event_time()) return Progress::kDone;
  target_ = 0;
  return Fire(out);
}

// Flink's timer for what has arrived last fires in the next millisecond.
Result<Progress> TemporalSort::EndInput(int, Output& out) {
  if (event_time()) return Progress::kDone;
  target_ = 0;
  return Fire(out);
}

Result<Progress> TemporalSort::Continue(Output& out) {
  return batch_.num_rows > 0 ? Add() : Fire(out);
}

Result<Progress> TemporalSort::Fire(Output& out) {
  CASTOR_ASSIGN_OR_RETURN(const Readiness indexed, Index());
  if (indexed == Readiness::kPending) return Progress::kPending;
  while (!waiting_.empty() && waiting_.begin()->first <= target_) {
    if (out.Full()) return Progress::kOutputFull;
    CASTOR_ASSIGN_OR_RETURN(const Readiness readiness, EmitPage(out));
    if (readiness == Readiness::kPending) return Progress::kPending;
  }
  if (watermark_waits_) out.EmitWatermark(target_);
  watermark_waits_ = false;
  return Progress::kDone;
}

// All rows of so many due times that they make a batch.
Result<Readiness> TemporalSort::EmitPage(Output& out) {
  std::vector<Place> places;
  auto end = waiting_.begin();
  for (; end != waiting_.end() && end->first <= target_ &&
         places.size() < static_cast<size_t>(context_->batch_rows());
       ++end) {
    for (const uint64_t number : end->second) places.push_back({end->first, number});
  }
  std::vector<std::string_view> user_keys;
  for (const Place& place : places) user_keys.push_back(BytesOf(place));
  const std::vector<int32_t> key_rows(places.size(), 0);
  std::vector<std::byte*> records(places.size());
  CASTOR_ASSIGN_OR_RETURN(
      const Readiness readiness,
      rows_->Acquire(key_, key_rows, user_keys, state::AccessMode::kFind, records.data(), nullptr));
  if (readiness == Readiness::kPending) return readiness;
  std::vector<const char*> rows;
  for (std::byte* record : records) {
    rows.push_back(reinterpret_cast<const state::Blob*>(record)->view().data());
  }
  const auto count = static_cast<int32_t>(rows.size());
  Batch batch(count, row_encoder_.Decode(rows));
  rows_->Release();
  rows_->Erase(key_, key_rows, user_keys);
  last_emitted_ = std::prev(end)->first;
  waiting_.erase(waiting_.begin(), end);
  NoteWaiting(-count);

  EncodedRows sort_keys;
  sort_key_encoder_.Encode(batch, &sort_keys);
  std::vector<int32_t> order(rows.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int32_t a, int32_t b) { return sort_keys.row(a) < sort_keys.row(b); });
  out.Emit(Gather(batch, order.data(), count));
  return Readiness::kReady;
}

Result<std::string> TemporalSort::Snapshot() { return windowing::SaveProgress(last_emitted_); }

Status TemporalSort::Restore(std::string_view old_instance_bytes) {
  return windowing::RestoreProgress(old_instance_bytes, &last_emitted_);
}

}  // namespace castor
