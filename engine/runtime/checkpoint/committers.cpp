#include "runtime/checkpoint/committers.h"

#include <iterator>
#include <utility>

#include "base/fault_point.h"
#include "runtime/checkpoint/fault_points.h"

namespace castor::runtime {

void Committers::Add(const std::string& uid, std::unique_ptr<connector::Committer> committer,
                     std::string description) {
  sinks_[uid] = Sink{std::move(committer), std::move(description)};
}

void Committers::Collect(Committables handed_over) {
  const std::lock_guard lock(mutex_);
  for (auto& [uid, committables] : handed_over) {
    if (committables.empty()) continue;
    auto& all = pending_[uid];
    all.insert(all.end(), std::make_move_iterator(committables.begin()),
               std::make_move_iterator(committables.end()));
  }
}

Committables Committers::pending() const {
  const std::lock_guard lock(mutex_);
  return pending_;
}

Status Committers::Commit(const Committables& these) {
  for (const auto& [uid, committables] : these) {
    const auto sink = sinks_.find(uid);
    if (sink == sinks_.end() || sink->second.committer == nullptr || committables.empty()) continue;
    CASTOR_RETURN_NOT_OK(FaultPoint(fault::kBeforeCommit));
    const Status committed = sink->second.committer->Commit(committables);
    CASTOR_RETURN_NOT_OK(committed.WithContext("commit of " + sink->second.description));
  }
  CASTOR_RETURN_NOT_OK(FaultPoint(fault::kBeforeCommitDone));
  const std::lock_guard lock(mutex_);
  for (const auto& [uid, committables] : these) {
    const auto found = pending_.find(uid);
    if (found == pending_.end()) continue;
    // New ones are only ever added behind those that were taken along.
    auto& all = found->second;
    all.erase(all.begin(),
              all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), committables.size())));
    if (all.empty()) pending_.erase(found);
  }
  return Status::OK();
}

Status Committers::Finish() {
  for (auto& [uid, sink] : sinks_) {
    if (sink.committer == nullptr) continue;
    CASTOR_RETURN_NOT_OK(sink.committer->Finish().WithContext(sink.description));
  }
  return Status::OK();
}

}  // namespace castor::runtime
