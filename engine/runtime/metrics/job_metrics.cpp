#include "runtime/metrics/job_metrics.h"

namespace castor::runtime {

MetricGroup* JobMetrics::OfOperator(const OperatorScope& scope) {
  const std::lock_guard lock(mutex_);
  auto& [known, group] = operators_[{scope.node, scope.subtask}];
  if (group == nullptr) {
    known = scope;
    group = std::make_unique<MetricGroup>();
  }
  return group.get();
}

std::vector<JobMetrics::OperatorSamples> JobMetrics::CollectOperators() const {
  const std::lock_guard lock(mutex_);
  std::vector<OperatorSamples> all;
  for (const auto& [key, entry] : operators_) {
    all.push_back({entry.first, entry.second->Collect()});
  }
  return all;
}

namespace {

// Label values escape backslash, quote and newline.
std::string Escape(const std::string& text) {
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

// What Flink measures of a task, not of an operator (TaskIOMetricGroup).
bool IsOfTask(const std::string& name) {
  return name == "busyTimeMsPerSecond" || name == "idleTimeMsPerSecond" ||
         name == "backPressuredTimeMsPerSecond";
}

std::string ScopeLabels(const std::string& scope, const OperatorScope& op) {
  return "," + scope + "_id=\"" + std::to_string(op.node) + "\"," + scope + "_name=\"" +
         Escape(op.name) + "\",subtask_index=\"" + std::to_string(op.subtask) + "\"";
}

// Samples of one metric must stand together, under one TYPE line.
using Families = std::map<std::string, std::pair<Metric::Kind, std::string>>;

void AddSample(Families* families, const std::string& prefix, const MetricGroup::Sample& sample,
               const std::string& labels) {
  auto& [kind, lines] = (*families)[prefix + sample.name];
  kind = sample.kind;
  lines += prefix + sample.name + "{" + labels + "} " + std::to_string(sample.value) + "\n";
}

}  // namespace

std::string ToPrometheusText(JobMetrics& metrics) {
  Families families;
  const std::string job = "job_name=\"" + Escape(metrics.job_name()) + "\"";
  for (const auto& sample : metrics.job().Collect()) {
    AddSample(&families, "flink_jobmanager_job_", sample, job);
  }
  for (const auto& op : metrics.CollectOperators()) {
    const std::string of_operator = job + ScopeLabels("operator", op.scope);
    const std::string of_task = job + ScopeLabels("task", op.scope);
    for (const auto& sample : op.samples) {
      const bool task = IsOfTask(sample.name);
      AddSample(&families,
                task ? "flink_taskmanager_job_task_" : "flink_taskmanager_job_task_operator_",
                sample, task ? of_task : of_operator);
    }
  }
  std::string text;
  for (const auto& [name, family] : families) {
    const bool counter = family.first == Metric::Kind::kCounter;
    text += "# TYPE " + name + (counter ? " counter\n" : " gauge\n") + family.second;
  }
  return text;
}

}  // namespace castor::runtime
