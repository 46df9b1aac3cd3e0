#include "runtime/checkpoint/coordinator.h"

#include <algorithm>
#include <utility>

#include "base/fault_point.h"
#include "runtime/checkpoint/fault_points.h"
#include "runtime/source/split_codec.h"

namespace castor::runtime {

CheckpointCoordinator::CheckpointCoordinator(Parts parts)
    : parts_(std::move(parts)),
      triggered_(parts_.metrics->Counter("totalNumberOfCheckpoints")),
      completed_(parts_.metrics->Counter("numberOfCompletedCheckpoints")),
      failed_(parts_.metrics->Counter("numberOfFailedCheckpoints")),
      in_progress_(parts_.metrics->Gauge("numberOfInProgressCheckpoints")),
      last_duration_(parts_.metrics->Gauge("lastCheckpointDuration")),
      last_size_(parts_.metrics->Gauge("lastCheckpointSize")),
      last_full_size_(parts_.metrics->Gauge("lastCheckpointFullSize")),
      last_id_(parts_.metrics->Gauge("lastCompletedCheckpointId")),
      next_id_(parts_.first_id),
      last_trigger_(parts_.clock->NowMs()) {
  for (size_t i = 0; i < parts_.operators.size(); ++i) index_of_[parts_.operators[i].uid] = i;
}

size_t CheckpointCoordinator::IndexOf(const std::string& uid) const { return index_of_.at(uid); }

int64_t CheckpointCoordinator::next_id() const {
  const std::lock_guard lock(mutex_);
  return next_id_;
}

void CheckpointCoordinator::Request(SnapshotRequest request) {
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(std::move(request));
  }
  Wake();
}

TimestampMs CheckpointCoordinator::NextPeriodic() const {
  if (!parts_.options.enabled()) return kMaxWatermark;
  return std::max(last_trigger_ + parts_.options.interval_ms,
                  last_end_ + parts_.options.min_pause_ms);
}

// Decides what is next: a timeout, a request, a periodic checkpoint, or to wait.
Task::Outcome CheckpointCoordinator::Run() {
  SnapshotPtr timed_out;
  {
    const std::lock_guard lock(mutex_);
    const TimestampMs now = parts_.clock->NowMs();
    if (closed_) return Outcome::kPark;
    if (current_ == nullptr) {
      if (!requests_.empty()) {
        SnapshotRequest request = std::move(requests_.front());
        requests_.pop_front();
        Start(std::move(request), now);
      } else if (now >= NextPeriodic()) {
        Start(SnapshotRequest{}, now);
      }
    }
    if (current_ == nullptr) {
      parts_.timers->WakeAt(this, NextPeriodic());
    } else if (!current_->completing) {
      const TimestampMs deadline = current_->started + parts_.options.timeout_ms;
      if (now >= deadline) timed_out = current_;
      if (timed_out == nullptr) parts_.timers->WakeAt(this, deadline);
    }
  }
  if (timed_out != nullptr) {
    Fail(timed_out, Status::IoError("checkpoint " + std::to_string(timed_out->barrier.id) +
                                    " took longer than execution.checkpointing.timeout (" +
                                    std::to_string(parts_.options.timeout_ms) + " ms)"));
  }
  return Outcome::kPark;
}

void CheckpointCoordinator::Start(SnapshotRequest request, TimestampMs now) {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->barrier = {next_id_++, request.kind, request.stop, request.format};
  snapshot->request = std::move(request);
  snapshot->started = now;
  snapshot->operators = parts_.operators;
  snapshot->unacknowledged = parts_.subtasks;
  snapshot->sources_to_cut = parts_.source_subtasks;
  last_trigger_ = now;
  current_ = snapshot;
  in_progress_->Set(1);
  if (snapshot->barrier.kind != Barrier::Kind::kCommitOnly) triggered_->Add(1);
  parts_.io->Submit([this, snapshot] { Begin(snapshot); });
}

void CheckpointCoordinator::Begin(const SnapshotPtr& snapshot) {
  const Status begun = CutCoordinators(snapshot);
  if (!begun.ok()) return Fail(snapshot, begun);
  bool over;
  {
    const std::lock_guard lock(mutex_);
    over = snapshot->over;
  }
  if (!over) return parts_.target->InjectBarrier(snapshot->barrier);
  // It timed out meanwhile.
  for (SourceCoordinator* source : parts_.sources) source->Resume();
  Discard(*snapshot);
}

Status CheckpointCoordinator::CutCoordinators(const SnapshotPtr& snapshot) {
  if (snapshot->barrier.kind == Barrier::Kind::kCommitOnly) return Status::OK();
  CASTOR_RETURN_NOT_OK(FaultPoint(fault::kBeforeTrigger));
  const bool savepoint = snapshot->barrier.kind == Barrier::Kind::kSavepoint;
  CASTOR_ASSIGN_OR_RETURN(
      auto directory,
      savepoint ? SnapshotDirectory::Create(*parts_.savepoint_files, snapshot->request.directory)
                : SnapshotDirectory::Create(parts_.store->files(),
                                            parts_.store->PathOf(snapshot->barrier.id)));
  {
    const std::lock_guard lock(mutex_);
    snapshot->directory = std::move(directory);
  }
  CASTOR_RETURN_NOT_OK(FaultPoint(fault::kBeforeEnumerators));
  for (SourceCoordinator* source : parts_.sources) {
    CoordinatorState state = source->PauseAndSnapshot();
    auto& sections = snapshot->coordinator_sections[source->uid()];
    sections[section::kEnumerator] = std::move(state.enumerator);
    sections[section::kSplits] = EncodeSplits(state.unassigned);
  }
  return FaultPoint(fault::kBeforeBarriers);
}

void CheckpointCoordinator::OnCut(int32_t subtask, bool reads_no_channel, const Barrier& barrier,
                                  SubtaskCut cut) {
  parts_.committers->Collect(std::move(cut.committables));
  SnapshotPtr snapshot;
  bool all_sources_cut = false;
  {
    const std::lock_guard lock(mutex_);
    if (current_ == nullptr || current_->barrier.id != barrier.id) return;
    snapshot = current_;
    all_sources_cut = reads_no_channel && --snapshot->sources_to_cut == 0;
  }
  if (all_sources_cut) {
    for (SourceCoordinator* source : parts_.sources) source->Resume();
  }
  Write(snapshot, subtask, std::move(cut.operators));
}

void CheckpointCoordinator::Write(const SnapshotPtr& snapshot, int32_t subtask,
                                  std::vector<OperatorCut> cuts) {
  std::vector<CutFiles::Part> parts;
  for (OperatorCut& cut : cuts) {
    if (snapshot->barrier.kind == Barrier::Kind::kCommitOnly) continue;
    if (cut.sections.empty() && cut.keyed == nullptr) continue;
    std::string name = InstanceName(IndexOf(cut.uid), subtask);
    parts.push_back({std::move(cut), std::move(name), nullptr, {}, false});
  }
  // The snapshot holds its files, not they it.
  const std::weak_ptr<Snapshot> weak = snapshot;
  const auto wanted = [this, weak] {
    const SnapshotPtr found = weak.lock();
    const std::lock_guard lock(mutex_);
    return found != nullptr && !found->over;
  };
  const auto done = [this, weak, subtask](Result<std::vector<CutFiles::Part>> written) {
    const SnapshotPtr found = weak.lock();
    if (found == nullptr) return;
    const Status status = written.ok() ? Record(found, subtask, *written) : written.status();
    if (!status.ok()) return Fail(found, status);
    Acknowledge(found);
  };
  const auto files = std::make_shared<CutFiles>(std::move(parts), snapshot->directory, parts_.io,
                                                CutFiles::Owner{wanted, done});
  {
    const std::lock_guard lock(mutex_);
    snapshot->files.push_back(files);
  }
  files->Start();
}

Status CheckpointCoordinator::Record(const SnapshotPtr& snapshot, int32_t subtask,
                                     std::vector<CutFiles::Part>& parts) {
  for (CutFiles::Part& part : parts) CASTOR_RETURN_NOT_OK(TakeShared(snapshot, &part));
  {
    const std::lock_guard lock(mutex_);
    for (CutFiles::Part& part : parts) {
      snapshot->operators[IndexOf(part.cut.uid)].instances[subtask] = std::move(part.record);
    }
  }
  return FaultPoint(fault::kBeforeAcknowledge);
}

// Files of a checkpoint are shared; a savepoint holds all it needs. The cut still keeps them.
Status CheckpointCoordinator::TakeShared(const SnapshotPtr& snapshot, CutFiles::Part* part) {
  std::vector<state::StateFile>& files = part->record.shared;
  if (files.empty()) return Status::OK();
  if (snapshot->barrier.kind == Barrier::Kind::kSavepoint) {
    return snapshot->directory->TakeIn(parts_.store->files(), &files);
  }
  const std::lock_guard lock(mutex_);
  // Else it would be listed after it is given up.
  if (snapshot->over) return Status::Cancelled("given up");
  snapshot->fresh_bytes +=
      parts_.store->shared().List(snapshot->directory->path(), part->name, files);
  return Status::OK();
}

void CheckpointCoordinator::Acknowledge(const SnapshotPtr& snapshot) {
  {
    const std::lock_guard lock(mutex_);
    if (snapshot->over || --snapshot->unacknowledged > 0) return;
    snapshot->completing = true;
  }
  Complete(snapshot);
}

void CheckpointCoordinator::Complete(const SnapshotPtr& snapshot) {
  // All of it was handed over at this barrier or before: there is one snapshot at a time.
  const Committables committables = parts_.committers->pending();
  const Status visible = MakeVisible(*snapshot, committables);
  if (!visible.ok()) return Fail(snapshot, visible);
  // A savepoint of a job that goes on commits nothing: it may never be restored, the next
  // checkpoint hands the same committables over again.
  const bool commits = snapshot->barrier.kind != Barrier::Kind::kSavepoint ||
                       snapshot->request.stop || snapshot->request.last;
  const bool is_checkpoint = snapshot->barrier.kind == Barrier::Kind::kCheckpoint;
  if (commits && snapshot->directory != nullptr) {
    parts_.store->OnVisible(snapshot->directory->path(), is_checkpoint);
  }
  Status committed = commits ? parts_.committers->Commit(committables) : Status::OK();
  if (committed.ok() && is_checkpoint) {
    committed = FaultPoint(fault::kBeforeCleanup);
    if (committed.ok()) parts_.store->OnCommitted();
  }
  if (!committed.ok()) return parts_.target->OnFatal(committed);
  Finished(snapshot);
  if (is_checkpoint) DeleteSurplus();
}

// No checkpoint waits for the end of older ones.
void CheckpointCoordinator::DeleteSurplus() {
  const Status deleted = parts_.store->DeleteSurplus();
  if (deleted.ok()) return;
  parts_.log("an old checkpoint cannot be deleted, which is tried again with the next: " +
             deleted.message());
}

Status CheckpointCoordinator::MakeVisible(Snapshot& snapshot, const Committables& committables) {
  if (snapshot.barrier.kind == Barrier::Kind::kCommitOnly) return Status::OK();
  CASTOR_RETURN_NOT_OK(FaultPoint(fault::kBeforeCoordinatorWrite));
  CASTOR_RETURN_NOT_OK(WriteCoordinators(snapshot, committables));
  SnapshotMetadata metadata = parts_.job;
  metadata.id = snapshot.barrier.id;
  metadata.kind = snapshot.barrier.kind == Barrier::Kind::kSavepoint ? "savepoint" : "checkpoint";
  metadata.time_ms = parts_.clock->NowMs();
  metadata.operators = snapshot.operators;
  last_size_->Set(metadata.OwnByteSize() + snapshot.fresh_bytes);
  last_full_size_->Set(metadata.OwnByteSize() + metadata.SharedByteSize());
  return snapshot.directory->Complete(metadata);
}

Status CheckpointCoordinator::WriteCoordinators(Snapshot& snapshot,
                                                const Committables& committables) {
  for (const auto& [uid, list] : committables) {
    snapshot.coordinator_sections[uid][section::kCommittables] = EncodeStrings(list);
  }
  for (const auto& [uid, sections] : snapshot.coordinator_sections) {
    const size_t op = IndexOf(uid);
    const std::string name = "op" + std::to_string(op) + "-coordinator";
    CASTOR_ASSIGN_OR_RETURN(FileRecord file, snapshot.directory->Write(name, sections));
    snapshot.operators[op].coordinator = std::move(file);
  }
  return Status::OK();
}

void CheckpointCoordinator::Finished(const SnapshotPtr& snapshot) {
  {
    const std::lock_guard lock(mutex_);
    snapshot->over = true;
    current_ = nullptr;
    failures_in_a_row_ = 0;
    last_end_ = parts_.clock->NowMs();
    closed_ = snapshot->request.last || snapshot->request.stop;
    in_progress_->Set(0);
    if (snapshot->barrier.kind != Barrier::Kind::kCommitOnly) {
      completed_->Add(1);
      last_duration_->Set(last_end_ - snapshot->started);
      last_id_->Set(snapshot->barrier.id);
    }
  }
  if (snapshot->request.done) {
    snapshot->request.done(snapshot->directory != nullptr ? snapshot->directory->path()
                                                          : std::string());
  }
  Wake();
}

void CheckpointCoordinator::Fail(const SnapshotPtr& snapshot, const Status& status) {
  bool fatal;
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(snapshot->over, true)) return;
    current_ = nullptr;
    last_end_ = parts_.clock->NowMs();
    in_progress_->Set(0);
    failed_->Add(1);
    const bool counts = snapshot->barrier.kind != Barrier::Kind::kSavepoint;
    if (counts) ++failures_in_a_row_;
    fatal = snapshot->request.last ||
            (counts && failures_in_a_row_ > parts_.options.tolerable_failures);
  }
  parts_.log("snapshot " + std::to_string(snapshot->barrier.id) + " failed: " + status.message());
  parts_.target->AbortBarrier(snapshot->barrier.id);
  for (SourceCoordinator* source : parts_.sources) source->Resume();
  if (snapshot->barrier.stop) parts_.target->ResumeSources();
  Discard(*snapshot);
  if (snapshot->request.done) snapshot->request.done(status);
  if (fatal) parts_.target->OnFatal(status);
  Wake();
}

// Removes what was written, if anything was yet.
void CheckpointCoordinator::Discard(const Snapshot& snapshot) {
  std::shared_ptr<SnapshotDirectory> directory;
  {
    const std::lock_guard lock(mutex_);
    directory = snapshot.directory;
  }
  if (directory == nullptr) return;
  if (snapshot.barrier.kind == Barrier::Kind::kCheckpoint) {
    parts_.store->GiveUp(directory->path());
  } else {
    directory->Discard();
  }
}

void CheckpointCoordinator::Abandon(const Status& status) {
  std::deque<SnapshotRequest> requests;
  SnapshotPtr abandoned;  // with what was cut for it
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    requests.swap(requests_);
    abandoned.swap(current_);
    if (abandoned != nullptr && !std::exchange(abandoned->over, true)) {
      requests.push_back(std::move(abandoned->request));
    }
  }
  if (abandoned != nullptr && abandoned->barrier.kind == Barrier::Kind::kCheckpoint) {
    Discard(*abandoned);
  }
  for (SnapshotRequest& request : requests) {
    if (request.done) request.done(status);
  }
}

}  // namespace castor::runtime
