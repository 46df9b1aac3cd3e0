// For benchmarks of operators only: the context of one instance over the in-memory store, with time
// standing still. Not thread-safe.
#pragma once

#include <memory>

#include "operator/api/operator.h"
#include "state/snapshot.h"

namespace castor {

class BenchOperatorContext final : public OperatorContext {
 public:
  explicit BenchOperatorContext(int32_t batch_rows) : batch_rows_(batch_rows) {}

  int32_t subtask() const override { return 0; }
  int32_t parallelism() const override { return 1; }
  int32_t max_parallelism() const override { return 128; }
  KeyGroupRange key_groups() const override { return {0, 127}; }
  const Configuration& configuration() const override { return configuration_; }
  const Clock& clock() const override { return clock_; }
  MetricGroup& metrics() override { return metrics_; }
  state::KeyedStateStore& state() override { return *store_; }
  void RequestProcessingTime(TimestampMs) override {}
  std::function<void()> MakeWaker() override {
    return [] {};
  }
  int32_t batch_rows() const override { return batch_rows_; }

 private:
  const int32_t batch_rows_;
  Configuration configuration_;
  ManualClock clock_;
  MetricGroup metrics_;
  std::unique_ptr<state::SnapshottableStore> store_ =
      state::MakeStore("bench", {0, 127}, 128, clock_, {});
};

}  // namespace castor
