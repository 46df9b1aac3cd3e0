#include "platform/controller/reconciler.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <utility>

#include "base/fault_point.h"
#include "platform/controller/restore_point.h"
#include "platform/metadata/savepoints.h"
#include "platform/metadata/versions.h"
#include "platform/targets/snapshots.h"

namespace castor::platform {
namespace {

constexpr int64_t kSoonMs = 50;        // when something is under way
constexpr int64_t kWatchMs = 500;      // while a job runs
constexpr int64_t kTroubleMs = 2'000;  // after an error of ours
// After that a job that was told to end is killed.
constexpr int64_t kPatienceMs = 30'000;

Validity ValidityOf(const VersionRecord& version) {
  if (version.validity == "VALID") return Validity::kValid;
  return version.validity == "UNKNOWN" ? Validity::kUnknown : Validity::kInvalid;
}

bool IsOnFlink(const VersionRecord& version) { return version.engine == "FLINK"; }

std::string WhyOtherEngine(const std::string& snapshot, const VersionRecord& version) {
  return fmt::format(
      "{} was taken by {}, and version {} runs on {}, which cannot read it; begin "
      "without state (restoreStrategy NONE), or choose the other engine",
      snapshot, IsOnFlink(version) ? "the native engine" : "Apache Flink", version.version,
      IsOnFlink(version) ? "Apache Flink" : "the native engine");
}

}  // namespace

Reconciler::Reconciler(Store* store, const Vault* vault, Target* target, JobBoard* board,
                       Compiler::Parts compiler, std::string bundles)
    : store_(store),
      vault_(vault),
      target_(target),
      board_(board),
      bundles_(std::move(bundles)),
      compiler_(std::move(compiler),
                [this](const std::string& key) { Wake(key.substr(0, key.rfind('-'))); }) {}

Reconciler::~Reconciler() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Status Reconciler::Start() {
  CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
  CASTOR_ASSIGN_OR_RETURN(const auto deployments, session.Select<DeploymentRecord>("", {}));
  for (const DeploymentRecord& deployment : deployments) due_[deployment.id] = 0;
  thread_ = std::thread([this] { Work(); });
  return Status::OK();
}

void Reconciler::Wake(const std::string& deployment) {
  {
    const std::lock_guard lock(mutex_);
    woken_.insert(deployment);
  }
  changed_.notify_all();
}

void Reconciler::Work() {
  while (true) {
    int64_t next = NowMs() + kTroubleMs;
    for (const auto& [id, due] : due_) next = std::min(next, due);
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, std::chrono::milliseconds(next - NowMs()),
                        [this] { return stopping_ || !woken_.empty(); });
      if (stopping_) return;
      for (const std::string& id : woken_) due_[id] = 0;
      woken_.clear();
    }
    for (auto each = due_.begin(); each != due_.end();) {
      if (each->second > NowMs()) {
        ++each;
        continue;
      }
      const int64_t wait = Reconcile(each->first);
      each->second = NowMs() + wait;
      each = wait < 0 ? due_.erase(each) : std::next(each);
    }
  }
}

int64_t Reconciler::Reconcile(const std::string& deployment) {
  // Steps in a row that need no waiting; more than that belong to a later round.
  constexpr int kSteps = 16;
  for (int i = 0; i < kSteps; ++i) {
    const Result<std::optional<int64_t>> wait = Step(deployment);
    if (!wait.ok()) {
      std::fprintf(stderr, "deployment %s: %s\n", deployment.c_str(),
                   wait.status().message().c_str());
      return kTroubleMs;
    }
    if (*wait) return **wait;
  }
  return 0;
}

Result<std::optional<int64_t>> Reconciler::Step(const std::string& deployment) {
  using Wait = std::optional<int64_t>;
  CASTOR_ASSIGN_OR_RETURN(std::optional<View> view, Load(deployment));
  if (!view) return Wait(-1);
  const Action action = Decide(view->recorded, view->observed);
  if (action.kind == ActionKind::kWait) return Wait(kSoonMs);
  if (action.kind == ActionKind::kNone) {
    if (view->observed.compiling) return Wait(kSoonMs);
    return Wait(view->recorded.job && view->recorded.job->active() ? kWatchMs : -1);
  }
  // Where the crash test kills.
  const std::string point = "platform." + std::string(ActionName(action.kind));
  CASTOR_RETURN_NOT_OK(FaultPoint(point + ".before"));
  CASTOR_RETURN_NOT_OK(Act(&*view, action));
  CASTOR_RETURN_NOT_OK(FaultPoint(point + ".after"));
  // What these bring about is seen a little later.
  const bool takes_time = action.kind == ActionKind::kKill || action.kind == ActionKind::kAskCancel;
  return takes_time ? Wait(kSoonMs) : Wait();
}

Result<std::optional<Reconciler::View>> Reconciler::Load(const std::string& id) {
  View view;
  {
    // Requests wait for the session, so that nothing is looked at meanwhile.
    CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
    CASTOR_ASSIGN_OR_RETURN(auto deployment, session.Find<DeploymentRecord>("WHERE id = ?", {id}));
    if (!deployment) return std::optional<View>();
    view.deployment = std::move(*deployment);
    CASTOR_RETURN_NOT_OK(LoadRecorded(&session, &view));
  }
  Look(&view);
  FindState(&view);
  return std::optional(std::move(view));
}

Status Reconciler::LoadRecorded(Session* session, View* view) {
  Recorded& recorded = view->recorded;
  const std::string& id = view->deployment.id;
  recorded.spec = ReadSpec(view->deployment.spec);
  recorded.resource_version = view->deployment.resource_version;
  recorded.version = view->deployment.version;
  CASTOR_ASSIGN_OR_RETURN(auto status,
                          session->Find<DeploymentStatusRecord>("WHERE deployment = ?", {id}));
  recorded.status = status.value_or(DeploymentStatusRecord());
  recorded.status.deployment = id;
  CASTOR_RETURN_NOT_OK(LoadVersions(session, view));
  CASTOR_RETURN_NOT_OK(LoadSchedule(session, view));
  CASTOR_ASSIGN_OR_RETURN(
      recorded.job, session->Find<JobRecord>("WHERE deployment = ? ORDER BY sequence DESC", {id}));
  CASTOR_ASSIGN_OR_RETURN(
      view->saved,
      session->Find<SavepointRecord>(
          "WHERE deployment = ? AND state = 'COMPLETED' ORDER BY sequence DESC", {id}));
  if (recorded.job) CASTOR_RETURN_NOT_OK(LoadFallback(session, &recorded));
  if (!recorded.job || !recorded.job->active()) return Status::OK();
  CASTOR_ASSIGN_OR_RETURN(
      recorded.savepoint,
      session->Find<SavepointRecord>("WHERE job = ? AND state = 'STARTED' ORDER BY sequence",
                                     {recorded.job->id}));
  return Status::OK();
}

Status Reconciler::LoadVersions(Session* session, View* view) {
  Recorded& recorded = view->recorded;
  const std::string& id = view->deployment.id;
  CASTOR_ASSIGN_OR_RETURN(auto newest, session->Find<VersionRecord>(
                                           "WHERE deployment = ? ORDER BY version DESC", {id}));
  if (!newest) return Status::Corruption("deployment " + id + " has no version");
  CASTOR_ASSIGN_OR_RETURN(
      view->in_force,
      session->Find<VersionRecord>(
          "WHERE deployment = ? AND validity = 'VALID' ORDER BY version DESC", {id}));
  if (view->in_force) {
    recorded.valid_version = view->in_force->version;
    recorded.begins_elsewhere = !view->in_force->begin_with.empty();
  }
  view->newest = std::move(*newest);
  recorded.validity = ValidityOf(view->newest);
  recorded.invalid_message = view->newest.message;
  return Status::OK();
}

Status Reconciler::LoadFallback(Session* session, Recorded* recorded) {
  const JobRecord& job = *recorded->job;
  CASTOR_ASSIGN_OR_RETURN(const bool works, HasWorked(session, job.deployment, job.version));
  if (works) return Status::OK();
  CASTOR_ASSIGN_OR_RETURN(const auto fallback,
                          FindWorkingBefore(session, job.deployment, job.version));
  if (fallback) recorded->fallback_version = fallback->version;
  return Status::OK();
}

// What is to be deleted, and when the next savepoint is due.
Status Reconciler::LoadSchedule(Session* session, View* view) {
  Recorded& recorded = view->recorded;
  CASTOR_ASSIGN_OR_RETURN(
      recorded.doomed, session->Find<SavepointRecord>(
                           "WHERE deployment = ? AND state = 'PENDING_DELETION' ORDER BY sequence",
                           {view->deployment.id}));
  if (recorded.spec.savepoint_interval_ms == 0) return Status::OK();
  CASTOR_ASSIGN_OR_RETURN(
      auto periodic,
      session->Select<SavepointRecord>("WHERE deployment = ? AND origin = 'PERIODIC' AND state IN "
                                       "('COMPLETED', 'FAILED') ORDER BY sequence DESC",
                                       {view->deployment.id}));
  if (!periodic.empty()) recorded.last_periodic = periodic.front().created_at;
  int64_t kept = 0;
  for (SavepointRecord& savepoint : periodic) {
    if (savepoint.state == "COMPLETED" && ++kept <= recorded.spec.savepoints_kept) continue;
    if (savepoint.state == "FAILED" && kept < recorded.spec.savepoints_kept) continue;
    CASTOR_ASSIGN_OR_RETURN(const bool needed, IsNeeded(session, savepoint));
    if (!needed && !recorded.doomed) recorded.doomed = std::move(savepoint);
  }
  return Status::OK();
}

void Reconciler::Look(View* view) {
  Observed& observed = view->observed;
  observed.now = NowMs();
  const std::string key = view->newest.key();
  observed.compiling = compiler_.IsAsked(key);
  observed.compiled = compiler_.FindOutcome(key).has_value();
  std::optional<JobRecord>& job = view->recorded.job;
  if (!job || !job->active()) return;
  view->attempt = {job->id, job->generation};
  std::shared_ptr<const cli::JobStatus> status;
  target_->Observe(view->attempt, &observed, &status);
  if (status) {
    observed.restarts = status->restarts;
    observed.checkpointed = status->completed_checkpoints > 0;
    board_->Show({view->deployment.namespace_name, view->deployment.id, view->deployment.name,
                  job->id, status});
    Health& health = health_[view->attempt.key()];
    health.See(observed.now, {.restarts = status->restarts,
                              .completed_checkpoints = status->completed_checkpoints,
                              .failed_checkpoints = status->failed_checkpoints});
    observed.problem = health.Problem();
    if (observed.problem.empty() && !health.IsSure()) observed.problem = job->problem;
  } else {
    observed.problem = job->problem;
  }
  if (view->recorded.savepoint) {
    target_->ObserveSavepoint({view->recorded.savepoint->id, job->ending == "SAVEPOINT"},
                              &observed);
  }
  // What ends it was recorded when it was changed last.
  observed.overdue = job->ending != "NONE" && observed.now - job->modified_at > kPatienceMs;
}

// Where the next attempt goes on.
void Reconciler::FindState(View* view) {
  const std::optional<JobRecord>& job = view->recorded.job;
  Observed& observed = view->observed;
  const bool same_job = job && job->active();
  if (same_job && observed.process != ProcessState::kGone) return;
  if (!same_job && view->recorded.begins_elsewhere) {
    observed.restore_from = view->in_force->begin_with;
  } else {
    RestorePoint point =
        FindRestorePoint(job, view->saved, view->recorded.spec.restore,
                         [this](const std::string& of) { return target_->LatestCheckpoint(of); });
    observed.restore_from = std::move(point.snapshot);
    observed.lost_state = std::move(point.lost);
  }
  if (!observed.restore_from.empty() && !IsSnapshot(observed.restore_from)) {
    observed.lost_state = observed.restore_from + " is not there, or is no complete snapshot";
  }
  if (!same_job && !observed.restore_from.empty() && observed.lost_state.empty() &&
      view->in_force && IsFlinkSnapshot(observed.restore_from) != IsOnFlink(*view->in_force)) {
    observed.lost_state = WhyOtherEngine(observed.restore_from, *view->in_force);
  }
}

Status Reconciler::Act(View* view, const Action& action) {
  switch (action.kind) {
    case ActionKind::kNone:
    case ActionKind::kWait:
      return Status::OK();
    case ActionKind::kNoteIntent:
      return NoteIntent(view);
    case ActionKind::kCompile:
      return Compile(view);
    case ActionKind::kSettleVersion:
      return SettleVersion(view);
    case ActionKind::kSettle:
      return Settle(view, action);
    case ActionKind::kCreateJob:
      return CreateJob(view);
    case ActionKind::kLaunch:
      return Launch(view);
    case ActionKind::kNoteStarted:
      return NoteStarted(view);
    case ActionKind::kNoteProgress:
      return NoteProgress(view);
    case ActionKind::kForgetFailures:
      return ForgetFailures(view);
    case ActionKind::kNoteProblem:
      return NoteProblem(view, action);
    case ActionKind::kRejectVersion:
      return RejectVersion(view, action);
    case ActionKind::kBeginSavepoint:
      return BeginSavepoint(view);
    case ActionKind::kBeginPeriodic:
      return BeginPeriodic(view);
    case ActionKind::kDeleteSavepoint:
      return DeleteSavepoint(view);
    case ActionKind::kAskSavepoint:
      return target_->AskSavepoint(
          view->attempt, {view->recorded.savepoint->id, view->recorded.job->ending == "SAVEPOINT"});
    case ActionKind::kSettleSavepoint:
      return SettleSavepoint(view, action);
    case ActionKind::kBeginCancel:
      return BeginCancel(view);
    case ActionKind::kAskCancel:
      return target_->AskCancel(view->attempt);
    case ActionKind::kKill:
      target_->Kill(view->attempt);
      return Status::OK();
    case ActionKind::kRecover:
      return Recover(view, action);
    case ActionKind::kEndJob:
      return EndJob(view, action);
  }
  return Status::Internal("no such action");
}

}  // namespace castor::platform
