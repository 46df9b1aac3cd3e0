#include "runtime/job/job.h"

#include <chrono>
#include <filesystem>
#include <random>
#include <thread>
#include <utility>

#include "io/routed_file_system.h"
#include "runtime/recovery/snapshot_search.h"

namespace castor::runtime {
namespace {

std::string RandomHex(int digits) {
  std::random_device random;
  std::string text;
  while (static_cast<int>(text.size()) < digits) text += "0123456789abcdef"[random() & 15];
  return text;
}

// One name for each file, in any working directory: snapshots tell by it what they share.
std::string CanonicalPath(const io::FileSystem* files, const std::string& path) {
  if (files != &io::LocalFileSystem()) return path;
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(path, error);
  const std::filesystem::path canonical = std::filesystem::weakly_canonical(absolute, error);
  if (error) return path;
  return canonical.has_filename() ? canonical : canonical.parent_path();
}

double Jitter() {
  static thread_local std::minstd_rand random{std::random_device{}()};
  return std::uniform_real_distribution<double>(-1.0, 1.0)(random);
}

}  // namespace

std::string_view StateName(Job::State state) {
  switch (state) {
    case Job::State::kCreated:
      return "CREATED";
    case Job::State::kRunning:
      return "RUNNING";
    case Job::State::kRestarting:
      return "RESTARTING";
    case Job::State::kFinished:
      return "FINISHED";
    case Job::State::kStopped:
      return "STOPPED";
    case Job::State::kCancelled:
      return "CANCELED";
    case Job::State::kFailed:
      return "FAILED";
  }
  return "UNKNOWN";
}

Job::Job(const Blueprint& blueprint, JobOptions options)
    : blueprint_(blueprint),
      options_(std::move(options)),
      id_(RandomHex(32)),
      started_at_(blueprint.clock->NowMs()),
      metrics_(blueprint.bundle->name) {}

Result<std::unique_ptr<Job>> Job::Create(const Blueprint& blueprint, JobOptions options) {
  std::unique_ptr<Job> job(new Job(blueprint, std::move(options)));
  CASTOR_RETURN_NOT_OK(job->Prepare());
  return job;
}

Status Job::Prepare() {
  files_ = std::make_unique<io::RoutedFileSystem>(blueprint_.registries->file_systems);
  CASTOR_ASSIGN_OR_RETURN(
      restarts_,
      MakeRestartStrategy(blueprint_.configuration, blueprint_.checkpoints.enabled(), &Jitter));
  for (const std::string& line : blueprint_.state.without_effect) Log(line);
  CASTOR_RETURN_NOT_OK(PrepareStore());
  if (!options_.restore.path.empty()) CASTOR_RETURN_NOT_OK(FindRestorePoint());
  // Not before: a start that is refused leaves nothing.
  if (!blueprint_.checkpoints.enabled()) return Status::OK();
  return store_->files().MakeDirectories(store_->run_directory());
}

Status Job::FindRestorePoint() {
  CASTOR_ASSIGN_OR_RETURN(const auto resolved,
                          blueprint_.registries->file_systems->Resolve(options_.restore.path));
  const std::string path = CanonicalPath(resolved.first, resolved.second);
  CASTOR_ASSIGN_OR_RETURN(const auto line, FindSnapshot(*resolved.first, path));
  restore_from_ = line.back().path;
  next_checkpoint_id_ = line.back().metadata.id + 1;
  if (restore_from_ != path) Log("starting from " + restore_from_);
  return store_->StartFrom(line, options_.restore.claim_mode == ClaimMode::kClaim);
}

// Without a directory checkpoints serve restarts within this process, as those that Flink keeps in
// the memory of its job manager; and stores may write files whether there are checkpoints or not.
Status Job::PrepareStore() {
  std::string directory = blueprint_.checkpoints.directory;
  if (directory.empty()) {
    CASTOR_ASSIGN_OR_RETURN(scratch_, ScratchFolder::Make(blueprint_.configuration, id_));
    directory = scratch_->path();
  }
  CASTOR_ASSIGN_OR_RETURN(const auto resolved,
                          blueprint_.registries->file_systems->Resolve(directory));
  directory = CanonicalPath(resolved.first, resolved.second);
  CASTOR_RETURN_NOT_OK(MakeStateCache(directory));
  store_ = std::make_unique<CheckpointStore>(
      *files_, std::move(directory), id_, blueprint_.checkpoints.retained,
      state_cache_ == nullptr ? nullptr : state_cache_->files());
  return Status::OK();
}

// A disk that is full already is as one without a cache.
Status Job::MakeStateCache(const std::string& directory) {
  const state::GeminiOptions& options = blueprint_.state;
  if (!options.cache || !files_->FilesAppearWhole(directory)) return Status::OK();
  auto made = StateCache::Make(blueprint_.configuration, options, files_.get(), id_ + "-cache");
  if (made.status().code() == StatusCode::kResourceExhausted) {
    Log("state is not cached on local disk: " + made.status().message());
    return Status::OK();
  }
  if (!made.ok()) {
    return made.status().WithContext(
        "the cache of state on local disk (state.backend.gemini.local.dir says where; without one: "
        "state.backend.gemini.file.cache.type = NONE)");
  }
  state_cache_ = std::move(*made);
  return Status::OK();
}

Result<Execution::End> Job::RunOnce() {
  ExecutionOptions options;
  options.job = &blueprint_;
  options.metrics = &metrics_;
  options.store = store_.get();
  options.files = files_.get();
  options.state_cache = state_cache_.get();
  options.threads = options_.threads;
  options.log = [this](const std::string& line) { Log(line); };
  options.attempt_id = id_.substr(0, 8) + "-" + std::to_string(attempts_);
  options.allow_non_restored = options_.restore.ignore_unclaimed_state;
  options.first_checkpoint_id = next_checkpoint_id_;
  options.restore_from = store_->restart_point().value_or(restore_from_);
  CASTOR_RETURN_NOT_OK(store_->shared().ForgetStores());
  if (state_cache_ != nullptr && attempts_ > 0 && !blueprint_.state.recover_from_local) {
    state_cache_->Clear();
  }
  CASTOR_ASSIGN_OR_RETURN(std::shared_ptr<Execution> execution, Execution::Start(options));
  bool cancelled;
  {
    const std::lock_guard lock(mutex_);
    execution_ = execution;
    ever_ran_ = true;
    state_ = State::kRunning;
    cancelled = cancelled_;
  }
  if (cancelled) execution->Cancel();
  Result<Execution::End> end = execution->Wait();
  {
    const std::lock_guard lock(mutex_);
    execution_ = nullptr;
  }
  next_checkpoint_id_ = execution->next_checkpoint_id();
  return end;
}

Result<Job::State> Job::Run() {
  while (true) {
    Result<Execution::End> end = RunOnce();
    if (end.ok()) {
      const State state = *end == Execution::End::kFinished  ? State::kFinished
                          : *end == Execution::End::kStopped ? State::kStopped
                                                             : State::kCancelled;
      CASTOR_RETURN_NOT_OK(CleanUp(state));
      SetState(state);
      return state;
    }
    const Status failure = end.status();
    std::optional<int64_t> delay;
    if (ever_ran_ && IsWorthRestarting(failure))
      delay = restarts_->OnFailure(blueprint_.clock->NowMs());
    if (!delay.has_value()) {
      CASTOR_RETURN_NOT_OK(CleanUp(State::kFailed));
      if (const auto latest = latest_checkpoint()) Log("the latest snapshot is " + *latest);
      SetState(State::kFailed);
      return failure;
    }
    ++attempts_;
    metrics_.job().Counter("numRestarts")->Add(1);
    SetState(State::kRestarting);
    const std::optional<std::string> latest = latest_checkpoint();
    Log("failed: " + failure.ToString() + "; restarting in " + std::to_string(*delay) +
        " ms from " +
        (latest                  ? *latest
         : restore_from_.empty() ? "the beginning"
                                 : restore_from_));
    if (!Delay(*delay)) {
      CASTOR_RETURN_NOT_OK(CleanUp(State::kCancelled));
      SetState(State::kCancelled);
      return State::kCancelled;
    }
  }
}

// Flink's rules of execution.checkpointing.externalized-checkpoint-retention, with two exceptions.
// A failed job keeps its last checkpoint: here a bad record ends a job that Flink would restart for
// ever. And what is retained on cancellation is retained at the end of input, too: else a process
// killed between deleting it and exiting could not be told from one that never took a checkpoint.
// A snapshot that was claimed goes the same way; without checkpoints none came after it, and the
// end of input leaves nothing to go on from.
Status Job::CleanUp(State end) {
  const CheckpointOptions& checkpoints = blueprint_.checkpoints;
  const bool retain = checkpoints.retention == Retention::kRetainOnCancellation &&
                      (checkpoints.enabled() || end == State::kCancelled);
  const bool lasting = scratch_ == nullptr || !checkpoints.enabled();
  const bool keep = end == State::kFailed || (lasting && retain);
  return keep ? store_->KeepAll() : store_->DeleteAll(!checkpoints.directory.empty());
}

bool Job::Delay(int64_t ms) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, std::chrono::milliseconds(ms), [this] { return cancelled_; });
}

void Job::Cancel() {
  std::shared_ptr<Execution> execution;
  {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    execution = execution_;
  }
  changed_.notify_all();
  if (execution != nullptr) execution->Cancel();
}

void Job::Savepoint(SavepointOptions options, std::function<void(Result<std::string>)> done) {
  std::string& target = options.directory;
  if (target.empty()) target = blueprint_.checkpoints.savepoint_directory;
  if (target.empty()) {
    return done(Status::InvalidArgument(
        "no directory for the savepoint: name one, or set execution.checkpointing.savepoint-dir"));
  }
  const auto resolved = blueprint_.registries->file_systems->Resolve(target);
  if (!resolved.ok()) return done(resolved.status());
  std::shared_ptr<Execution> execution;
  {
    const std::lock_guard lock(mutex_);
    execution = execution_;
  }
  if (execution == nullptr) return done(Status::Cancelled("the job is not running"));
  target = io::JoinPath(resolved->second, "savepoint-" + id_.substr(0, 6) + "-" + RandomHex(12));
  execution->Savepoint(std::move(options), std::move(done));
}

Job::State Job::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

int Job::restarts() const {
  const std::lock_guard lock(mutex_);
  return attempts_;
}

std::optional<std::string> Job::latest_checkpoint() const { return store_->restart_point(); }

void Job::SetState(State state) {
  const std::lock_guard lock(mutex_);
  state_ = state;
}

void Job::Log(const std::string& line) const {
  if (options_.log) options_.log(line);
}

}  // namespace castor::runtime
