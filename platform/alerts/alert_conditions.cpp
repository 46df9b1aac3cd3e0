#include "platform/alerts/alert_conditions.h"

#include <fmt/format.h>

#include <algorithm>

namespace castor::platform {
namespace {

constexpr int64_t kMsPerSecond = 1'000;

Finding Holds(bool holds, std::string message) {
  return {holds, holds ? std::move(message) : std::string()};
}

}  // namespace

std::optional<int64_t> Growth(const std::vector<std::optional<double>>& values) {
  double grown = 0;
  int64_t known = 0;
  std::optional<double> before;
  for (const std::optional<double>& value : values) {
    if (!value) continue;
    // Less than before: another process, which has counted from 0.
    if (before) grown += *value >= *before ? *value - *before : *value;
    before = value;
    ++known;
  }
  if (known < 2) return std::nullopt;
  return static_cast<int64_t>(grown);
}

Result<Finding> AlertConditions::Look(Session* session, const AlertRule& rule,
                                      const DeploymentListing& deployment, int64_t now) const {
  const bool is_of_jobs = rule.condition != AlertCondition::kFailed;
  if (is_of_jobs && deployment.job.empty()) return Finding{false, ""};
  switch (rule.condition) {
    case AlertCondition::kFailed:
      return Holds(deployment.state == "FAILED",
                   "The deployment has failed: " + deployment.message);
    case AlertCondition::kUnstable:
      return Holds(!deployment.job_problem.empty(), deployment.job_problem);
    case AlertCondition::kRestarts:
      return LookAtRestarts(session, rule, deployment, now);
    case AlertCondition::kNoCheckpoint:
      return LookAtCheckpoints(session, rule, deployment, now);
    case AlertCondition::kLag:
      return LookAtLag(rule, deployment);
  }
  return Status::Internal("no such condition");
}

Result<std::vector<std::optional<double>>> AlertConditions::ReadSeries(
    const char* name, const std::string& deployment, int64_t from, int64_t now) const {
  MetricStore::Query query = {.deployment = deployment,
                              .series = {FindJobSeries(name)},
                              .from = from,
                              .to = now + 1,
                              .step = MetricStore::kSampleMs};
  if (now - from > MetricStore::kSamplesKeptMs) query.step = MetricStore::kMinuteMs;
  CASTOR_ASSIGN_OR_RETURN(auto values, metrics_->Read(query));
  return std::move(values.front());
}

// Within processes, and by other ones.
Result<Finding> AlertConditions::LookAtRestarts(Session* session, const AlertRule& rule,
                                                const DeploymentListing& deployment,
                                                int64_t now) const {
  const int64_t from = now - rule.window_ms;
  CASTOR_ASSIGN_OR_RETURN(const auto values, ReadSeries("numRestarts", deployment.id, from, now));
  CASTOR_ASSIGN_OR_RETURN(
      const auto attempts,
      session->Select<AttemptRecord>("WHERE created_at >= ? AND generation > 1 AND job IN (SELECT "
                                     "id FROM jobs WHERE deployment = ?)",
                                     {from, deployment.id}));
  const int64_t restarts = Growth(values).value_or(0) + static_cast<int64_t>(attempts.size());
  return Holds(restarts >= rule.threshold,
               fmt::format("The job has restarted {} times within {} seconds", restarts,
                           rule.window_ms / kMsPerSecond));
}

Result<Finding> AlertConditions::LookAtCheckpoints(Session* session, const AlertRule& rule,
                                                   const DeploymentListing& deployment,
                                                   int64_t now) const {
  CASTOR_ASSIGN_OR_RETURN(const auto job,
                          session->Find<JobRecord>("WHERE id = ?", {deployment.job}));
  const int64_t patience = rule.threshold * kMsPerSecond;
  if (!job || job->started_at == 0 || job->started_at > now - patience) return Finding{false, ""};
  // With two samples more, so that there is one before the time in question.
  const int64_t from = now - patience - 2 * MetricStore::kSampleMs;
  CASTOR_ASSIGN_OR_RETURN(const auto values,
                          ReadSeries("numberOfCompletedCheckpoints", deployment.id, from, now));
  const std::optional<int64_t> grown = Growth(values);
  if (grown.value_or(0) > 0) return Finding{false, ""};
  // Nothing was recorded while there was no server; but a worker that says nothing for so long
  // saves nothing either.
  const bool is_silent = std::none_of(values.begin(), values.end(),
                                      [](const auto& value) { return value.has_value(); });
  if (watching_since_ > from || (!grown && !is_silent)) return Finding{};
  return Holds(true, fmt::format("The job has completed no checkpoint for {} seconds or more",
                                 rule.threshold));
}

Finding AlertConditions::LookAtLag(const AlertRule& rule,
                                   const DeploymentListing& deployment) const {
  const std::optional<JobFigures> figures = board_->Find(deployment.job);
  const std::optional<double> lag =
      figures ? FindJobSeries("watermarkLag")->value(*figures) : std::nullopt;
  if (!lag) return {};
  return Holds(*lag > static_cast<double>(rule.threshold * kMsPerSecond),
               fmt::format("The watermark is {:.0f} seconds behind the clock",
                           *lag / static_cast<double>(kMsPerSecond)));
}

}  // namespace castor::platform
