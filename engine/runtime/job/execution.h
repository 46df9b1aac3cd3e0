// One attempt to run a job: its subtasks, threads, coordinators and restored state, from start to
// end.
//
// `Start` builds everything, restores (and commits what the snapshot says is to be committed), and
// lets it run. `Wait` returns at the end of input, after a stop, a failure or a cancellation. The
// destructor stops all threads first. Requests are thread-safe.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/checkpoint/coordinator.h"
#include "runtime/checkpoint/restored_snapshot.h"
#include "runtime/job/blueprint.h"
#include "runtime/job/state_cache.h"
#include "runtime/memory/memory_guard.h"
#include "runtime/metrics/job_metrics.h"
#include "runtime/scheduler/scheduler.h"
#include "runtime/source/source_head.h"
#include "runtime/task/subtask.h"

namespace castor::runtime {

struct SavepointOptions {
  std::string directory;
  bool stop = false;   // the job stops behind it
  bool drain = false;  // and that as if its input had ended
  // A canonical one can be read by every kind of store; a native one is taken and restored faster.
  state::SnapshotFormat format = state::SnapshotFormat::kCanonical;
};

struct ExecutionOptions {
  const Blueprint* job = nullptr;
  JobMetrics* metrics = nullptr;
  CheckpointStore* store = nullptr;
  io::FileSystem* files = nullptr;    // of savepoints and restored snapshots
  StateCache* state_cache = nullptr;  // of files of state that lie elsewhere
  std::string attempt_id;
  std::string restore_from;  // a snapshot's directory; empty: a fresh start
  bool allow_non_restored = false;
  int64_t first_checkpoint_id = 1;
  int threads = 1;
  std::function<void(const std::string&)> log;
};

class Execution final : private SubtaskListener, private CheckpointTarget {
 public:
  static Result<std::unique_ptr<Execution>> Start(const ExecutionOptions& options);
  ~Execution() override;

  enum class End : uint8_t { kFinished, kStopped, kCancelled };
  // The status is the first failure.
  Result<End> Wait();
  void Cancel();

  // `done` is told the savepoint's path, which is the directory.
  void Savepoint(SavepointOptions options, std::function<void(Result<std::string>)> done);

  int64_t next_checkpoint_id() const { return coordinator_->next_id(); }
  int32_t max_parallelism() const { return max_parallelism_; }

 private:
  explicit Execution(const ExecutionOptions& options);
  Status Build();
  Status Restore();
  void StartThreads();
  void StopThreads();

  // SubtaskListener
  void OnCut(Subtask& subtask, const Barrier& barrier, SubtaskCut cut) override;
  void OnEnded(Subtask& subtask) override;
  void OnFailure(Subtask& subtask, const Status& status) override;
  // CheckpointTarget
  void InjectBarrier(const Barrier& barrier) override;
  void AbortBarrier(int64_t id) override;
  void ResumeSources() override;
  void OnFatal(const Status& status) override;

  // Has those who hold state look whether they have more than their share. `asking` is at work.
  void AskForMemory(const Subtask& asking);
  void Conclude(Result<End> end);
  void RequestLast();
  Status CloseSinks();
  // Once a second: rates, state sizes, memory.
  void Sample();
  // The operator with most of the state.
  StateHolder LargestHolder() const;

  const ExecutionOptions options_;
  const Blueprint& job_;
  int32_t max_parallelism_ = 128;
  std::unique_ptr<RestoredSnapshot> snapshot_;
  std::vector<std::string> restored_files_;  // of state

  std::unique_ptr<TimerService> timers_;
  std::unique_ptr<IoPool> io_;
  std::unique_ptr<Scheduler> scheduler_;
  std::vector<std::unique_ptr<Channel>> channels_;
  std::vector<std::unique_ptr<Subtask>> subtasks_;
  std::vector<Subtask*> injected_;  // those that read no channel
  std::vector<std::unique_ptr<SourceCoordinator>> sources_;
  Committers committers_;
  std::unique_ptr<CheckpointCoordinator> coordinator_;
  MemoryGuard memory_guard_;

  mutable std::mutex mutex_;
  std::condition_variable concluded_;
  std::unique_ptr<Result<End>> end_;
  size_t ended_subtasks_ = 0;
  bool last_requested_ = false;
  // A stop with drain that waits for the end of input.
  std::unique_ptr<SnapshotRequest> drain_;

  friend class ExecutionBuilder;
};

}  // namespace castor::runtime
