#include "platform/metrics/metric_recorder.h"

#include <chrono>
#include <cstdio>

#include "platform/metadata/store.h"

namespace castor::platform {
namespace {

bool IsAlive(const cli::JobStatus& status) {
  return status.state == "RUNNING" || status.state == "RESTARTING";
}

}  // namespace

std::vector<MetricStore::Sample> TakeSamples(const JobBoard& board,
                                             std::map<std::string, int64_t>* seen) {
  std::vector<MetricStore::Sample> samples;
  std::map<std::string, int64_t> now_seen;
  for (const JobFigures& job : board.All()) {
    const int64_t said_at = job.status->now_ms;
    now_seen[job.job] = said_at;
    const auto before = seen->find(job.job);
    if (!IsAlive(*job.status)) continue;
    if (before != seen->end() && before->second == said_at) continue;
    MetricStore::Sample sample = {.deployment = job.deployment, .values = {}};
    for (const JobSeries& series : AllJobSeries()) sample.values.push_back(series.value(job));
    samples.push_back(std::move(sample));
  }
  *seen = std::move(now_seen);
  return samples;
}

MetricRecorder::MetricRecorder(const JobBoard* board, MetricStore* store)
    : board_(board), store_(store), thread_([this] { Work(); }) {}

MetricRecorder::~MetricRecorder() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void MetricRecorder::Work() {
  std::map<std::string, int64_t> seen;
  bool is_told = false;
  std::unique_lock lock(mutex_);
  while (true) {
    // At full multiples of the interval, so that steps of it have one sample each.
    const int64_t wait = MetricStore::kSampleMs - NowMs() % MetricStore::kSampleMs;
    changed_.wait_for(lock, std::chrono::milliseconds(wait), [this] { return stopping_; });
    if (stopping_) return;
    const Status status = store_->Record(NowMs(), TakeSamples(*board_, &seen));
    if (!status.ok() && !is_told) {
      std::fprintf(stderr, "metrics are not kept: %s\n", status.message().c_str());
    }
    is_told = !status.ok();
  }
}

}  // namespace castor::platform
