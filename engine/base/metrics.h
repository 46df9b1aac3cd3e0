// Counters and gauges of one operator or one job, under Flink's metric names.
//
// Writers update relaxed atomics once per batch; readers (status line, Prometheus page) copy them
// at any time. A MetricGroup owns its metrics; pointers to them stay valid as long as the group.
// Registration takes a lock and happens in Open, never per batch. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace castor {

class Metric {
 public:
  enum class Kind : uint8_t { kCounter, kGauge };
  explicit Metric(Kind kind) : kind_(kind) {}
  void Add(int64_t n) { value_.fetch_add(n, std::memory_order_relaxed); }
  void Set(int64_t v) { value_.store(v, std::memory_order_relaxed); }
  int64_t Get() const { return value_.load(std::memory_order_relaxed); }
  Kind kind() const { return kind_; }

 private:
  const Kind kind_;
  std::atomic<int64_t> value_{0};
};

class MetricGroup {
 public:
  // Registers, or finds, the metric of that name, e.g. "numRecordsIn" or "numLateRecordsDropped".
  Metric* Counter(const std::string& name) { return Find(name, Metric::Kind::kCounter); }
  Metric* Gauge(const std::string& name) { return Find(name, Metric::Kind::kGauge); }

  struct Sample {
    std::string name;
    Metric::Kind kind;
    int64_t value;
  };
  std::vector<Sample> Collect() const;

 private:
  Metric* Find(const std::string& name, Metric::Kind kind);

  mutable std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Metric>> metrics_;
};

}  // namespace castor
