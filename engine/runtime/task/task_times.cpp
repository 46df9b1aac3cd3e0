#include "runtime/task/task_times.h"

#include <algorithm>

namespace castor::runtime {

TaskTimes::TaskTimes(MetricGroup* metrics)
    : gauges_{metrics->Gauge("busyTimeMsPerSecond"), metrics->Gauge("idleTimeMsPerSecond"),
              metrics->Gauge("backPressuredTimeMsPerSecond")} {}

void TaskTimes::Switch(Reason next) {
  const Time::time_point now = Time::now();
  const int64_t nanos = std::chrono::nanoseconds(now - since_).count();
  nanos_[static_cast<size_t>(now_)].fetch_add(nanos, std::memory_order_relaxed);
  now_ = next;
  since_ = now;
}

void TaskTimes::Sample() {
  const Time::time_point now = Time::now();
  const int64_t elapsed = std::chrono::nanoseconds(now - sampled_at_).count();
  if (elapsed <= 0) return;
  sampled_at_ = now;
  for (size_t i = 0; i < nanos_.size(); ++i) {
    const int64_t total = nanos_[i].load(std::memory_order_relaxed);
    const int64_t share = (total - sampled_[i]) * 1000 / elapsed;
    sampled_[i] = total;
    gauges_[i]->Set(std::clamp<int64_t>(share, 0, 1000));
  }
}

}  // namespace castor::runtime
