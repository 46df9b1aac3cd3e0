// A job from start to end: executions, restarts in between, and what may be asked of it from
// outside.
//
// `Run` blocks until the job has finished, was stopped or cancelled, or has failed for good. All
// else is thread-safe and may be called while it runs.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "runtime/job/execution.h"
#include "runtime/job/scratch_folder.h"
#include "runtime/recovery/restart_strategy.h"
#include "runtime/recovery/restore_options.h"

namespace castor::runtime {

struct JobOptions {
  int threads = 1;
  RestoreOptions restore;
  // Told what happens: restarts with their reasons, dropped state, checkpoints that failed. One
  // line each.
  std::function<void(const std::string&)> log;
};

class Job {
 public:
  enum class State : uint8_t {
    kCreated,
    kRunning,
    kRestarting,
    kFinished,
    kStopped,
    kCancelled,
    kFailed
  };

  // `blueprint` outlives the job.
  static Result<std::unique_ptr<Job>> Create(const Blueprint& blueprint, JobOptions options);

  // kFinished, kStopped or kCancelled; the status is why the job failed.
  Result<State> Run();

  void Cancel();
  // The directory is where to put the savepoint's folder; empty:
  // execution.checkpointing.savepoint-dir. `done` is told the path, on another thread.
  void Savepoint(SavepointOptions options, std::function<void(Result<std::string>)> done);

  const std::string& id() const { return id_; }
  const std::string& name() const { return blueprint_.bundle->name; }
  State state() const;
  int restarts() const;
  TimestampMs started_at() const { return started_at_; }
  std::optional<std::string> latest_checkpoint() const;
  JobMetrics& metrics() { return metrics_; }

 private:
  Job(const Blueprint& blueprint, JobOptions options);
  Status Prepare();
  Status PrepareStore();
  Status MakeStateCache(const std::string& directory);
  Status FindRestorePoint();
  Result<Execution::End> RunOnce();
  // Sleeps unless cancelled; false: cancelled.
  bool Delay(int64_t ms);
  Status CleanUp(State end);
  void SetState(State state);
  void Log(const std::string& line) const;

  const Blueprint& blueprint_;
  const JobOptions options_;
  const std::string id_;
  const TimestampMs started_at_;
  JobMetrics metrics_;
  std::unique_ptr<io::FileSystem> files_;    // all there are: of snapshots
  std::unique_ptr<ScratchFolder> scratch_;   // without a checkpoint directory
  std::unique_ptr<StateCache> state_cache_;  // with one elsewhere
  std::unique_ptr<CheckpointStore> store_;
  std::unique_ptr<RestartStrategy> restarts_;
  std::string restore_from_;  // the snapshot itself
  int64_t next_checkpoint_id_ = 1;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<Execution> execution_;
  State state_ = State::kCreated;
  bool cancelled_ = false;
  bool ever_ran_ = false;  // else a failure is of the start, and final
  int attempts_ = 0;
};

std::string_view StateName(Job::State state);

}  // namespace castor::runtime
