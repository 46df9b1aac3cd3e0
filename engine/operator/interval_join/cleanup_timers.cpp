#include "operator/interval_join/cleanup_timers.h"

#include <string_view>

namespace castor::interval_join {
namespace {

using state::Readiness;

struct TimerTimes {
  TimestampMs side[2];
  bool none() const { return side[0] == 0 && side[1] == 0; }
};
static_assert(sizeof(TimerTimes) == 16);

TimerTimes* TimesOf(std::byte* record) { return reinterpret_cast<TimerTimes*>(record); }

std::string_view NameOf(int side) { return side == 0 ? "l" : "r"; }

}  // namespace

Status CleanupTimers::Open(state::KeyedStateStore& store) {
  state::StateDescriptor descriptor;
  descriptor.name = "cleanup-times";
  descriptor.layout.fixed_size = sizeof(TimerTimes);
  descriptor.schema = "times of the clean-up timers of both sides";
  CASTOR_ASSIGN_OR_RETURN(set_, store.OpenValue(descriptor));
  CASTOR_ASSIGN_OR_RETURN(timers_, store.OpenTimers("cleanup-timers"));
  return Status::OK();
}

Result<Readiness> CleanupTimers::Set(int side, const state::KeyBatch& keys,
                                     std::span<const int32_t> rows,
                                     std::span<const TimestampMs> times) {
  if (rows.empty()) return Readiness::kReady;
  records_.resize(static_cast<size_t>(keys.count()));
  CASTOR_ASSIGN_OR_RETURN(
      const Readiness readiness,
      set_->Acquire(keys, state::AccessMode::kFindOrCreate, records_.data(), nullptr));
  if (readiness == Readiness::kPending) return readiness;
  for (size_t i = 0; i < rows.size(); ++i) {
    TimestampMs& time = TimesOf(records_[static_cast<size_t>(rows[i])])->side[side];
    if (time != 0) continue;
    time = times[i];
    timers_->Register(time, keys.key(rows[i]), keys.hashes[static_cast<size_t>(rows[i])],
                      NameOf(side));
  }
  unused_.clear();
  for (int32_t row = 0; row < keys.count(); ++row) {
    if (TimesOf(records_[static_cast<size_t>(row)])->none()) unused_.push_back(row);
  }
  set_->Release();
  set_->Erase(keys, unused_);
  return readiness;
}

const std::vector<CleanupTimers::Due>& CleanupTimers::Take(TimestampMs now, size_t max) {
  timers_->PopDue(now, max, &fired_);
  due_.clear();
  keys_.rows = EncodedRows();
  keys_.rows.offsets.push_back(0);
  keys_.hashes.clear();
  for (const state::TimerQueue::Timer& timer : fired_) {
    EncodedRows& rows = keys_.rows;
    due_.push_back({rows.count++, timer.name_space == NameOf(0) ? 0 : 1});
    rows.bytes.insert(rows.bytes.end(), timer.key.begin(), timer.key.end());
    rows.offsets.push_back(static_cast<uint32_t>(rows.bytes.size()));
    keys_.hashes.push_back(HashBinaryRow(timer.key));
  }
  return due_;
}

Result<Readiness> CleanupTimers::Finish(std::span<const TimestampMs> times) {
  if (due_.empty()) return Readiness::kReady;
  records_.resize(due_.size());
  CASTOR_ASSIGN_OR_RETURN(
      const Readiness readiness,
      set_->Acquire(keys_, state::AccessMode::kFindOrCreate, records_.data(), nullptr));
  if (readiness == Readiness::kPending) return readiness;
  for (size_t i = 0; i < due_.size(); ++i) {
    const bool empty = times[i] == kMaxWatermark;
    TimesOf(records_[i])->side[due_[i].side] = empty ? 0 : times[i];
    if (empty) continue;
    timers_->Register(times[i], keys_.key(due_[i].key_row), keys_.hashes[i], NameOf(due_[i].side));
  }
  unused_.clear();
  for (size_t i = 0; i < due_.size(); ++i) {
    if (TimesOf(records_[i])->none()) unused_.push_back(static_cast<int32_t>(i));
  }
  set_->Release();
  set_->Erase(keys_, unused_);
  due_.clear();
  return readiness;
}

}  // namespace castor::interval_join
