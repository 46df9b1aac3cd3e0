// What the reconciler does once it has been decided. Each action that changes records is one
// transaction with the events that tell of it.
#include <fmt/format.h>

#include <algorithm>

#include "platform/controller/reconciler.h"
#include "platform/controller/upgrade_check.h"
#include "platform/metadata/fill_template.h"
#include "platform/metadata/versions.h"

namespace castor::platform {
namespace {

Status AddEvent(Session* session, const DeploymentRecord& deployment, const std::string& job,
                std::string name, std::string message) {
  EventRecord event;
  event.namespace_name = deployment.namespace_name;
  event.deployment = deployment.id;
  event.job = job;
  event.name = std::move(name);
  event.message = std::move(message);
  return session->AddEvent(std::move(event));
}

void Transition(DeploymentStatusRecord* status, const std::string& state,
                const std::string& message = "") {
  if (status->state != state) status->transition_time = NowMs();
  status->state = state;
  status->message = message;
}

}  // namespace

Status Reconciler::NoteIntent(View* view) {
  DeploymentStatusRecord& status = view->recorded.status;
  status.seen_resource_version = view->recorded.resource_version;
  status.failed_starts = status.failed_savepoints = status.retry_at = 0;
  CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
  CASTOR_RETURN_NOT_OK(session.Save(status));
  // What was missing may be there now, as a secret value or a table's file; what was to be kept may
  // be given up.
  VersionRecord& newest = view->newest;
  if (newest.validity == "INVALID" || newest.validity == "UNFIT") {
    newest.validity = "UNKNOWN";
    CASTOR_RETURN_NOT_OK(session.Save(newest));
  }
  return session.Commit();
}

Status Reconciler::Compile(View* view) {
  Result<Filled> filled = Status::Internal("");
  {
    CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
    filled = FillTemplate(&session, *vault_, view->deployment.namespace_name,
                          ReadTemplate(view->newest.template_json));
  }
  if (filled.status().code() == StatusCode::kIoError) return filled.status();
  if (!filled.ok()) return SaveValidity(view, false, filled.status().message());
  compiler_.Ask({.key = view->newest.key(),
                 .in = view->deployment.namespace_name,
                 .name = view->deployment.name,
                 .of = filled->of,
                 .secrets = filled->secrets,
                 .bundle = BundleOf(*view, view->newest.version)});
  return Status::OK();
}

std::string Reconciler::BundleOf(const View& view, int64_t version) const {
  return bundles_ + "/" + BundleName(view.deployment.id, version);
}

Status Reconciler::SettleVersion(View* view) {
  const std::string key = view->newest.key();
  const auto outcome = compiler_.FindOutcome(key);
  compiler_.Forget(key);
  if (!outcome) return Status::OK();
  if (outcome->retry) {
    CASTOR_RETURN_NOT_OK(NotePlanningFailed(view, outcome->message));
    return Status::IoError(outcome->message);
  }
  view->newest.engine = outcome->engine;
  view->newest.engine_reason = outcome->reason;
  std::string message = outcome->message;
  if (outcome->valid) message = WhyStateDoesNotFit(*view, outcome->engine);
  if (outcome->valid && message.empty() && outcome->engine == "NATIVE") {
    const Result<std::string> losses = FindLosses(*view);
    // What cannot be read says nothing: whoever starts from it tells what is wrong with it.
    if (losses.ok() && !losses->empty()) return RefuseVersion(view, *losses);
  }
  return SaveValidity(view, outcome->valid && message.empty(), message);
}

// An upgrade that would stop a job and then not find its way back is no upgrade.
std::string Reconciler::WhyStateDoesNotFit(const View& view, const std::string& engine) const {
  const Recorded& recorded = view.recorded;
  const bool has_state = recorded.job && recorded.spec.restore != RestoreStrategy::kNone &&
                         (recorded.job->active() || recorded.job->checkpointed != 0 || view.saved);
  if (!has_state || recorded.job->engine == engine) return "";
  const bool to_flink = engine == "FLINK";
  return fmt::format(
      "it would run on {} ({}), which cannot read the state that {} has saved; begin without it "
      "(restoreStrategy NONE), or choose the engine as before",
      to_flink ? "Apache Flink" : "the native engine", view.newest.engine_reason,
      to_flink ? "the native engine" : "Apache Flink");
}

// Told when it was the platform that chose.
Status Reconciler::NoteEngine(Session* session, const View& view) {
  if (ReadTemplate(view.newest.template_json).engine != EngineChoice::kAuto) return Status::OK();
  return AddEvent(session, view.deployment, "", "ENGINE_CHOSEN",
                  fmt::format("Version {} runs on {}: {}", view.newest.version,
                              view.newest.engine == "FLINK" ? "Apache Flink" : "the native engine",
                              view.newest.engine_reason));
}

// What the newest version would lose of the state that it is to go on with; empty: nothing, or
// that is how it is wanted.
Result<std::string> Reconciler::FindLosses(const View& view) {
  const Spec& spec = view.recorded.spec;
  const bool begins_elsewhere = !view.newest.begin_with.empty();
  if (spec.allow_non_restored_state) return std::string();
  if (spec.restore == RestoreStrategy::kNone && !begins_elsewhere) return std::string();
  const std::optional<JobRecord>& job = view.recorded.job;
  const bool runs = job && job->active();
  const auto find = [&] {
    if (begins_elsewhere) return view.newest.begin_with;
    return runs ? target_->LatestCheckpoint(job->id) : view.observed.restore_from;
  };
  CASTOR_ASSIGN_OR_RETURN(const HeldBy held,
                          ReadHeldState(find, runs ? BundleOf(view, job->version) : ""));
  return FindStateLosses(held.state, BundleOf(view, view.newest.version));
}

// As a version that cannot be planned: the last valid one stays in force, and nothing is stopped.
Status Reconciler::RefuseVersion(View* view, const std::string& losses) {
  VersionRecord& version = view->newest;
  version.validity = "UNFIT";
  version.message =
      "state would be lost of\n" + losses +
      "\nKeep these operators, or set restoreStrategy.allowNonRestoredState to leave it behind";
  CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
  CASTOR_RETURN_NOT_OK(session.Save(version));
  CASTOR_RETURN_NOT_OK(AddEvent(
      &session, view->deployment, "", "UPGRADE_WOULD_LOSE_STATE",
      fmt::format("Version {} is not put in force: {}", version.version, version.message)));
  return session.Commit();
}

// Says nothing of the version: the planner could not be asked. Told once, as long as it is the
// same.
Status Reconciler::NotePlanningFailed(View* view, const std::string& message) {
  if (view->newest.message == message) return Status::OK();
  view->newest.message = message;
  CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
  CASTOR_RETURN_NOT_OK(session.Save(view->newest));
  CASTOR_RETURN_NOT_OK(
      AddEvent(&session, view->deployment, "", "PLANNING_FAILED",
               fmt::format("Version {} could not be planned, and is tried again: {}",
                           view->newest.version, message)));
  return session.Commit();
}

Status Reconciler::SaveValidity(View* view, bool valid, const std::string& message) {
  VersionRecord& version = view->newest;
  version.validity = valid ? "VALID" : "INVALID";
  version.message = message;
  CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
  CASTOR_RETURN_NOT_OK(session.Save(version));
  if (valid) CASTOR_RETURN_NOT_OK(NoteEngine(&session, *view));
  if (!valid) {
    const char* rest =
        view->recorded.valid_version > 0 ? "; the last valid one stays in force" : "";
    CASTOR_RETURN_NOT_OK(AddEvent(
        &session, view->deployment, "", "SPEC_IS_INVALID",
        fmt::format("Version {} cannot be planned{}: {}", version.version, rest, message)));
  }
  return session.Commit();
}

Status Reconciler::Settle(View* view, const Action& action) {
  DeploymentStatusRecord& status = view->recorded.status;
  Transition(&status, action.state, action.message);
  if (action.state == "FAILED") {
    status.settled_version = std::max(view->recorded.valid_version, status.settled_version);
  }
  CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
  CASTOR_RETURN_NOT_OK(session.Save(status));
  CASTOR_RETURN_NOT_OK(AddEvent(
      &session, view->deployment, "",
      action.state == "FAILED" ? "STATE_TRANSITION_FAILED" : "STATE_TRANSITION_IS_COMPLETED",
      action.message.empty() ? "The deployment is " + action.state : action.message));
  return session.Commit();
}

Status Reconciler::CreateJob(View* view) {
  const Recorded& recorded = view->recorded;
  JobRecord job;
  job.id = NewId();
  job.namespace_name = view->deployment.namespace_name;
  job.deployment = view->deployment.id;
  job.version = recorded.valid_version;
  job.spec = view->deployment.spec;
  job.engine = view->in_force->engine;
  job.engine_reason = view->in_force->engine_reason;
  job.restore_from = view->observed.restore_from;
  job.created_at = job.modified_at = NowMs();
  CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
  CASTOR_ASSIGN_OR_RETURN(job.sequence, session.NextSequence<JobRecord>());
  CASTOR_RETURN_NOT_OK(session.Save(job));
  CASTOR_RETURN_NOT_OK(session.Save(AttemptRecord{job.id, 1, job.restore_from, job.created_at}));
  if (recorded.begins_elsewhere) {
    VersionRecord begun = *view->in_force;
    begun.begin_with.clear();
    CASTOR_RETURN_NOT_OK(session.Save(begun));
  }
  DeploymentStatusRecord status = recorded.status;
  status.failed_starts = 0;
  Transition(&status, "TRANSITIONING");
  CASTOR_RETURN_NOT_OK(session.Save(status));
  const std::string from = job.restore_from.empty() ? "without state" : "from " + job.restore_from;
  CASTOR_RETURN_NOT_OK(AddEvent(&session, view->deployment, job.id, "CREATING_A_NEW_JOB",
                                fmt::format("Version {} starts {}", job.version, from)));
  return session.Commit();
}

Status Reconciler::Launch(View* view) {
  const JobRecord& job = *view->recorded.job;
  std::optional<AttemptRecord> attempt;
  std::optional<VersionRecord> version;
  {
    CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
    CASTOR_ASSIGN_OR_RETURN(attempt, session.Find<AttemptRecord>("WHERE job = ? AND generation = ?",
                                                                 {job.id, job.generation}));
    CASTOR_ASSIGN_OR_RETURN(version,
                            session.Find<VersionRecord>("WHERE deployment = ? AND version = ?",
                                                        {job.deployment, job.version}));
  }
  if (!attempt || !version) return Status::Corruption("job " + job.id + " has no attempt or plan");
  const Template of = ReadTemplate(version->template_json);
  return target_->Launch({.attempt = view->attempt,
                          .deployment = view->deployment.id,
                          .name = view->deployment.name,
                          .bundle = BundleOf(*view, job.version),
                          .on_flink = job.engine == "FLINK",
                          .restore_from = attempt->restore_from,
                          .allow_non_restored_state = ReadSpec(job.spec).allow_non_restored_state,
                          .parallelism = of.parallelism});
}

Status Reconciler::NoteStarted(View* view) {
  JobRecord& job = *view->recorded.job;
  job.state = "STARTED";
  job.modified_at = NowMs();
  if (job.started_at == 0) job.started_at = job.modified_at;
  Transition(&view->recorded.status, "RUNNING");
  CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
  CASTOR_RETURN_NOT_OK(session.Save(job));
  CASTOR_RETURN_NOT_OK(session.Save(view->recorded.status));
  CASTOR_RETURN_NOT_OK(AddEvent(&session, view->deployment, job.id, "JOB_SUCCESSFULLY_STARTED",
                                fmt::format("Attempt {} runs", job.generation)));
  return session.Commit();
}

Status Reconciler::NoteProgress(View* view) {
  JobRecord& job = *view->recorded.job;
  if (view->observed.checkpointed) job.checkpointed = 1;
  job.restarts = std::max(job.restarts, view->observed.restarts);
  job.modified_at = NowMs();
  CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
  CASTOR_RETURN_NOT_OK(session.Save(job));
  return session.Commit();
}

Status Reconciler::ForgetFailures(View* view) {
  view->recorded.status.failed_starts = 0;
  CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
  CASTOR_RETURN_NOT_OK(session.Save(view->recorded.status));
  return session.Commit();
}

Status Reconciler::NoteProblem(View* view, const Action& action) {
  JobRecord& job = *view->recorded.job;
  job.problem = action.message;
  CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
  CASTOR_RETURN_NOT_OK(session.Save(job));
  CASTOR_RETURN_NOT_OK(AddEvent(&session, view->deployment, job.id,
                                action.message.empty() ? "JOB_IS_STABLE_AGAIN" : "JOB_IS_UNSTABLE",
                                action.message));
  return session.Commit();
}

// The version stays the newest that a person wants; the one before is in force again, and goes on
// from where this one began: it has saved nothing since.
Status Reconciler::RejectVersion(View* view, const Action& action) {
  const Recorded& recorded = view->recorded;
  VersionRecord version = *view->in_force;
  version.validity = "REJECTED";
  version.message = action.message;
  DeploymentStatusRecord status = recorded.status;
  status.settled_version = status.failed_starts = status.retry_at = 0;
  Transition(&status, "TRANSITIONING", action.message);
  CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
  CASTOR_ASSIGN_OR_RETURN(
      auto fallback, session.Find<VersionRecord>("WHERE deployment = ? AND version = ?",
                                                 {version.deployment, recorded.fallback_version}));
  if (!fallback) return Status::Corruption("the version to fall back to has gone");
  fallback->begin_with = recorded.job->restore_from;
  CASTOR_RETURN_NOT_OK(session.Save(*fallback));
  CASTOR_RETURN_NOT_OK(session.Save(version));
  CASTOR_RETURN_NOT_OK(session.Save(status));
  CASTOR_RETURN_NOT_OK(AddEvent(
      &session, view->deployment, recorded.job->id, "ROLLING_BACK",
      fmt::format("Version {} failed before it saved any state, version {} is in force again: {}",
                  version.version, recorded.fallback_version, action.message)));
  return session.Commit();
}

Status Reconciler::BeginPeriodic(View* view) {
  SavepointRecord savepoint;
  savepoint.id = NewId();
  savepoint.namespace_name = view->deployment.namespace_name;
  savepoint.deployment = view->deployment.id;
  savepoint.job = view->recorded.job->id;
  savepoint.origin = "PERIODIC";
  savepoint.created_at = savepoint.modified_at = NowMs();
  CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
  CASTOR_ASSIGN_OR_RETURN(savepoint.sequence, session.NextSequence<SavepointRecord>());
  CASTOR_RETURN_NOT_OK(session.Save(savepoint));
  return session.Commit();
}

// Only files that were written for it; those of a copied one belong to somebody else.
Status Reconciler::DeleteSavepoint(View* view) {
  SavepointRecord& savepoint = *view->recorded.doomed;
  if (savepoint.state != "PENDING_DELETION") {
    savepoint.state = "PENDING_DELETION";
    CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
    CASTOR_RETURN_NOT_OK(session.Save(savepoint));
    CASTOR_RETURN_NOT_OK(session.Commit());
  }
  CASTOR_RETURN_NOT_OK(target_->DeleteSavepoint(savepoint.id));
  CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
  CASTOR_RETURN_NOT_OK(session.Remove(savepoint));
  CASTOR_RETURN_NOT_OK(AddEvent(&session, view->deployment, savepoint.job, "SAVEPOINT_DELETED",
                                "Savepoint " + savepoint.id));
  return session.Commit();
}

Status Reconciler::BeginSavepoint(View* view) {
  JobRecord& job = *view->recorded.job;
  SavepointRecord savepoint;
  savepoint.id = NewId();
  savepoint.namespace_name = view->deployment.namespace_name;
  savepoint.deployment = view->deployment.id;
  savepoint.job = job.id;
  savepoint.origin =
      view->recorded.spec.state == DesiredState::kSuspended ? "SUSPEND" : "SUSPEND_AND_UPGRADE";
  savepoint.created_at = savepoint.modified_at = NowMs();
  job.ending = "SAVEPOINT";
  job.state = "TERMINATING";
  job.modified_at = NowMs();
  Transition(&view->recorded.status, "TRANSITIONING");
  CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
  CASTOR_ASSIGN_OR_RETURN(savepoint.sequence, session.NextSequence<SavepointRecord>());
  CASTOR_RETURN_NOT_OK(session.Save(savepoint));
  CASTOR_RETURN_NOT_OK(session.Save(job));
  CASTOR_RETURN_NOT_OK(session.Save(view->recorded.status));
  CASTOR_RETURN_NOT_OK(AddEvent(&session, view->deployment, job.id,
                                "CREATING_A_SAVEPOINT_BEFORE_SUSPENSION",
                                "Savepoint " + savepoint.id));
  return session.Commit();
}

Status Reconciler::SettleSavepoint(View* view, const Action& action) {
  SavepointRecord& savepoint = *view->recorded.savepoint;
  JobRecord& job = *view->recorded.job;
  DeploymentStatusRecord& status = view->recorded.status;
  const bool completed = action.state == "COMPLETED";
  const bool stops = job.ending == "SAVEPOINT";
  savepoint.state = action.state;
  savepoint.message = action.message;
  savepoint.location = view->observed.savepoint_path;
  savepoint.modified_at = job.modified_at = NowMs();
  if (stops && completed) status.failed_savepoints = 0;
  std::string message = completed ? savepoint.location : action.message;
  if (stops && !completed) {
    // Nothing has been lost: the job runs on, as what it was.
    job.ending = "NONE";
    job.state = "STARTED";
    ++status.failed_savepoints;
    status.retry_at = NowMs() + RetryDelayMs(status.failed_savepoints);
    const bool last = status.failed_savepoints >= view->recorded.spec.max_savepoints;
    if (last) message = "the job runs on, there were too many failures: " + message;
    Transition(&status, last ? "RUNNING" : "TRANSITIONING", message);
  }
  CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
  CASTOR_RETURN_NOT_OK(session.Save(savepoint));
  CASTOR_RETURN_NOT_OK(session.Save(job));
  CASTOR_RETURN_NOT_OK(session.Save(status));
  CASTOR_RETURN_NOT_OK(AddEvent(&session, view->deployment, job.id,
                                completed ? "SAVEPOINT_COMPLETED" : "SAVEPOINT_FAILED", message));
  CASTOR_RETURN_NOT_OK(session.Commit());
  target_->ForgetSavepoint(savepoint.id);
  return Status::OK();
}

Status Reconciler::BeginCancel(View* view) {
  JobRecord& job = *view->recorded.job;
  job.ending = "CANCEL";
  job.state = "TERMINATING";
  job.modified_at = NowMs();
  Transition(&view->recorded.status, "TRANSITIONING");
  CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
  CASTOR_ASSIGN_OR_RETURN(auto savepoints, session.Select<SavepointRecord>(
                                               "WHERE job = ? AND state = 'STARTED'", {job.id}));
  for (SavepointRecord& savepoint : savepoints) {
    savepoint.state = "FAILED";
    savepoint.message = "the job was cancelled";
    savepoint.modified_at = NowMs();
    CASTOR_RETURN_NOT_OK(session.Save(savepoint));
  }
  CASTOR_RETURN_NOT_OK(session.Save(job));
  CASTOR_RETURN_NOT_OK(session.Save(view->recorded.status));
  CASTOR_RETURN_NOT_OK(
      AddEvent(&session, view->deployment, job.id, "CANCELLING_THE_JOB", "Without a savepoint"));
  return session.Commit();
}

Status Reconciler::Recover(View* view, const Action& action) {
  JobRecord& job = *view->recorded.job;
  DeploymentStatusRecord& status = view->recorded.status;
  target_->Forget(view->attempt);
  health_.erase(view->attempt.key());
  board_->Remove(job.id);
  ++job.generation;
  job.state = "STARTING";
  job.modified_at = NowMs();
  // The first time at once: most deaths are accidents.
  if (status.failed_starts > 0) status.retry_at = NowMs() + RetryDelayMs(status.failed_starts);
  ++status.failed_starts;
  Transition(&status, "TRANSITIONING", action.message);
  CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
  CASTOR_RETURN_NOT_OK(session.Save(job));
  CASTOR_RETURN_NOT_OK(session.Save(status));
  const std::string& from = view->observed.restore_from;
  CASTOR_RETURN_NOT_OK(session.Save(AttemptRecord{job.id, job.generation, from, NowMs()}));
  CASTOR_RETURN_NOT_OK(
      AddEvent(&session, view->deployment, job.id, "RECOVERING_THE_JOB",
               fmt::format("{}; attempt {} starts {}", action.message, job.generation,
                           from.empty() ? "without state: there was none yet" : "from " + from)));
  return session.Commit();
}

Status Reconciler::EndJob(View* view, const Action& action) {
  JobRecord& job = *view->recorded.job;
  DeploymentStatusRecord& status = view->recorded.status;
  target_->Forget(view->attempt);
  health_.erase(view->attempt.key());
  board_->Remove(job.id);
  const bool failed = action.state == "FAILED";
  job.state = action.state;
  job.ended_at = job.modified_at = NowMs();
  if (failed) {
    job.failure_reason = "JobFailed";
    job.failure_message = action.message;
  }
  if (action.state != "TERMINATED") {
    Transition(&status, action.state, action.message);
    status.settled_version = job.version;
  }
  CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
  CASTOR_RETURN_NOT_OK(session.Save(job));
  CASTOR_RETURN_NOT_OK(session.Save(status));
  CASTOR_RETURN_NOT_OK(AddEvent(&session, view->deployment, job.id,
                                failed ? "JOB_FAILED" : "JOB_" + action.state, action.message));
  return session.Commit();
}

}  // namespace castor::platform
