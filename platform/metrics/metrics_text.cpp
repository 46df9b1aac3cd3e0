#include "platform/metrics/metrics_text.h"

#include <fmt/format.h>

#include <functional>
#include <optional>

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

// Of one operator, all its subtasks together; nothing if it has no such figure.
struct OperatorMetric {
  const char* name;
  const char* type;
  const char* scope;  // how Flink calls the place where it is measured
  std::function<std::optional<int64_t>(const cli::OperatorStatus&)> value;
};

const std::vector<OperatorMetric>& OperatorMetrics() {
  using O = cli::OperatorStatus;
  static const std::vector<OperatorMetric> metrics = {
      {"flink_taskmanager_job_task_operator_numRecordsIn", "counter", "operator",
       [](const O& op) { return op.records_in; }},
      {"flink_taskmanager_job_task_operator_numRecordsOut", "counter", "operator",
       [](const O& op) { return op.records_out; }},
      {"flink_taskmanager_job_task_operator_numLateRecordsDropped", "counter", "operator",
       [](const O& op) { return op.late_records; }},
      {"flink_taskmanager_job_task_operator_currentOutputWatermark", "gauge", "operator",
       [](const O& op) { return op.watermark_ms; }},
      {"flink_taskmanager_job_task_busyTimeMsPerSecond", "gauge", "task",
       [](const O& op) { return op.busy_ms_per_second; }},
      {"flink_taskmanager_job_task_idleTimeMsPerSecond", "gauge", "task",
       [](const O& op) { return op.idle_ms_per_second; }},
      {"flink_taskmanager_job_task_backPressuredTimeMsPerSecond", "gauge", "task",
       [](const O& op) { return op.back_pressured_ms_per_second; }},
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

// Without the braces.
std::string LabelsOf(const JobFigures& job) {
  return fmt::format(
      R"(namespace="{}",deployment_id="{}",deployment_name="{}",job_id="{}",job_name="{}")",
      Escaped(job.namespace_name), job.deployment, Escaped(job.deployment_name), job.job,
      Escaped(job.status->name));
}

std::string OfJobs(const Metric& metric, const std::vector<JobFigures>& jobs,
                   const std::vector<std::string>& labels) {
  std::string text;
  for (size_t i = 0; i < jobs.size(); ++i) {
    text += fmt::format("{}{{{}}} {}\n", metric.name, labels[i], metric.value(*jobs[i].status));
  }
  return text;
}

std::string OfOperators(const OperatorMetric& metric, const std::vector<JobFigures>& jobs,
                        const std::vector<std::string>& labels) {
  std::string text;
  for (size_t i = 0; i < jobs.size(); ++i) {
    for (const cli::OperatorStatus& op : jobs[i].status->operators) {
      const std::optional<int64_t> value = metric.value(op);
      if (!value) continue;
      text += fmt::format("{}{{{},{}_id=\"{}\",{}_name=\"{}\"}} {}\n", metric.name, labels[i],
                          metric.scope, op.node, metric.scope, Escaped(op.name), *value);
    }
  }
  return text;
}

// Samples of one metric stand together, under one TYPE line.
void AddFamily(const char* name, const char* type, const std::string& samples, std::string* text) {
  if (!samples.empty()) *text += fmt::format("# TYPE {} {}\n{}", name, type, samples);
}

}  // namespace

std::string MetricsText(const std::vector<JobFigures>& jobs, const DeploymentCounts& deployments) {
  std::vector<std::string> labels;
  for (const JobFigures& job : jobs) labels.push_back(LabelsOf(job));
  std::string text;
  for (const Metric& metric : Metrics()) {
    AddFamily(metric.name, metric.type, OfJobs(metric, jobs, labels), &text);
  }
  for (const OperatorMetric& metric : OperatorMetrics()) {
    AddFamily(metric.name, metric.type, OfOperators(metric, jobs, labels), &text);
  }
  text += "# TYPE castor_platform_deployments gauge\n";
  for (const auto& [place, count] : deployments) {
    text += fmt::format("castor_platform_deployments{{namespace=\"{}\",state=\"{}\"}} {}\n",
                        Escaped(place.first), place.second, count);
  }
  return text;
}

}  // namespace castor::platform
