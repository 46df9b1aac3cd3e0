#include "platform/controller/health.h"

#include <fmt/format.h>

namespace castor::platform {

void Health::See(int64_t now_ms, const Progress& progress) {
  if (!seen_) first_seen_ms_ = now_ms;
  last_seen_ms_ = now_ms;
  has_saved_ |= seen_ && progress.completed_checkpoints > last_.completed_checkpoints;
  if (!seen_ || progress.completed_checkpoints > last_.completed_checkpoints) saved_ = progress;
  const int64_t restarts = seen_ ? progress.restarts - last_.restarts : 0;
  for (int64_t i = 0; i < restarts && restarted_at_.size() < kManyRestarts; ++i) {
    restarted_at_.push_back(now_ms);
  }
  while (!restarted_at_.empty() && now_ms - restarted_at_.front() > kWindowMs) {
    restarted_at_.pop_front();
  }
  last_ = progress;
  seen_ = true;
}

bool Health::IsSure() const { return has_saved_ || last_seen_ms_ - first_seen_ms_ > kWindowMs; }

std::string Health::Problem() const {
  const int64_t restarts = last_.restarts - saved_.restarts;
  if (restarts >= kManyInARow) {
    return fmt::format("the job has restarted {} times without completing a checkpoint", restarts);
  }
  const int64_t failed = last_.failed_checkpoints - saved_.failed_checkpoints;
  if (failed >= kManyInARow) {
    return fmt::format("the last {} checkpoints of the job have failed", failed);
  }
  if (restarted_at_.size() >= kManyRestarts) {
    return fmt::format("the job has restarted {} times or more in the last {} minutes",
                       restarted_at_.size(), kWindowMs / 60'000);
  }
  return "";
}

}  // namespace castor::platform
