// Where a subtask's time goes: busy, idle or back-pressured, under Flink's metric names.
//
// Accumulated in nanoseconds by the subtask's thread; `Sample` turns what was added since the last
// sample into the milliseconds per second that Flink shows. Sample is called by another thread.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>

#include "base/metrics.h"

namespace castor::runtime {

class TaskTimes {
 public:
  enum class Reason : uint8_t { kBusy, kIdle, kBackPressured };

  explicit TaskTimes(MetricGroup* metrics);

  // The time since the last call was spent as `reason` said then; from now on it is `next`.
  void Switch(Reason next);
  void Sample();

 private:
  using Time = std::chrono::steady_clock;
  std::array<std::atomic<int64_t>, 3> nanos_{};
  std::array<int64_t, 3> sampled_{};
  std::array<Metric*, 3> gauges_;
  Reason now_ = Reason::kIdle;
  Time::time_point since_ = Time::now();
  Time::time_point sampled_at_ = Time::now();
};

}  // namespace castor::runtime
