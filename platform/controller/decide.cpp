#include "platform/controller/decide.h"

#include <algorithm>

namespace castor::platform {
namespace {

// A job that ran that long was no failed start.
constexpr int64_t kStableMs = 60'000;

bool IsWanted(const Recorded& recorded, DesiredState state) { return recorded.spec.state == state; }

bool HasUpgrade(const Recorded& recorded) {
  return IsWanted(recorded, DesiredState::kRunning) &&
         recorded.spec.upgrade != UpgradeStrategy::kNone &&
         recorded.valid_version > recorded.job->version;
}

// The version in force is not the job's, and not by an upgrade that keeps its state: the state that
// it is to begin with is another, or the job's version was rejected.
bool HasReplacement(const Recorded& recorded) {
  if (!IsWanted(recorded, DesiredState::kRunning) || recorded.valid_version == 0) return false;
  return recorded.valid_version < recorded.job->version ||
         (HasUpgrade(recorded) && recorded.begins_elsewhere);
}

// Nothing of the new version is worth keeping, and one before it has worked.
bool CanRollBack(const Recorded& recorded, const Observed& observed) {
  return recorded.spec.rolls_back && recorded.fallback_version > 0 && !observed.checkpointed &&
         recorded.valid_version == recorded.job->version;
}

Action EndJob(std::string state, std::string message = "") {
  return {ActionKind::kEndJob, std::move(state), std::move(message)};
}

// No process has ever run under the attempt.
Action DecideUnlaunched(const Recorded& recorded, const Observed& observed) {
  const JobRecord& job = *recorded.job;
  if (IsWanted(recorded, DesiredState::kCancelled) || job.ending == "CANCEL") {
    return EndJob("TERMINATED");
  }
  // Nothing of the job has ever run: there is nothing to save. A later attempt has state.
  if (job.generation == 1 && IsWanted(recorded, DesiredState::kSuspended)) {
    return EndJob("TERMINATED");
  }
  if (observed.now < recorded.status.retry_at) return {ActionKind::kWait};
  return {ActionKind::kLaunch};
}

Action Recover(const Recorded& recorded, const Observed& observed) {
  if (recorded.status.failed_starts + 1 >= recorded.spec.max_starts) {
    return EndJob("FAILED", observed.message.empty() ? "the worker keeps dying" : observed.message);
  }
  if (!observed.lost_state.empty()) return EndJob("FAILED", observed.lost_state);
  return {ActionKind::kRecover, "", observed.message};
}

Action DecideGone(const Recorded& recorded, const Observed& observed) {
  const JobRecord& job = *recorded.job;
  if (recorded.savepoint) {
    if (!observed.savepoint_path.empty()) return {ActionKind::kSettleSavepoint, "COMPLETED"};
    return {ActionKind::kSettleSavepoint, "FAILED", "the job ended before its savepoint"};
  }
  // What it stopped behind is complete: else nobody would still be ending it with a savepoint.
  if (job.ending != "NONE" || IsWanted(recorded, DesiredState::kCancelled)) {
    return EndJob("TERMINATED");
  }
  switch (observed.end) {
    case JobEnd::kFinished:
      return EndJob("FINISHED");
    case JobEnd::kRefused:
      return EndJob("FAILED", observed.message);
    case JobEnd::kFailed:
      // The worker restarts jobs itself; it gives up for a reason that another process would meet.
      if (job.state != "STARTING") return EndJob("FAILED", observed.message);
      break;
    case JobEnd::kCancelled:  // by somebody else, as when the machine is shut down
    case JobEnd::kUnknown:
      break;
  }
  return Recover(recorded, observed);
}

Action DecideSavepoint(const Recorded& recorded, const Observed& observed) {
  const bool stops = recorded.job->ending == "SAVEPOINT";
  const bool complete = !observed.savepoint_path.empty();
  switch (observed.savepoint_answer) {
    case AnswerState::kPending:
      return {ActionKind::kWait};
    case AnswerState::kDone:
      return {ActionKind::kSettleSavepoint, "COMPLETED"};
    case AnswerState::kNotAsked:
      // An earlier server has asked: the job is about to end behind it.
      if (complete && stops) return {observed.overdue ? ActionKind::kKill : ActionKind::kWait};
      if (complete) return {ActionKind::kSettleSavepoint, "COMPLETED"};
      return {ActionKind::kAskSavepoint};
    case AnswerState::kFailed:
      // Asked twice, and overtaken by the first.
      if (complete && stops) return {observed.overdue ? ActionKind::kKill : ActionKind::kWait};
      return {ActionKind::kSettleSavepoint, "FAILED", observed.message};
  }
  return {ActionKind::kWait};
}

bool IsSavepointDue(const Recorded& recorded, const Observed& observed) {
  const int64_t interval = recorded.spec.savepoint_interval_ms;
  const int64_t last = std::max(recorded.last_periodic, recorded.job->started_at);
  return interval > 0 && observed.running && observed.now - last >= interval;
}

Action DecideRunning(const Recorded& recorded, const Observed& observed) {
  const bool upgrades = HasUpgrade(recorded);
  if (!upgrades && !IsWanted(recorded, DesiredState::kSuspended)) {
    if (recorded.status.failed_starts > 0 && observed.running_ms > kStableMs) {
      return {ActionKind::kForgetFailures};
    }
    if (IsSavepointDue(recorded, observed)) return {ActionKind::kBeginPeriodic};
    return {ActionKind::kNone};
  }
  if (upgrades && recorded.spec.upgrade == UpgradeStrategy::kStateless) {
    return {ActionKind::kBeginCancel};
  }
  // The old job runs on.
  if (recorded.status.failed_savepoints >= recorded.spec.max_savepoints) return {ActionKind::kNone};
  if (observed.now < recorded.status.retry_at) return {ActionKind::kWait};
  return {ActionKind::kBeginSavepoint};
}

Action DecideAlive(const Recorded& recorded, const Observed& observed) {
  const JobRecord& job = *recorded.job;
  if (job.ending == "CANCEL") {
    if (observed.overdue) return {ActionKind::kKill};
    return {observed.cancel_asked ? ActionKind::kWait : ActionKind::kAskCancel};
  }
  if (IsWanted(recorded, DesiredState::kCancelled)) return {ActionKind::kBeginCancel};
  if (HasReplacement(recorded) && job.ending == "NONE" && !recorded.savepoint) {
    return {ActionKind::kBeginCancel};
  }
  if (job.state == "STARTING") {
    return {observed.running ? ActionKind::kNoteStarted : ActionKind::kWait};
  }
  const bool first_checkpoint = observed.checkpointed && job.checkpointed == 0;
  if (job.ending == "NONE" && (first_checkpoint || observed.restarts > job.restarts)) {
    return {ActionKind::kNoteProgress};
  }
  if (observed.problem != job.problem && job.ending == "NONE") {
    return {ActionKind::kNoteProblem, "", observed.problem};
  }
  if (recorded.savepoint) return DecideSavepoint(recorded, observed);
  if (!job.problem.empty() && job.ending == "NONE" && CanRollBack(recorded, observed)) {
    return {ActionKind::kRejectVersion, "", job.problem};
  }
  if (job.ending == "SAVEPOINT") {
    return {observed.overdue ? ActionKind::kKill : ActionKind::kWait};
  }
  return DecideRunning(recorded, observed);
}

Action DecideJob(const Recorded& recorded, const Observed& observed) {
  switch (observed.process) {
    case ProcessState::kNeverStarted:
      return DecideUnlaunched(recorded, observed);
    case ProcessState::kGone:
      return DecideGone(recorded, observed);
    case ProcessState::kAlive:
      return DecideAlive(recorded, observed);
  }
  return {ActionKind::kWait};
}

Action SettleAs(const Recorded& recorded, std::string state, std::string message = "") {
  if (recorded.status.state == state && recorded.status.message == message) return {};
  return {ActionKind::kSettle, std::move(state), std::move(message)};
}

Action DecideWithoutJob(const Recorded& recorded, const Observed& observed) {
  if (IsWanted(recorded, DesiredState::kCancelled)) return SettleAs(recorded, "CANCELLED");
  if (IsWanted(recorded, DesiredState::kSuspended)) return SettleAs(recorded, "SUSPENDED");
  // Not the version before, if the newest may be as good.
  if (recorded.validity == Validity::kUnknown) return {ActionKind::kWait};
  if (recorded.valid_version == 0) return SettleAs(recorded, "FAILED", recorded.invalid_message);
  const std::string& state = recorded.status.state;
  if (state == "FAILED" && recorded.job && CanRollBack(recorded, observed)) {
    return {ActionKind::kRejectVersion, "", recorded.job->failure_message};
  }
  const bool is_over = state == "FAILED" || state == "FINISHED";
  if (is_over && recorded.status.settled_version >= recorded.valid_version) return {};
  // Started without the state that it should have, it would be another job.
  if (!observed.lost_state.empty()) return SettleAs(recorded, "FAILED", observed.lost_state);
  return {ActionKind::kCreateJob};
}

}  // namespace

std::string_view ActionName(ActionKind kind) {
  switch (kind) {
    case ActionKind::kNone:
      return "none";
    case ActionKind::kWait:
      return "wait";
    case ActionKind::kNoteIntent:
      return "note_intent";
    case ActionKind::kCompile:
      return "compile";
    case ActionKind::kSettleVersion:
      return "settle_version";
    case ActionKind::kSettle:
      return "settle";
    case ActionKind::kCreateJob:
      return "create_job";
    case ActionKind::kLaunch:
      return "launch";
    case ActionKind::kNoteStarted:
      return "note_started";
    case ActionKind::kNoteProgress:
      return "note_progress";
    case ActionKind::kForgetFailures:
      return "forget_failures";
    case ActionKind::kNoteProblem:
      return "note_problem";
    case ActionKind::kRejectVersion:
      return "reject_version";
    case ActionKind::kBeginSavepoint:
      return "begin_savepoint";
    case ActionKind::kBeginPeriodic:
      return "begin_periodic";
    case ActionKind::kDeleteSavepoint:
      return "delete_savepoint";
    case ActionKind::kAskSavepoint:
      return "ask_savepoint";
    case ActionKind::kSettleSavepoint:
      return "settle_savepoint";
    case ActionKind::kBeginCancel:
      return "begin_cancel";
    case ActionKind::kAskCancel:
      return "ask_cancel";
    case ActionKind::kKill:
      return "kill";
    case ActionKind::kRecover:
      return "recover";
    case ActionKind::kEndJob:
      return "end_job";
  }
  return "";
}

int64_t RetryDelayMs(int64_t failures) {
  constexpr int64_t kFirst = 1'000, kMost = 60'000, kMaxDoublings = 6;
  return std::min(kMost, kFirst << std::clamp<int64_t>(failures - 1, 0, kMaxDoublings));
}

Action Decide(const Recorded& recorded, const Observed& observed) {
  if (recorded.status.seen_resource_version != recorded.resource_version) {
    return {ActionKind::kNoteIntent};
  }
  if (recorded.doomed) return {ActionKind::kDeleteSavepoint};
  if (recorded.validity == Validity::kUnknown) {
    if (observed.compiled) return {ActionKind::kSettleVersion};
    if (!observed.compiling) return {ActionKind::kCompile};
  }
  if (recorded.job && recorded.job->active()) return DecideJob(recorded, observed);
  return DecideWithoutJob(recorded, observed);
}

}  // namespace castor::platform
