#include "runtime/source/source_coordinator.h"

#include <utility>

namespace castor::runtime {

SourceCoordinator::SourceCoordinator(SourceCoordinatorParts parts)
    : parts_(std::move(parts)), on_demand_(parts_.source->splits_on_demand()) {}

void SourceCoordinator::Restore(std::vector<connector::Split> unassigned,
                                std::vector<connector::Split> in_progress) {
  const std::lock_guard lock(mutex_);
  for (connector::Split& split : unassigned) pool_.push_back(std::move(split));
  std::vector<std::vector<connector::Split>> shares(parts_.readers.size());
  for (size_t i = 0; i < in_progress.size(); ++i) {
    shares[i % shares.size()].push_back(std::move(in_progress[i]));
  }
  for (size_t i = 0; i < shares.size(); ++i) {
    if (!shares[i].empty()) parts_.readers[i]->AddSplits(std::move(shares[i]));
  }
}

void SourceCoordinator::RequestSplits(int32_t subtask) {
  const std::lock_guard lock(mutex_);
  waiting_.insert(subtask);
  Assign();
}

Task::Outcome SourceCoordinator::Run() {
  const std::lock_guard lock(mutex_);
  if (finished_ || discovering_) return Outcome::kPark;
  if (parts_.clock->NowMs() < next_discovery_) {
    parts_.timers->WakeAt(this, next_discovery_);
    return Outcome::kPark;
  }
  discovering_ = true;
  parts_.io->Submit([this] { Discover(); });
  return Outcome::kPark;
}

void SourceCoordinator::Discover() {
  const std::lock_guard enumerating(enumerator_mutex_);
  Result<connector::Discovery> found = parts_.enumerator->Discover();
  if (!found.ok()) return parts_.on_failure(found.status().WithContext(parts_.description));
  const std::lock_guard lock(mutex_);
  for (connector::Split& split : found->splits) pool_.push_back(std::move(split));
  finished_ = found->finished;
  discovering_ = false;
  next_discovery_ = parts_.clock->NowMs() + parts_.enumerator->discovery_interval_ms();
  Assign();
  if (!finished_) Wake();
}

void SourceCoordinator::Assign() {
  if (paused_) return;
  if (on_demand_) {
    AssignOnDemand();
  } else {
    AssignAll();
  }
  if (!finished_ || !pool_.empty()) return;
  for (const int32_t subtask : waiting_) {
    if (told_.insert(subtask).second) parts_.readers[static_cast<size_t>(subtask)]->NoMoreSplits();
  }
}

void SourceCoordinator::AssignOnDemand() {
  while (!pool_.empty() && !waiting_.empty()) {
    const int32_t subtask = *waiting_.begin();
    waiting_.erase(waiting_.begin());
    std::vector<connector::Split> one;
    one.push_back(std::move(pool_.front()));
    pool_.pop_front();
    parts_.readers[static_cast<size_t>(subtask)]->AddSplits(std::move(one));
  }
}

void SourceCoordinator::AssignAll() {
  std::vector<std::vector<connector::Split>> shares(parts_.readers.size());
  while (!pool_.empty()) {
    shares[next_reader_].push_back(std::move(pool_.front()));
    pool_.pop_front();
    next_reader_ = (next_reader_ + 1) % shares.size();
  }
  for (size_t i = 0; i < shares.size(); ++i) {
    if (shares[i].empty()) continue;
    waiting_.erase(static_cast<int32_t>(i));
    parts_.readers[i]->AddSplits(std::move(shares[i]));
  }
}

CoordinatorState SourceCoordinator::PauseAndSnapshot() {
  const std::lock_guard enumerating(enumerator_mutex_);
  CoordinatorState state;
  state.enumerator = parts_.enumerator->Snapshot();
  const std::lock_guard lock(mutex_);
  paused_ = true;
  state.unassigned.assign(pool_.begin(), pool_.end());
  return state;
}

void SourceCoordinator::Resume() {
  const std::lock_guard lock(mutex_);
  paused_ = false;
  Assign();
}

}  // namespace castor::runtime
