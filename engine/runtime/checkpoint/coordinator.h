// Takes the snapshots of a running job: periodic checkpoints, savepoints, and the last one of a job
// that ends.
//
// One at a time. Per snapshot: enumerators are asked while split assignment is paused; barriers are
// injected into all subtasks without inputs; each subtask cuts when its barriers are aligned, and
// saves what it cut as it goes on, while the I/O pool writes what is saved; when all has been
// written, metadata makes the snapshot visible and sinks commit. A step that fails, or the timeout,
// aborts the snapshot; the job goes on unless too many failed in a row. A failed commit fails the
// job: the snapshot stands, and the restart commits again. Thread-safe.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "base/io_pool.h"
#include "base/metrics.h"
#include "runtime/checkpoint/checkpoint_options.h"
#include "runtime/checkpoint/checkpoint_store.h"
#include "runtime/checkpoint/committers.h"
#include "runtime/checkpoint/cut_files.h"
#include "runtime/exchange/element.h"
#include "runtime/source/source_coordinator.h"

namespace castor::runtime {

// The running job, as the coordinator sees it. Thread-safe.
class CheckpointTarget {
 public:
  virtual ~CheckpointTarget() = default;
  // Into all subtasks that read no channel.
  virtual void InjectBarrier(const Barrier& barrier) = 0;
  virtual void AbortBarrier(int64_t id) = 0;
  // The snapshot after which sources were to stop has failed.
  virtual void ResumeSources() = 0;
  virtual void OnFatal(const Status& status) = 0;
};

struct SnapshotRequest {
  Barrier::Kind kind = Barrier::Kind::kCheckpoint;
  bool stop = false;
  // The last of the job: nothing is triggered after it.
  bool last = false;
  std::string directory;  // of a savepoint
  state::SnapshotFormat format = state::SnapshotFormat::kNative;
  // Told the path, from the I/O pool, after sinks have committed.
  std::function<void(Result<std::string>)> done;
};

class CheckpointCoordinator final : public Task {
 public:
  struct Parts {
    CheckpointOptions options;
    CheckpointTarget* target = nullptr;
    CheckpointStore* store = nullptr;
    io::FileSystem* savepoint_files = nullptr;
    Committers* committers = nullptr;
    std::vector<SourceCoordinator*> sources;
    std::vector<OperatorRecord> operators;  // without files: what a snapshot is about
    SnapshotMetadata job;                   // name and max parallelism
    int subtasks = 0;
    int source_subtasks = 0;  // those that receive injected barriers
    int64_t first_id = 1;
    IoPool* io = nullptr;
    TimerService* timers = nullptr;
    const Clock* clock = nullptr;
    MetricGroup* metrics = nullptr;
    std::function<void(const std::string&)> log;
  };

  explicit CheckpointCoordinator(Parts parts);

  void Request(SnapshotRequest request);
  Outcome Run() override;

  // A subtask has cut. `reads_no_channel`: its barrier was injected.
  void OnCut(int32_t subtask, bool reads_no_channel, const Barrier& barrier, SubtaskCut cut);

  int64_t next_id() const;

  // The job is over: who still waits for a snapshot is told `status`. After the pools have stopped.
  void Abandon(const Status& status);

 private:
  struct Snapshot {
    SnapshotRequest request;
    Barrier barrier;
    TimestampMs started = 0;
    std::shared_ptr<SnapshotDirectory> directory;
    std::vector<OperatorRecord> operators;
    std::map<std::string, std::map<std::string, std::string>> coordinator_sections;  // by uid
    std::vector<std::shared_ptr<CutFiles>> files;  // of the subtasks that have cut
    int64_t fresh_bytes = 0;  // of shared files that no snapshot had listed before
    int unacknowledged = 0;
    int sources_to_cut = 0;
    bool completing = false;
    bool over = false;
  };
  using SnapshotPtr = std::shared_ptr<Snapshot>;

  void Start(SnapshotRequest request, TimestampMs now);  // with mutex_ held
  TimestampMs NextPeriodic() const;                      // with mutex_ held
  void Begin(const SnapshotPtr& snapshot);
  Status CutCoordinators(const SnapshotPtr& snapshot);
  void Write(const SnapshotPtr& snapshot, int32_t subtask, std::vector<OperatorCut> cuts);
  Status Record(const SnapshotPtr& snapshot, int32_t subtask, std::vector<CutFiles::Part>& parts);
  Status TakeShared(const SnapshotPtr& snapshot, CutFiles::Part* part);
  void Acknowledge(const SnapshotPtr& snapshot);
  void Complete(const SnapshotPtr& snapshot);
  Status WriteCoordinators(Snapshot& snapshot, const Committables& committables);
  Status MakeVisible(Snapshot& snapshot, const Committables& committables);
  void Finished(const SnapshotPtr& snapshot);
  void DeleteSurplus();
  void Discard(const Snapshot& snapshot);
  void Fail(const SnapshotPtr& snapshot, const Status& status);
  size_t IndexOf(const std::string& uid) const;

  const Parts parts_;
  std::map<std::string, size_t> index_of_;
  // DefaultCheckpointStatsTracker's.
  Metric* const triggered_;
  Metric* const completed_;
  Metric* const failed_;
  Metric* const in_progress_;
  Metric* const last_duration_;
  Metric* const last_size_;  // of what is new
  Metric* const last_full_size_;
  Metric* const last_id_;

  mutable std::mutex mutex_;
  std::deque<SnapshotRequest> requests_;
  SnapshotPtr current_;
  int64_t next_id_;
  TimestampMs last_trigger_;
  TimestampMs last_end_ = 0;
  int64_t failures_in_a_row_ = 0;
  bool closed_ = false;
};

}  // namespace castor::runtime
