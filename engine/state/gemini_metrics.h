// What an instance of Gemini says of itself, as metrics of its operator: how much it looks up,
// reads and writes, and what it has decided (gemini::Knob). Not thread-safe; the metrics may be
// read at any time.
#pragma once

#include <array>
#include <cstdint>

#include "base/metrics.h"
#include "gemini/store/store.h"

namespace castor::state {

class GeminiMetrics {
 public:
  // `group` outlives it; nullptr: nobody wants to know.
  explicit GeminiMetrics(MetricGroup* group);

  // With the instance's totals, and what it has of memory.
  void Update(const gemini::StoreStats& stats, int64_t memory_bytes);

 private:
  struct Counters {
    Metric* lookups = nullptr;
    Metric* reads = nullptr;  // lookups that runs were read for
    Metric* bytes_read = nullptr;
    Metric* bytes_written = nullptr;
    std::array<Metric*, gemini::kKnobs> decisions{};
  };
  struct Gauges {
    Metric* memory_bytes = nullptr;
    Metric* block_cache_bytes = nullptr;
    Metric* separate_from = nullptr;
    Metric* fan_in = nullptr;
  };

  const bool wanted_;
  Counters counters_;
  Gauges gauges_;
  gemini::StoreStats told_;
};

}  // namespace castor::state
