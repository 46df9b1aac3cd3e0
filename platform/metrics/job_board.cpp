#include "platform/metrics/job_board.h"

#include <algorithm>
#include <utility>

namespace castor::platform {
namespace {

// Rates are those of this time, so that they neither flicker nor lag.
constexpr int64_t kWindowMs = 3'000;
constexpr int64_t kLeastMs = 500;

std::optional<double> Rate(int64_t before, int64_t now, int64_t elapsed_ms) {
  if (elapsed_ms < kLeastMs || now < before) return std::nullopt;
  constexpr double kMsPerSecond = 1000;
  return static_cast<double>(now - before) * kMsPerSecond / static_cast<double>(elapsed_ms);
}

}  // namespace

void JobBoard::Show(JobFigures figures) {
  const std::lock_guard lock(mutex_);
  Entry& entry = jobs_[figures.job];
  auto& recent = entry.recent;
  const cli::JobStatus& now = *figures.status;
  const bool is_same_process = !recent.empty() && recent.back()->started_at_ms == now.started_at_ms;
  if (!is_same_process) recent.clear();
  if (recent.empty() || recent.back()->now_ms < now.now_ms) recent.push_back(figures.status);
  while (recent.size() > 2 && now.now_ms - recent[1]->now_ms >= kWindowMs) recent.pop_front();
  entry.latest = std::move(figures);
}

void JobBoard::Remove(const std::string& job) {
  const std::lock_guard lock(mutex_);
  jobs_.erase(job);
}

JobFigures JobBoard::WithBefore(const Entry& entry) {
  JobFigures figures = entry.latest;
  if (entry.recent.size() > 1) figures.before = entry.recent.front();
  return figures;
}

std::optional<JobFigures> JobBoard::Find(const std::string& job) const {
  const std::lock_guard lock(mutex_);
  const auto found = jobs_.find(job);
  if (found == jobs_.end()) return std::nullopt;
  return WithBefore(found->second);
}

std::vector<JobFigures> JobBoard::All() const {
  const std::lock_guard lock(mutex_);
  std::vector<JobFigures> all;
  all.reserve(jobs_.size());
  for (const auto& [id, entry] : jobs_) all.push_back(WithBefore(entry));
  return all;
}

std::optional<double> PerSecond(const cli::JobStatus* before, const cli::JobStatus& now,
                                int64_t (*counter)(const cli::JobStatus&)) {
  if (before == nullptr) return std::nullopt;
  return Rate(counter(*before), counter(now), now.now_ms - before->now_ms);
}

std::optional<double> PerSecond(const cli::JobStatus* before, const cli::JobStatus& now,
                                const cli::OperatorStatus& of,
                                int64_t cli::OperatorStatus::* counter) {
  if (before == nullptr) return std::nullopt;
  const auto same = std::find_if(before->operators.begin(), before->operators.end(),
                                 [&](const cli::OperatorStatus& op) { return op.node == of.node; });
  if (same == before->operators.end()) return std::nullopt;
  return Rate((*same).*counter, of.*counter, now.now_ms - before->now_ms);
}

}  // namespace castor::platform
