// Keeps what the board shows in the metric store, again and again, on a thread of its own.
//
// What a worker has said is kept once: one that says nothing any more leaves a gap.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "platform/metrics/job_board.h"
#include "platform/metrics/metric_store.h"

namespace castor::platform {

// What is new on the board since the last call with the same `seen`: the time of what each job has
// said last.
std::vector<MetricStore::Sample> TakeSamples(const JobBoard& board,
                                             std::map<std::string, int64_t>* seen);

class MetricRecorder {
 public:
  // Both outlive it.
  MetricRecorder(const JobBoard* board, MetricStore* store);
  ~MetricRecorder();
  MetricRecorder(const MetricRecorder&) = delete;
  MetricRecorder& operator=(const MetricRecorder&) = delete;

 private:
  void Work();

  const JobBoard* const board_;
  MetricStore* const store_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace castor::platform
