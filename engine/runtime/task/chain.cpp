#include "runtime/task/chain.h"

#include <algorithm>
#include <utility>

namespace castor::runtime {

Chain::Chain(std::vector<std::unique_ptr<host::OperatorHost>> hosts, Tail* tail,
             SlowSteps* slow_steps)
    : hosts_(std::move(hosts)), tail_(tail), slow_steps_(slow_steps) {
  for (size_t i = 0; i < hosts_.size(); ++i) outputs_.emplace_back();
}

host::OperatorHost& Chain::Enter(size_t i) {
  if (slow_steps_ != nullptr) slow_steps_->Enter(static_cast<int>(i));
  return *hosts_[i];
}

Tail& Chain::EnterTail() {
  if (slow_steps_ != nullptr) slow_steps_->Enter(SlowSteps::kOutput);
  return *tail_;
}

Result<Chain::State> Chain::Run() {
  pending_ = false;
  while (true) {
    if (!EnterTail().Drain()) return State::kBlocked;
    bool moved = false;
    for (size_t i = hosts_.size(); i > 0 && !moved; --i) {
      CASTOR_ASSIGN_OR_RETURN(moved, Step(i - 1));
      if (pending_) return State::kPending;
    }
    if (!moved) return State::kEmpty;
  }
}

Result<bool> Chain::Step(size_t i) {
  Output& out = outputs_[i];
  if (!out.empty()) {
    CASTOR_RETURN_NOT_OK(Deliver(i, out.Pop()));
    return true;
  }
  if (!hosts_[i]->busy()) return false;
  CASTOR_RETURN_NOT_OK(Note(i, Enter(i).Resume(out)));
  return true;
}

Status Chain::Deliver(size_t from, Output::Element element) {
  hosts_[from]->CountOut(element);
  ++delivered_;
  const size_t to = from + 1;
  if (to == hosts_.size()) return EnterTail().Accept(std::move(element));
  return Note(to, Enter(to).Accept(0, std::move(element), outputs_[to]));
}

Status Chain::Note(size_t i, Result<Progress> progress) {
  if (!progress.ok()) return progress.status();
  // An operator that waits may have put out something before: that goes first.
  if (*progress == Progress::kPending && outputs_[i].empty()) pending_ = true;
  return Status::OK();
}

Status Chain::Feed(int input, Output::Element element) {
  if (hosts_.empty()) return EnterTail().Accept(std::move(element));
  return Note(0, Enter(0).Accept(input, std::move(element), outputs_[0]));
}

Status Chain::EndInput(size_t i, int input) {
  return Note(i, Enter(i).EndInput(input, outputs_[i]));
}

Status Chain::BeforeBarrier(size_t i) { return Note(i, Enter(i).BeforeBarrier(outputs_[i])); }

Status Chain::FireProcessingTime(TimestampMs now) {
  for (size_t i = 0; i < hosts_.size(); ++i) {
    if (hosts_[i]->next_processing_time() > now) continue;
    return Note(i, Enter(i).FireProcessingTime(now, outputs_[i]));
  }
  return Status::OK();
}

TimestampMs Chain::next_processing_time() const {
  TimestampMs earliest = kMaxWatermark;
  for (const auto& host : hosts_) earliest = std::min(earliest, host->next_processing_time());
  return earliest;
}

}  // namespace castor::runtime
