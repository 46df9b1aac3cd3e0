// All metrics of a job: a group per operator instance and one for the job, under Flink's names.
//
// Groups live as long as the job, so counters go on across restarts. Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/metrics.h"

namespace castor::runtime {

struct OperatorScope {
  int32_t node = 0;
  std::string name;  // the node's description
  std::string type;
  int32_t subtask = 0;
};

class JobMetrics {
 public:
  explicit JobMetrics(std::string job_name) : job_name_(std::move(job_name)) {}

  MetricGroup& job() { return job_; }
  // The group of that node and subtask; the same one each time.
  MetricGroup* OfOperator(const OperatorScope& scope);

  struct OperatorSamples {
    OperatorScope scope;
    std::vector<MetricGroup::Sample> samples;
  };
  std::vector<OperatorSamples> CollectOperators() const;
  const std::string& job_name() const { return job_name_; }

 private:
  const std::string job_name_;
  MetricGroup job_;
  mutable std::mutex mutex_;
  std::map<std::pair<int32_t, int32_t>, std::pair<OperatorScope, std::unique_ptr<MetricGroup>>>
      operators_;
};

// The Prometheus text format. Names get the prefixes of Flink's reporter:
// flink_taskmanager_job_task_operator_*, flink_jobmanager_job_*, and for the times of a chain,
// which its first operator keeps, flink_taskmanager_job_task_*.
std::string ToPrometheusText(JobMetrics& metrics);

}  // namespace castor::runtime
