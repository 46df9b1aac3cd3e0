#include "state/gemini_metrics.h"

namespace castor::state {
namespace {

// By gemini::Knob.
constexpr std::array<const char*, gemini::kKnobs> kDecisions = {
    "geminiSeparationDecisions", "geminiFilterDecisions", "geminiBlockCacheDecisions",
    "geminiMergingDecisions"};

void Advance(Metric* counter, uint64_t total, uint64_t told) {
  counter->Add(static_cast<int64_t>(total - told));
}

}  // namespace

GeminiMetrics::GeminiMetrics(MetricGroup* group) : wanted_(group != nullptr) {
  if (!wanted_) return;
  counters_.lookups = group->Counter("geminiLookups");
  counters_.reads = group->Counter("geminiReads");
  counters_.bytes_read = group->Counter("geminiBytesRead");
  counters_.bytes_written = group->Counter("geminiBytesWritten");
  for (size_t i = 0; i < kDecisions.size(); ++i) {
    counters_.decisions[i] = group->Counter(kDecisions[i]);
  }
  gauges_.memory_bytes = group->Gauge("geminiMemoryBytes");
  gauges_.block_cache_bytes = group->Gauge("geminiBlockCacheBytes");
  gauges_.separate_from = group->Gauge("geminiSeparateFrom");
  gauges_.fan_in = group->Gauge("geminiFanIn");
}

void GeminiMetrics::Update(const gemini::StoreStats& stats, int64_t memory_bytes) {
  if (!wanted_) return;
  Advance(counters_.lookups, stats.looked_up, told_.looked_up);
  Advance(counters_.reads, stats.read_for_them, told_.read_for_them);
  Advance(counters_.bytes_read, stats.bytes_read, told_.bytes_read);
  Advance(counters_.bytes_written, stats.bytes_written, told_.bytes_written);
  for (size_t i = 0; i < kDecisions.size(); ++i) {
    Advance(counters_.decisions[i], stats.decided[i], told_.decided[i]);
  }
  gauges_.memory_bytes->Set(memory_bytes);
  gauges_.block_cache_bytes->Set(stats.settings.block_cache_bytes);
  gauges_.separate_from->Set(stats.settings.separate_from);
  gauges_.fan_in->Set(static_cast<int64_t>(stats.settings.fan_in));
  told_ = stats;
}

}  // namespace castor::state
