// The OperatorContext of both hosts: plain values, and the pending request for processing time.
//
// Owned by the host, used from the thread that runs the operator.
#pragma once

#include <algorithm>
#include <functional>
#include <utility>

#include "operator/api/operator.h"

namespace castor::host {

struct ContextValues {
  int32_t subtask = 0;
  int32_t parallelism = 1;
  int32_t max_parallelism = 128;
  int32_t batch_rows = 1024;
  const Configuration* configuration = nullptr;
  const Clock* clock = nullptr;
  MetricGroup* metrics = nullptr;
  state::KeyedStateStore* state = nullptr;
  std::function<std::function<void()>()> make_waker;
};

class Context final : public OperatorContext {
 public:
  explicit Context(ContextValues values) : values_(std::move(values)) {}

  int32_t subtask() const override { return values_.subtask; }
  int32_t parallelism() const override { return values_.parallelism; }
  int32_t max_parallelism() const override { return values_.max_parallelism; }
  KeyGroupRange key_groups() const override {
    return KeyGroupRangeOf(values_.subtask, values_.parallelism, values_.max_parallelism);
  }
  const Configuration& configuration() const override { return *values_.configuration; }
  const Clock& clock() const override { return *values_.clock; }
  MetricGroup& metrics() override { return *values_.metrics; }
  state::KeyedStateStore& state() override { return *values_.state; }
  void RequestProcessingTime(TimestampMs time) override { requested_ = std::min(requested_, time); }
  std::function<void()> MakeWaker() override { return values_.make_waker(); }
  int32_t batch_rows() const override { return values_.batch_rows; }

  // kMaxWatermark: none.
  TimestampMs requested() const { return requested_; }
  void ClearRequest() { requested_ = kMaxWatermark; }

 private:
  ContextValues values_;
  TimestampMs requested_ = kMaxWatermark;
};

}  // namespace castor::host
