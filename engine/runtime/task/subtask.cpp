#include "runtime/task/subtask.h"

#include <algorithm>
#include <utility>

#include "base/fault_point.h"
#include "runtime/checkpoint/fault_points.h"

namespace castor::runtime {
namespace {

// Long enough to make switching cheap, short enough for the latency of others on the same core.
constexpr auto kQuantum = std::chrono::milliseconds(1);
// Of each quantum while a cut is being saved: the job goes on meanwhile, and the cut gets done.
constexpr auto kStateShare = std::chrono::microseconds(500);

}  // namespace

void Subtask::Assemble(SubtaskParts parts) {
  vertex_ = parts.vertex;
  index_ = parts.index;
  inputs_ = parts.inputs;
  tail_ = std::move(parts.tail);
  std::vector<std::unique_ptr<host::OperatorHost>> hosts;
  for (HostedOperator& op : parts.operators) {
    uids_.push_back(std::move(op.uid));
    states_.push_back(std::move(op.state));
    state_sizes_.push_back(op.state_size);
    hosts.push_back(std::move(op.host));
  }
  slow_steps_ = std::move(parts.slow_steps);
  chain_ = std::make_unique<Chain>(std::move(hosts), tail_.get(), slow_steps_.get());
  head_ = std::move(parts.head);
  times_ = std::make_unique<TaskTimes>(parts.metrics);
}

Task::Outcome Subtask::Run() {
  times_->Switch(TaskTimes::Reason::kBusy);
  if (slow_steps_ != nullptr) slow_steps_->Begin(queued_at());
  if (!states_.empty()) MaintainState();
  Result<Outcome> outcome = Work();
  // What the last rows have added may have to leave memory before sources go on.
  const bool rests = outcome.ok() && *outcome == Outcome::kPark && at_rest_;
  if (rests) MaintainState();
  NoteProgress();
  if (slow_steps_ != nullptr) slow_steps_->End();
  if (outcome.ok()) {
    const bool more_upkeep = state_work_ == StateWork::kMore && *outcome == Outcome::kPark;
    const bool may_go_on = rests && waits_for_memory_ && !StateMustWait();
    return more_upkeep || may_go_on ? Outcome::kYield : *outcome;
  }
  listener_->OnFailure(*this, outcome.status());
  return Outcome::kDone;
}

Result<Task::Outcome> Subtask::Work() {
  if (!opened_) CASTOR_RETURN_NOT_OK(Open());
  if (blocked_since_ != kMaxWatermark) {
    head_->OnBlockedFor(clock_->NowMs() - std::exchange(blocked_since_, kMaxWatermark));
  }
  const auto until = std::chrono::steady_clock::now() + kQuantum;
  waits_for_memory_ = false;
  while (true) {
    if (has_abort_.load()) TakeAborts();
    const bool timed = tail_->wake_at() != kMaxWatermark;
    if (timed) tail_->OnTime(clock_->NowMs());
    at_rest_ = false;
    CASTOR_ASSIGN_OR_RETURN(const Chain::State state, chain_->Run());
    if (state == Chain::State::kBlocked) return ParkBlocked();
    if (state == Chain::State::kPending) {
      return ParkUntil(tail_->wake_at(), TaskTimes::Reason::kIdle);
    }
    at_rest_ = true;
    if (StateOverBudget()) MaintainState();
    waits_for_memory_ = StateMustWait();
    if (waits_for_memory_) return ParkUntil(tail_->wake_at(), TaskTimes::Reason::kIdle);
    if (pass_ != Pass::kNone) {
      CASTOR_RETURN_NOT_OK(ContinuePass());
      continue;
    }
    if (std::chrono::steady_clock::now() >= until) {
      times_->Switch(TaskTimes::Reason::kIdle);
      return Outcome::kYield;
    }
    if (chain_->next_processing_time() != kMaxWatermark) {
      const TimestampMs now = clock_->NowMs();
      if (chain_->next_processing_time() <= now) {
        CASTOR_RETURN_NOT_OK(chain_->FireProcessingTime(now));
        continue;
      }
    }
    Enter(SlowSteps::kInput);
    CASTOR_ASSIGN_OR_RETURN(InputGate::Event event, head_->Next());
    if (std::holds_alternative<std::monostate>(event)) return ParkIdle();
    CASTOR_RETURN_NOT_OK(Handle(std::move(event)));
  }
}

// The tail first: once an operator of this chain or a head can produce, there must be somewhere to
// go.
Status Subtask::Open() {
  opened_ = true;
  CASTOR_RETURN_NOT_OK(tail_->Open());
  for (size_t i = chain_->size(); i > 0; --i) CASTOR_RETURN_NOT_OK(chain_->host(i - 1).Open());
  return head_->Open();
}

Status Subtask::Handle(InputGate::Event event) {
  if (auto* received = std::get_if<InputGate::Received>(&event)) {
    return chain_->Feed(received->input, std::move(received->element));
  }
  pass_at_ = 0;
  if (auto* barrier = std::get_if<Barrier>(&event)) {
    barrier_ = *barrier;
    pass_ = Pass::kBarrier;
    return Status::OK();
  }
  ++ended_inputs_;
  if (ended_inputs_ == inputs_) pass_ = Pass::kEnd;
  if (chain_->size() == 0) return Status::OK();
  pass_at_ = 1;
  return chain_->EndInput(0, std::get<InputGate::InputEnded>(event).input);
}

Status Subtask::ContinuePass() {
  return pass_ == Pass::kBarrier ? ContinueBarrier() : ContinueEnd();
}

Status Subtask::ContinueBarrier() {
  if (pass_at_ < chain_->size()) return chain_->BeforeBarrier(pass_at_++);
  pass_ = Pass::kNone;
  // An abort that came meanwhile: nobody waits for this cut, and nobody downstream for the barrier.
  if (barrier_.id <= current_abort_) return Status::OK();
  return Cut();
}

Status Subtask::ContinueEnd() {
  if (pass_at_ == 1 && head_->without_input() && !watermark_sent_) {
    watermark_sent_ = true;
    chain_->EmitWatermark(0, kMaxWatermark);
    return Status::OK();
  }
  if (pass_at_ < chain_->size()) return chain_->EndInput(pass_at_++, 0);
  pass_ = Pass::kNone;
  tail_->OnEnd();
  listener_->OnEnded(*this);
  return Status::OK();
}

Status Subtask::Cut() {
  Enter(SlowSteps::kCut);
  CASTOR_RETURN_NOT_OK(FaultPoint(fault::kBeforeCut));
  SubtaskCut cut;
  CASTOR_RETURN_NOT_OK(tail_->OnBarrier(barrier_, &cut));
  CASTOR_RETURN_NOT_OK(head_->OnBarrier(barrier_, &cut));
  for (size_t i = 0; i < chain_->size() && barrier_.kind != Barrier::Kind::kCommitOnly; ++i) {
    OperatorCut& part = cut.Of(uids_[i]);
    host::OperatorHost& host = chain_->host(i);
    auto bytes = host.op().Snapshot();
    if (!bytes.ok()) return host.Describe(bytes.status());
    if (!bytes->empty()) part.sections[section::kOperator] = std::move(*bytes);
    if (states_[i]->HasStates()) {
      auto keyed = states_[i]->Cut(barrier_.format);
      if (!keyed.ok()) return host.Describe(keyed.status());
      part.keyed = std::move(*keyed);
    }
  }
  MaintainState();
  listener_->OnCut(*this, barrier_, std::move(cut));
  return Status::OK();
}

// Then something has to leave memory now: it may do so between two batches only, and the next one
// may be pending until the quantum ends.
bool Subtask::StateOverBudget() const {
  return std::any_of(states_.begin(), states_.end(),
                     [](const auto& state) { return state->OverBudget(); });
}

// For memory that is being freed, or, when all is to be cut, for a cut that was given up.
bool Subtask::StateMustWait() {
  const bool cuts = pass_ == Pass::kBarrier && pass_at_ >= chain_->size();
  bool must_wait = false;
  for (const auto& state : states_) {
    must_wait = must_wait || state->MustWait() || (cuts && !state->MayCut());
  }
  return must_wait;
}

// A small state is saved at its barrier; of a large one, no more than fits in the share.
void Subtask::MaintainState() {
  Enter(SlowSteps::kSaving);
  const auto until = std::chrono::steady_clock::now() + kStateShare;
  state_work_ = StateWork::kNone;
  for (const auto& state : states_) {
    const StateWork work = state->Maintain(at_rest_, until - std::chrono::steady_clock::now());
    if (work == StateWork::kMore || state_work_ == StateWork::kNone) state_work_ = work;
  }
}

void Subtask::Abort(int64_t checkpoint) {
  {
    const std::lock_guard lock(abort_mutex_);
    aborted_ = std::max(aborted_, checkpoint);
    has_abort_.store(true);
  }
  Wake();
}

void Subtask::TakeAborts() {
  {
    const std::lock_guard lock(abort_mutex_);
    has_abort_.store(false);
    current_abort_ = aborted_;
  }
  head_->Abort(current_abort_);
}

void Subtask::NoteProgress() {
  work_done_.store(chain_->delivered(), std::memory_order_relaxed);
  for (size_t i = 0; i < states_.size(); ++i) state_sizes_[i]->Set(states_[i]->ByteSize());
}

std::vector<StateHolder> Subtask::Holdings() const {
  std::vector<StateHolder> holdings;
  for (size_t i = 0; i < states_.size(); ++i) {
    holdings.push_back({chain_->host(i).description(), state_sizes_[i]->Get()});
  }
  return holdings;
}

Task::Outcome Subtask::ParkIdle() {
  const TimestampMs time =
      std::min({tail_->wake_at(), chain_->next_processing_time(), head_->wake_at()});
  return ParkUntil(time, TaskTimes::Reason::kIdle);
}

Task::Outcome Subtask::ParkBlocked() {
  blocked_since_ = clock_->NowMs();
  return ParkUntil(tail_->wake_at(), TaskTimes::Reason::kBackPressured);
}

Task::Outcome Subtask::ParkUntil(TimestampMs time, TaskTimes::Reason reason) {
  timers_->WakeAt(this, time);
  times_->Switch(reason);
  return Outcome::kPark;
}

Status Subtask::Close() {
  CASTOR_RETURN_NOT_OK(tail_->Close());
  return head_->Close();
}

}  // namespace castor::runtime
