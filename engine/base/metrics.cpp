#include "base/metrics.h"

namespace castor {

Metric* MetricGroup::Find(const std::string& name, Metric::Kind kind) {
  const std::lock_guard lock(mutex_);
  std::unique_ptr<Metric>& metric = metrics_[name];
  if (metric == nullptr) metric = std::make_unique<Metric>(kind);
  return metric.get();
}

std::vector<MetricGroup::Sample> MetricGroup::Collect() const {
  const std::lock_guard lock(mutex_);
  std::vector<Sample> samples;
  samples.reserve(metrics_.size());
  for (const auto& [name, metric] : metrics_) {
    samples.push_back({name, metric->kind(), metric->Get()});
  }
  return samples;
}

}  // namespace castor
