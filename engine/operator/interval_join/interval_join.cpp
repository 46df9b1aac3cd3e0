#include "operator/interval_join/interval_join.h"

#include <algorithm>
#include <utility>

#include "column/gather.h"
#include "operator/api/event_time.h"
#include "operator/joining/inserts_only.h"
#include "operator/windowing/progress.h"

namespace castor::interval_join {
namespace {

using plan::JoinType;
using state::Readiness;

}  // namespace

IntervalJoin::IntervalJoin(const plan::IntervalJoin& node, const LogicalType& left,
                           const LogicalType& right)
    : type_(node.spec.type),
      condition_(node.spec.condition),
      event_time_(node.is_event_time),
      time_fields_{node.left_time_field, node.right_time_field},
      bounds_(node.lower_bound_ms, node.upper_bound_ms),
      keys_{joining::JoinKeys(left, node.spec.left_keys, node.spec.filter_nulls),
            joining::JoinKeys(right, node.spec.right_keys, node.spec.filter_nulls)},
      sides_{Side{CachedRows("IntervalJoinLeftCache", left)},
             Side{CachedRows("IntervalJoinRightCache", right)}},
      expiry_(&bounds_, sides_, &timers_, node.output_type),
      output_(node.output_type, joining::JoinOutput::Columns::kBoth) {
  sides_[0].pads = type_ == JoinType::kLeft || type_ == JoinType::kFull;
  sides_[1].pads = type_ == JoinType::kRight || type_ == JoinType::kFull;
}

Status IntervalJoin::Open(OperatorContext& context) {
  context_ = &context;
  if (type_ == JoinType::kSemi || type_ == JoinType::kAnti) {
    return Status::Unsupported(
        "IN, EXISTS and their negations with a time interval are not supported; join and select "
        "the left columns");
  }
  CASTOR_ASSIGN_OR_RETURN(
      const int64_t min_cleanup,
      context.configuration().GetDurationMs("table.exec.interval-join.min-cleanup-interval", 0));
  bounds_.set_min_cleanup_interval(min_cleanup);
  for (Side& side : sides_) CASTOR_RETURN_NOT_OK(side.rows.Open(context.state()));
  CASTOR_RETURN_NOT_OK(timers_.Open(context.state()));
  RequestNextTime();
  if (condition_ == nullptr) return Status::OK();
  CASTOR_ASSIGN_OR_RETURN(residual_, joining::ResidualCondition::Compile(
                                         condition_, sides_[0].rows.row_type(),
                                         sides_[1].rows.row_type(), context.configuration()));
  return Status::OK();
}

Result<Progress> IntervalJoin::Process(int input, Batch batch, Output& out) {
  CASTOR_RETURN_NOT_OK(joining::CheckInsertsOnly(batch, "an interval join"));
  in_flight_.active = true;
  in_flight_.input = input;
  in_flight_.batch = std::move(batch);
  in_flight_.now = event_time_ ? std::max<TimestampMs>(watermark_, 0) : context_->clock().NowMs();
  ReadTimes();
  keys_[input].Encode(in_flight_.batch, &in_flight_.keys);
  distinct_.Find(in_flight_.keys);
  in_flight_.located = false;
  in_flight_.row = 0;
  in_flight_.row_begun = false;
  in_flight_.cursor = 0;
  in_flight_.matched.assign(static_cast<size_t>(in_flight_.batch.num_rows), 0);
  in_flight_.cleaned.assign(distinct_.first_rows().size(), 0);
  in_flight_.leaving.clear();
  in_flight_.padded = 0;
  in_flight_.own_done = false;
  return Run(out);
}

void IntervalJoin::ReadTimes() {
  const Batch& batch = in_flight_.batch;
  std::vector<TimestampMs>& times = in_flight_.times;
  times.assign(static_cast<size_t>(batch.num_rows), in_flight_.now);
  if (!event_time_) return;
  const auto field = static_cast<size_t>(time_fields_[in_flight_.input]);
  EventTimes(*batch.columns[field], batch.num_rows, times.data());
  // A NULL is read as 0, as by Flink's generated code; it joins nothing, but may be padded.
  std::replace(times.begin(), times.end(), kMinTimestamp, TimestampMs{0});
}

Result<Progress> IntervalJoin::Continue(Output& out) {
  return in_flight_.active ? Run(out) : Expire(out);
}

Result<Progress> IntervalJoin::Run(Output& out) {
  if (!in_flight_.located) {
    CASTOR_ASSIGN_OR_RETURN(const Readiness located, Locate());
    if (located == Readiness::kPending) return Progress::kPending;
  }
  while (in_flight_.row < in_flight_.batch.num_rows) {
    if (out.Full()) return Progress::kOutputFull;
    pairs_.clear();
    CASTOR_ASSIGN_OR_RETURN(const Readiness collected, CollectPairs());
    if (residual_ != nullptr) CASTOR_RETURN_NOT_OK(FilterPairs());
    EmitPairs();
    if (output_.size() >= PageRows()) Flush(out);
    if (collected == Readiness::kPending) return Progress::kPending;
  }
  CASTOR_ASSIGN_OR_RETURN(const Progress left, EmitLeavingRows(out));
  if (left != Progress::kDone) return left;
  CASTOR_ASSIGN_OR_RETURN(const Readiness stored, StoreRows());
  if (stored == Readiness::kPending) return Progress::kPending;
  Flush(out);
  other().rows.RemoveMarked(in_flight_.keys);
  in_flight_.batch = Batch();
  in_flight_.active = false;
  RequestNextTime();
  return Progress::kDone;
}

Result<Readiness> IntervalJoin::Locate() {
  const std::vector<int32_t>& rows = distinct_.first_rows();
  CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                          other().rows.Locate(in_flight_.keys, rows, &in_flight_.handles));
  if (readiness == Readiness::kPending) return readiness;
  for (size_t key = 0; key < rows.size(); ++key) {
    if (keys_[in_flight_.input].EqualsNothing(in_flight_.keys.key(rows[key]))) {
      in_flight_.handles[key] = 0;
    }
  }
  in_flight_.located = true;
  return readiness;
}

Result<Readiness> IntervalJoin::CollectPairs() {
  const int input = in_flight_.input;
  const size_t page_rows = PageRows();
  const auto mode = other().pads ? state::AccessMode::kFind : state::AccessMode::kRead;
  while (in_flight_.row < in_flight_.batch.num_rows && pairs_.size() < page_rows) {
    const auto row = static_cast<size_t>(in_flight_.row);
    const auto key = static_cast<size_t>(distinct_.number_of_row()[row]);
    if (!in_flight_.row_begun) {
      if (other().expired >= bounds_.Last(input, in_flight_.times[row])) {
        ++in_flight_.row;  // all it may join has gone
        continue;
      }
      other().expired = bounds_.Expired(1 - input, in_flight_.now);
      in_flight_.row_begun = true;
    }
    if (in_flight_.handles[key] != 0) {
      CASTOR_ASSIGN_OR_RETURN(const Readiness readiness,
                              other().rows.Walk(in_flight_.handles[key], mode, &in_flight_.cursor,
                                                page_rows - pairs_.size(), &found_));
      for (const CachedRow& stored : found_) LookAt(in_flight_.row, stored);
      if (readiness == Readiness::kPending) return readiness;
      if (in_flight_.cursor != state::KeyEntries::kEndOfEntries) continue;
    }
    in_flight_.cleaned[key] = 1;
    in_flight_.cursor = 0;
    in_flight_.row_begun = false;
    ++in_flight_.row;
  }
  return Readiness::kReady;
}

void IntervalJoin::LookAt(int32_t row, const CachedRow& stored) {
  const auto index = static_cast<size_t>(row);
  const bool expired = stored.time <= other().expired;
  if (expired) {
    if (in_flight_.cleaned[static_cast<size_t>(distinct_.number_of_row()[index])] != 0) return;
    in_flight_.leaving.push_back({row, stored});
  }
  const TimestampMs time = in_flight_.times[index];
  if (stored.time < bounds_.First(in_flight_.input, time) ||
      stored.time > bounds_.Last(in_flight_.input, time)) {
    return;
  }
  pairs_.push_back({row, stored});
}

Status IntervalJoin::FilterPairs() {
  own_rows_.clear();
  stored_rows_.clear();
  for (const CandidatePair& pair : pairs_) {
    own_rows_.push_back(pair.own_row);
    stored_rows_.push_back(pair.stored.bytes);
  }
  const auto count = static_cast<int32_t>(pairs_.size());
  const joining::FieldReader own = [&](int32_t field) {
    return Gather(*in_flight_.batch.columns[static_cast<size_t>(field)], own_rows_.data(), count);
  };
  const joining::FieldReader stored = [&](int32_t field) {
    return other().rows.codec().DecodeField(stored_rows_, field);
  };
  const bool own_is_left = in_flight_.input == 0;
  CASTOR_RETURN_NOT_OK(residual_->Evaluate(count, own_is_left ? own : stored,
                                           own_is_left ? stored : own,
                                           {context_->clock().NowMs(), watermark_}, &passed_));
  size_t kept = 0;
  for (const int32_t index : passed_) pairs_[kept++] = pairs_[static_cast<size_t>(index)];
  pairs_.resize(kept);
  return Status::OK();
}

void IntervalJoin::EmitPairs() {
  for (const CandidatePair& pair : pairs_) {
    output_.Add(pair.own_row, pair.stored.bytes, RowKind::kInsert);
    in_flight_.matched[static_cast<size_t>(pair.own_row)] = 1;
    if (other().pads) *pair.stored.matched = 1;
  }
}

Result<Progress> IntervalJoin::EmitLeavingRows(Output& out) {
  std::vector<LeavingRow>& leaving = in_flight_.leaving;
  for (; in_flight_.padded < leaving.size(); ++in_flight_.padded) {
    if (output_.size() >= PageRows()) {
      if (out.Full()) return Progress::kOutputFull;
      Flush(out);
    }
    const LeavingRow& row = leaving[in_flight_.padded];
    if (other().pads && *row.row.matched == 0) output_.Add(-1, row.row.bytes, RowKind::kInsert);
    other().rows.Mark(row.key_row, row.row.name);
  }
  return Progress::kDone;
}

Result<Readiness> IntervalJoin::StoreRows() {
  const int input = in_flight_.input;
  const auto rows = static_cast<size_t>(in_flight_.batch.num_rows);
  if (!in_flight_.own_done) {
    kept_.clear();
    cleanup_times_.clear();
    for (size_t row = 0; row < rows; ++row) {
      const TimestampMs time = in_flight_.times[row];
      if (!bounds_.empty() && in_flight_.now < bounds_.Last(input, time)) {
        kept_.push_back(static_cast<int32_t>(row));
        cleanup_times_.push_back(bounds_.CleanupTime(input, time));
      } else if (in_flight_.matched[row] == 0 && own().pads) {
        output_.Add(static_cast<int32_t>(row), nullptr, RowKind::kInsert);
      }
    }
    in_flight_.own_done = true;
  }
  CASTOR_ASSIGN_OR_RETURN(const Readiness set,
                          timers_.Set(input, in_flight_.keys, kept_, cleanup_times_));
  if (set == Readiness::kPending) return set;
  return own().rows.Append(in_flight_.batch, in_flight_.keys, kept_, in_flight_.times,
                           in_flight_.matched);
}

void IntervalJoin::Flush(Output& out) {
  if (output_.empty()) return;
  out.Emit(output_.Take(in_flight_.batch, other().rows.codec(), in_flight_.input == 0));
}

Result<Progress> IntervalJoin::OnWatermark(TimestampMs watermark, Output& out) {
  watermark_ = watermark;
  if (!event_time_) {
    out.EmitWatermark(watermark);
    return Progress::kDone;
  }
  expiry_.Start(watermark, std::max<TimestampMs>(watermark, 0));
  return Expire(out);
}

Result<Progress> IntervalJoin::OnProcessingTime(TimestampMs now, Output& out) {
  if (event_time_) return Progress::kDone;
  expiry_.Start(now, now);
  return Expire(out);
}

Result<Progress> IntervalJoin::Expire(Output& out) {
  CASTOR_ASSIGN_OR_RETURN(const Progress progress, expiry_.Run(PageRows(), out));
  if (progress != Progress::kDone) return progress;
  if (event_time_) {
    const bool last = watermark_ == kMaxWatermark || bounds_.empty();
    out.EmitWatermark(last ? watermark_ : watermark_ - bounds_.max_delay());
  } else {
    RequestNextTime();
  }
  return Progress::kDone;
}

void IntervalJoin::RequestNextTime() {
  if (event_time_) return;
  const TimestampMs next = timers_.NextTime();
  if (next != kMaxWatermark) context_->RequestProcessingTime(next);
}

Result<std::string> IntervalJoin::Snapshot() {
  std::string saved = windowing::SaveProgress(watermark_);
  for (const Side& side : sides_) saved += " " + windowing::SaveProgress(side.rows.sequence());
  return saved;
}

Status IntervalJoin::Restore(std::string_view old_instance_bytes) {
  const size_t first = old_instance_bytes.find(' ');
  const size_t second = old_instance_bytes.find(' ', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) {
    return Status::Corruption("the snapshot of an interval join does not hold its progress");
  }
  CASTOR_RETURN_NOT_OK(
      windowing::RestoreProgress(old_instance_bytes.substr(0, first), &watermark_));
  const std::string_view sequences[2] = {old_instance_bytes.substr(first + 1, second - first - 1),
                                         old_instance_bytes.substr(second + 1)};
  for (int side = 0; side < 2; ++side) {
    int64_t sequence = sides_[side].rows.sequence();
    CASTOR_RETURN_NOT_OK(windowing::RestoreProgress(sequences[side], &sequence));
    sides_[side].rows.set_sequence(sequence);
  }
  return Status::OK();
}

}  // namespace castor::interval_join
