// Discovers the splits of one scan and assigns them to its readers.
//
// Splits are given on demand, one at a time, or all at once in turn (`Source::splits_on_demand`).
// Splits that were being read when a snapshot was taken go to readers before anything else. The
// enumerator is only called on the I/O pool, by one thread at a time. While a checkpoint is being
// cut no split changes hands, so each is either in the coordinator's part of the snapshot or in a
// reader's. Thread-safe.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "base/io_pool.h"
#include "connector/api/source.h"
#include "runtime/scheduler/task.h"
#include "runtime/scheduler/timer_service.h"
#include "runtime/source/split_assignment.h"

namespace castor::runtime {

struct SourceCoordinatorParts {
  std::string uid;
  std::string description;
  connector::Source* source = nullptr;
  std::unique_ptr<connector::SplitEnumerator> enumerator;
  std::vector<SplitReceiver*> readers;
  IoPool* io = nullptr;
  TimerService* timers = nullptr;
  const Clock* clock = nullptr;
  std::function<void(const Status&)> on_failure;
};

// What of a scan is not in any reader.
struct CoordinatorState {
  std::string enumerator;
  std::vector<connector::Split> unassigned;
};

// As a task it only keeps the time until the next discovery.
class SourceCoordinator final : public SplitRequester, public Task {
 public:
  explicit SourceCoordinator(SourceCoordinatorParts parts);

  // Before the job runs: `unassigned` and `in_progress` come from a snapshot.
  void Restore(std::vector<connector::Split> unassigned, std::vector<connector::Split> in_progress);

  void RequestSplits(int32_t subtask) override;
  Outcome Run() override;

  // Blocks while a discovery runs: call it on the I/O pool.
  CoordinatorState PauseAndSnapshot();
  void Resume();

  const std::string& uid() const { return parts_.uid; }

 private:
  void Discover();
  void Assign();          // with mutex_ held
  void AssignOnDemand();  // with mutex_ held
  void AssignAll();       // with mutex_ held

  SourceCoordinatorParts parts_;
  const bool on_demand_;
  std::mutex enumerator_mutex_;  // before mutex_
  std::mutex mutex_;
  std::deque<connector::Split> pool_;
  std::set<int32_t> waiting_;
  std::set<int32_t> told_;  // that there is no more
  size_t next_reader_ = 0;
  bool discovering_ = false;
  bool finished_ = false;
  bool paused_ = false;
  TimestampMs next_discovery_ = kMinTimestamp;
};

}  // namespace castor::runtime
