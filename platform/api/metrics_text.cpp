#include "platform/api/metrics_text.h"

#include <fmt/format.h>

#include <functional>

namespace castor::platform {
namespace {

struct Metric {
  const char* name;
  const char* type;
  std::function<int64_t(const cli::JobStatus&)> value;
};

const std::vector<Metric>& Metrics() {
  using S = cli::JobStatus;
  static const std::vector<Metric> metrics = {
      {"flink_jobmanager_job_uptime", "gauge",
       [](const S& s) { return s.state == "RUNNING" ? s.now_ms - s.started_at_ms : 0; }},
      {"flink_jobmanager_job_numRestarts", "gauge", [](const S& s) { return s.restarts; }},
      {"flink_jobmanager_job_numberOfCompletedCheckpoints", "gauge",
       [](const S& s) { return s.completed_checkpoints; }},
      {"flink_jobmanager_job_numberOfFailedCheckpoints", "gauge",
       [](const S& s) { return s.failed_checkpoints; }},
      {"flink_jobmanager_job_lastCheckpointDuration", "gauge",
       [](const S& s) { return s.checkpoint_ms; }},
      {"flink_jobmanager_job_lastCheckpointSize", "gauge",
       [](const S& s) { return s.checkpoint_bytes; }},
      {"flink_jobmanager_job_lastCheckpointFullSize", "gauge",
       [](const S& s) { return s.checkpoint_full_bytes; }},
      {"castor_job_numRecordsIn", "counter", [](const S& s) { return s.records_in; }},
      {"castor_job_numRecordsOut", "counter", [](const S& s) { return s.records_out; }},
      {"castor_job_numLateRecordsDropped", "counter", [](const S& s) { return s.late_records(); }},
      {"castor_job_numBadRecords", "counter", [](const S& s) { return s.bad_records(); }},
      {"castor_job_stateBytes", "gauge", [](const S& s) { return s.state_bytes; }},
      {"castor_job_memoryBytes", "gauge", [](const S& s) { return s.memory_bytes; }},
  };
  return metrics;
}

// As the format wants it within quotes.
std::string Escaped(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\' || c == '"') escaped += '\\';
    if (c == '\n') {
      escaped += "\\n";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string LabelsOf(const JobFigures& job) {
  return fmt::format(
      R"({{namespace="{}",deployment_id="{}",deployment_name="{}",job_id="{}",job_name="{}"}})",
      Escaped(job.namespace_name), job.deployment, Escaped(job.deployment_name), job.job,
      Escaped(job.status.name));
}

}  // namespace

std::string MetricsText(const std::vector<JobFigures>& jobs, const DeploymentCounts& deployments) {
  std::vector<std::string> labels;
  for (const JobFigures& job : jobs) labels.push_back(LabelsOf(job));
  std::string text;
  for (const Metric& metric : Metrics()) {
    if (jobs.empty()) break;
    text += fmt::format("# TYPE {} {}\n", metric.name, metric.type);
    for (size_t i = 0; i < jobs.size(); ++i) {
      text += fmt::format("{}{} {}\n", metric.name, labels[i], metric.value(jobs[i].status));
    }
  }
  text += "# TYPE castor_platform_deployments gauge\n";
  for (const auto& [place, count] : deployments) {
    text += fmt::format("castor_platform_deployments{{namespace=\"{}\",state=\"{}\"}} {}\n",
                        Escaped(place.first), place.second, count);
  }
  return text;
}

}  // namespace castor::platform
