#include "platform/api/marks.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace castor::platform {
namespace {

constexpr size_t kMostRestarts = 500;

void SortByTime(std::vector<Mark>* marks) {
  std::stable_sort(marks->begin(), marks->end(),
                   [](const Mark& a, const Mark& b) { return a.time < b.time; });
}

Mark BeginOf(const JobRecord& job, const JobRecord* before) {
  const bool is_upgrade = before != nullptr && before->version != job.version;
  return {job.created_at, is_upgrade ? "UPGRADE" : "START", job.id, job.version,
          is_upgrade ? fmt::format("Version {} instead of {}", job.version, before->version)
                     : fmt::format("Version {}", job.version)};
}

Mark EndOf(const JobRecord& job) {
  std::string message = job.state;
  if (!job.failure_message.empty()) message += ": " + job.failure_message;
  return {job.ended_at, "END", job.id, job.version, std::move(message)};
}

}  // namespace

nlohmann::ordered_json ToJson(const Mark& mark) {
  return {{"time", mark.time},
          {"kind", mark.kind},
          {"jobId", mark.job},
          {"version", mark.version},
          {"message", mark.message}};
}

Result<std::vector<Mark>> FindMarks(Session* session, const std::string& deployment) {
  CASTOR_ASSIGN_OR_RETURN(
      auto jobs, session->Select<JobRecord>("WHERE deployment = ? ORDER BY sequence DESC LIMIT 500",
                                            {deployment}));
  std::reverse(jobs.begin(), jobs.end());
  CASTOR_ASSIGN_OR_RETURN(
      const auto attempts,
      session->Select<AttemptRecord>("WHERE generation > 1 AND job IN (SELECT id FROM jobs WHERE "
                                     "deployment = ?) ORDER BY created_at DESC LIMIT 500",
                                     {deployment}));
  std::vector<Mark> marks;
  std::map<std::string, int64_t> versions;
  for (size_t i = 0; i < jobs.size(); ++i) {
    versions[jobs[i].id] = jobs[i].version;
    marks.push_back(BeginOf(jobs[i], i == 0 ? nullptr : &jobs[i - 1]));
    if (!jobs[i].active()) marks.push_back(EndOf(jobs[i]));
  }
  for (const AttemptRecord& attempt : attempts) {
    marks.push_back({attempt.created_at, "RECOVERY", attempt.job, versions[attempt.job],
                     fmt::format("Attempt {}", attempt.generation)});
  }
  SortByTime(&marks);
  return marks;
}

void AddRestarts(const std::vector<std::optional<double>>& counts, int64_t from, int64_t step,
                 std::vector<Mark>* marks) {
  std::vector<Mark> restarts;
  std::optional<double> before;
  const Mark* job = nullptr;  // whose time it is
  size_t next = 0;
  for (size_t i = 0; i < counts.size() && restarts.size() < kMostRestarts; ++i) {
    const int64_t time = from + static_cast<int64_t>(i) * step;
    for (; next < marks->size() && (*marks)[next].time < time + step; ++next) job = &(*marks)[next];
    if (counts[i] && before && *counts[i] > *before && job != nullptr) {
      restarts.push_back({time, "RESTART", job->job, job->version,
                          fmt::format("Restarted {:.0f} times", *counts[i])});
    }
    if (counts[i]) before = counts[i];
  }
  marks->insert(marks->end(), restarts.begin(), restarts.end());
  SortByTime(marks);
}

}  // namespace castor::platform
