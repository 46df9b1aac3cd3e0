#include "runtime/job/execution.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include "base/fault_point.h"
#include "runtime/checkpoint/fault_points.h"
#include "runtime/job/execution_builder.h"
#include "runtime/source/split_codec.h"

namespace castor::runtime {
namespace {

struct IoThreads {
  int background;  // at work at once
  int awaited;     // for lookups of state that is not in memory
};
// As many as keep a few processors busy, and a disk.
constexpr IoThreads kLocalIo{4, 8};
// Where each request takes its time, whatever it is for.
constexpr IoThreads kRemoteIo{16, 32};
constexpr auto kMeasureInterval = std::chrono::milliseconds(100);
constexpr int kMeasuresPerSample = 10;

}  // namespace

Execution::Execution(const ExecutionOptions& options)
    : options_(options), job_(*options.job), max_parallelism_(options.job->max_parallelism) {}

Result<std::unique_ptr<Execution>> Execution::Start(const ExecutionOptions& options) {
  std::unique_ptr<Execution> execution(new Execution(options));
  CASTOR_RETURN_NOT_OK(execution->Build());
  execution->StartThreads();
  return execution;
}

Execution::~Execution() { StopThreads(); }

Status Execution::Build() {
  timers_ = std::make_unique<TimerService>(*job_.clock);
  const bool remote = options_.store->files().FilesAppearWhole(options_.store->run_directory());
  const IoThreads threads = remote ? kRemoteIo : kLocalIo;
  io_ = std::make_unique<IoPool>(threads.background + threads.awaited, threads.background);
  scheduler_ = std::make_unique<Scheduler>(options_.threads);
  if (!options_.restore_from.empty()) {
    CASTOR_ASSIGN_OR_RETURN(snapshot_,
                            RestoredSnapshot::Open(*options_.files, options_.restore_from));
    const int32_t stored = snapshot_->metadata().max_parallelism;
    if (job_.max_parallelism_set && stored != job_.max_parallelism) {
      return Status::Incompatible(
          "snapshot " + options_.restore_from + " was made with pipeline.max-parallelism " +
          std::to_string(stored) + ", the job sets " + std::to_string(job_.max_parallelism) +
          ": it cannot be changed; leave the option out");
    }
    if (job_.parallelism > stored) {
      return Status::Incompatible(
          "snapshot " + options_.restore_from + " can be restored with a parallelism of at most " +
          std::to_string(stored) + ", not " + std::to_string(job_.parallelism));
    }
    max_parallelism_ = stored;
    std::vector<std::string> dropped;
    CASTOR_RETURN_NOT_OK(snapshot_->Match(job_.operators, options_.allow_non_restored, &dropped));
    for (const std::string& state : dropped) options_.log("state is left behind: " + state);
  }
  CASTOR_RETURN_NOT_OK(ExecutionBuilder(this).Build());
  if (snapshot_ != nullptr) CASTOR_RETURN_NOT_OK(Restore());
  return Status::OK();
}

// Commits what the snapshot's sinks handed over: whoever took it may have died before the commit.
Status Execution::Restore() {
  Committables committables;
  for (const OperatorRecord& op : job_.operators) {
    if (!committers_.Knows(op.uid)) continue;
    CASTOR_ASSIGN_OR_RETURN(const StoredFile stored, snapshot_->Coordinator(op.uid));
    const std::string_view list = stored.section(section::kCommittables);
    if (list.empty()) continue;
    CASTOR_ASSIGN_OR_RETURN(committables[op.uid], DecodeStrings(list));
  }
  CASTOR_RETURN_NOT_OK(FaultPoint(fault::kBeforeRestoreCommit));
  CASTOR_RETURN_NOT_OK(committers_.Commit(committables));
  options_.metrics->job().Gauge("lastCheckpointRestoreTimestamp")->Set(job_.clock->NowMs());
  snapshot_.reset();
  return FaultPoint(fault::kBeforeRestoreStart);
}

void Execution::StartThreads() {
  for (const auto& subtask : subtasks_) scheduler_->Add(subtask.get());
  for (const auto& source : sources_) scheduler_->Add(source.get());
  scheduler_->Add(coordinator_.get());
  timers_->Start();
  scheduler_->Start();
  if (options_.state_cache != nullptr) {
    options_.state_cache->FetchAhead(io_.get(), std::move(restored_files_));
  }
}

void Execution::StopThreads() {
  if (scheduler_ != nullptr) scheduler_->Stop();
  if (timers_ != nullptr) timers_->Stop();
  if (io_ != nullptr) io_->Stop();
  if (coordinator_ != nullptr) coordinator_->Abandon(Status::Cancelled("the job has ended"));
}

Result<Execution::End> Execution::Wait() {
  std::unique_lock lock(mutex_);
  for (int measures = 1; end_ == nullptr; ++measures) {
    concluded_.wait_for(lock, kMeasureInterval);
    if (end_ != nullptr) break;
    lock.unlock();
    memory_guard_.Measure(job_.clock->NowMs());
    if (measures % kMeasuresPerSample == 0) Sample();
    lock.lock();
  }
  Result<End> end = *end_;
  lock.unlock();
  StopThreads();
  if (end.ok() && *end == End::kFinished) {
    CASTOR_RETURN_NOT_OK(FaultPoint(fault::kBeforeFinish));
    CASTOR_RETURN_NOT_OK(CloseSinks());
  }
  return end;
}

Status Execution::CloseSinks() {
  for (const auto& subtask : subtasks_) CASTOR_RETURN_NOT_OK(subtask->Close());
  return committers_.Finish();
}

void Execution::Conclude(Result<End> end) {
  {
    const std::lock_guard lock(mutex_);
    if (end_ != nullptr) return;
    end_ = std::make_unique<Result<End>>(std::move(end));
  }
  concluded_.notify_all();
}

void Execution::Cancel() { Conclude(End::kCancelled); }

void Execution::OnCut(Subtask& subtask, const Barrier& barrier, SubtaskCut cut) {
  const bool injected = std::find(injected_.begin(), injected_.end(), &subtask) != injected_.end();
  coordinator_->OnCut(subtask.index(), injected, barrier, std::move(cut));
}

void Execution::OnEnded(Subtask& subtask) {
  (void)subtask;
  {
    const std::lock_guard lock(mutex_);
    if (++ended_subtasks_ < subtasks_.size()) return;
  }
  RequestLast();
}

// Everything has ended: the last snapshot, which commits. A stop with drain gets its savepoint.
void Execution::RequestLast() {
  SnapshotRequest last;
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(last_requested_, true)) return;
    if (drain_ != nullptr) last = std::move(*drain_);
  }
  if (last.directory.empty()) {
    last.kind =
        job_.checkpoints.enabled() ? Barrier::Kind::kCheckpoint : Barrier::Kind::kCommitOnly;
  }
  last.last = true;
  last.done = [this, told = std::move(last.done)](const Result<std::string>& path) {
    if (told) told(path);
    if (path.ok()) Conclude(End::kFinished);
  };
  coordinator_->Request(std::move(last));
}

void Execution::Savepoint(SavepointOptions options, std::function<void(Result<std::string>)> done) {
  SnapshotRequest request;
  request.kind = Barrier::Kind::kSavepoint;
  request.directory = std::move(options.directory);
  request.format = options.format;
  if (options.stop && options.drain) {
    bool too_late;
    {
      const std::lock_guard lock(mutex_);
      too_late = last_requested_ || drain_ != nullptr;
      request.done = std::move(done);
      if (!too_late) drain_ = std::make_unique<SnapshotRequest>(std::move(request));
    }
    if (too_late) return request.done(Status::Cancelled("the job is ending already"));
    for (Subtask* subtask : injected_) {
      subtask->head().Finish();
      subtask->Wake();
    }
    return;
  }
  request.stop = options.stop;
  request.done = [this, stop = options.stop,
                  told = std::move(done)](const Result<std::string>& path) {
    if (told) told(path);
    if (stop && path.ok()) Conclude(End::kStopped);
  };
  coordinator_->Request(std::move(request));
}

void Execution::OnFailure(Subtask& subtask, const Status& status) {
  (void)subtask;
  Conclude(status);
}

void Execution::OnFatal(const Status& status) { Conclude(status); }

void Execution::InjectBarrier(const Barrier& barrier) {
  for (Subtask* subtask : injected_) {
    subtask->head().Inject(barrier);
    subtask->Wake();
  }
}

// A subtask without input does nothing by itself, so that what it holds would stay for ever.
void Execution::AskForMemory(const Subtask& asking) {
  for (const auto& subtask : subtasks_) {
    if (subtask.get() != &asking && subtask->holds_state()) subtask->Wake();
  }
}

void Execution::AbortBarrier(int64_t id) {
  for (const auto& subtask : subtasks_) subtask->Abort(id);
}

void Execution::ResumeSources() {
  for (Subtask* subtask : injected_) {
    subtask->head().Resume();
    subtask->Wake();
  }
}

void Execution::Sample() {
  int64_t total = 0, work_done = 0;
  for (const auto& subtask : subtasks_) {
    subtask->SampleTimes();
    work_done += subtask->work_done();
    for (const StateHolder& holding : subtask->Holdings()) total += holding.bytes;
  }
  options_.metrics->job().Gauge("stateSize")->Set(total);
  const Status memory = memory_guard_.Watch(job_.clock->NowMs(), work_done, LargestHolder());
  if (!memory.ok()) Conclude(memory);
}

StateHolder Execution::LargestHolder() const {
  std::map<std::string, int64_t> by_operator;
  for (const auto& subtask : subtasks_) {
    for (const StateHolder& holding : subtask->Holdings()) {
      by_operator[holding.operator_description] += holding.bytes;
    }
  }
  StateHolder largest;
  for (const auto& [description, bytes] : by_operator) {
    if (bytes > largest.bytes) largest = {description, bytes};
  }
  return largest;
}

}  // namespace castor::runtime
