#include "operator/interval_join/cleanup_timers.h"

#include <string_view>

#include "state/key_list.h"

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
    timers_->Register({time, static_cast<uint32_t>(keys.hashes[static_cast<size_t>(rows[i])]),
                       keys.key(rows[i]), NameOf(side)});
  }
  unused_.clear();
  for (int32_t row = 0; row < keys.count(); ++row) {
    if (TimesOf(records_[static_cast<size_t>(row)])->none()) unused_.push_back(row);
  }
  set_->Release();
  set_->Erase(keys, unused_);
  return readiness;
}

Result<Readiness> CleanupTimers::Take(TimestampMs now, size_t max) {
  CASTOR_ASSIGN_OR_RETURN(const Readiness popped, timers_->PopDue(now, max, &fired_));
  if (popped == Readiness::kPending) return popped;
  state::TakeKeys(fired_, &keys_);
  due_.clear();
  for (size_t i = 0; i < fired_.size(); ++i) {
    due_.push_back({static_cast<int32_t>(i), fired_[i].name_space == NameOf(0) ? 0 : 1});
  }
  return popped;
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
    timers_->Register({times[i], static_cast<uint32_t>(keys_.hashes[i]), keys_.key(due_[i].key_row),
                       NameOf(due_[i].side)});
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
