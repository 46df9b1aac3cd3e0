#include "operator/over/key_cleanup.h"

#include "state/key_list.h"

namespace castor::over {

using state::Readiness;

namespace {

// The record of a key; 0: not decided.
struct Decision {
  TimestampMs time;
  int64_t unused;
};

Decision* DecisionAt(std::byte* record) { return reinterpret_cast<Decision*>(record); }

}  // namespace

Status KeyCleanup::Open(OperatorContext& context, const std::string& state_name) {
  context_ = &context;
  if (!enabled()) return Status::OK();
  state::StateDescriptor descriptor;
  descriptor.name = state_name;
  descriptor.layout.fixed_size = sizeof(Decision);
  descriptor.schema = "time BIGINT";
  CASTOR_ASSIGN_OR_RETURN(times_, context.state().OpenValue(descriptor));
  CASTOR_ASSIGN_OR_RETURN(timers_, context.state().OpenTimers("cleanup-timers"));
  RequestNext();
  return Status::OK();
}

Result<Readiness> KeyCleanup::Touch(const state::KeyBatch& keys) {
  if (!enabled() || keys.count() == 0) return Readiness::kReady;
  records_.resize(static_cast<size_t>(keys.count()));
  CASTOR_ASSIGN_OR_RETURN(
      const Readiness readiness,
      times_->Acquire(keys, state::AccessMode::kFindOrCreate, records_.data(), nullptr));
  if (readiness == Readiness::kPending) return readiness;
  const TimestampMs now = context_->clock().NowMs();
  for (int32_t row = 0; row < keys.count(); ++row) {
    const auto i = static_cast<size_t>(row);
    Decision* decision = DecisionAt(records_[i]);
    if (decision->time != 0 && now + retention_ms_ <= decision->time) continue;
    if (decision->time != 0) {
      timers_->Delete(state::TimerAt(decision->time, keys, row));
    }
    decision->time = now + max_retention_ms_;
    timers_->Register(state::TimerAt(decision->time, keys, row));
  }
  times_->Release();
  RequestNext();
  return readiness;
}

Result<Readiness> KeyCleanup::Due(TimestampMs now, size_t max, state::KeyBatch* keys) {
  state::ClearKeys(keys);
  if (!enabled()) return Readiness::kReady;
  CASTOR_ASSIGN_OR_RETURN(const Readiness popped, timers_->PopDue(now, max, &due_));
  if (popped == Readiness::kReady) state::TakeKeys(due_, keys);
  return popped;
}

void KeyCleanup::Forget(const state::KeyBatch& keys, std::span<const int32_t> rows) {
  times_->Erase(keys, rows);
}

void KeyCleanup::RequestNext() {
  if (!enabled()) return;
  const TimestampMs next = timers_->NextTime();
  if (next != kMaxWatermark) context_->RequestProcessingTime(next);
}

}  // namespace castor::over
