#include "platform/controller/decide.h"

#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <vector>

namespace castor::platform {

// How gtest shows it.
void PrintTo(ActionKind kind, std::ostream* out) { *out << ActionName(kind); }

namespace {

// A deployment that runs as it should; cases change what is other.
struct Situation {
  Recorded recorded;
  Observed observed;

  Situation() {
    recorded.spec.state = DesiredState::kRunning;
    recorded.resource_version = recorded.status.seen_resource_version = 3;
    recorded.version = recorded.valid_version = 1;
    recorded.validity = Validity::kValid;
    recorded.status.state = "RUNNING";
    JobRecord job;
    job.id = "job";
    job.version = 1;
    job.state = "STARTED";
    recorded.job = job;
    observed.now = 1'000'000;
    observed.process = ProcessState::kAlive;
    observed.running = true;
  }
};

struct Case {
  const char* what;
  std::function<void(Situation&)> change;
  ActionKind expected;
  const char* state = "";
};

void Check(const std::vector<Case>& cases) {
  for (const Case& each : cases) {
    Situation situation;
    each.change(situation);
    const Action action = Decide(situation.recorded, situation.observed);
    EXPECT_EQ(action.kind, each.expected) << each.what;
    EXPECT_EQ(action.state, each.state) << each.what;
  }
}

void Start(Situation& s) { s.recorded.job->state = "STARTING"; }
void Gone(Situation& s) {
  s.observed.process = ProcessState::kGone;
  s.observed.running = false;
}
void Want(Situation& s, DesiredState state) { s.recorded.spec.state = state; }
void NoJob(Situation& s, const char* state) {
  s.recorded.job->ended_at = 1;
  s.recorded.status.state = state;
}
void Upgrade(Situation& s, UpgradeStrategy strategy) {
  s.recorded.spec.upgrade = strategy;
  s.recorded.version = s.recorded.valid_version = 2;
}
void Stopping(Situation& s) {
  s.recorded.job->ending = "SAVEPOINT";
  s.recorded.savepoint = SavepointRecord();
}

TEST(DecideTest, ARunningDeploymentIsLeftAlone) {
  Check({
      {"as wanted", [](Situation&) {}, ActionKind::kNone},
      {"changed", [](Situation& s) { s.recorded.resource_version = 4; }, ActionKind::kNoteIntent},
      {"its first checkpoint", [](Situation& s) { s.observed.checkpointed = true; },
       ActionKind::kNoteProgress},
      {"another checkpoint",
       [](Situation& s) {
         s.observed.checkpointed = true;
         s.recorded.job->checkpointed = 1;
       },
       ActionKind::kNone},
      {"a restart inside the worker", [](Situation& s) { s.observed.restarts = 1; },
       ActionKind::kNoteProgress},
      {"a failure some time ago",
       [](Situation& s) {
         s.recorded.status.failed_starts = 1;
         s.observed.running_ms = 61'000;
       },
       ActionKind::kForgetFailures},
      {"a failure just now",
       [](Situation& s) {
         s.recorded.status.failed_starts = 1;
         s.observed.running_ms = 1'000;
       },
       ActionKind::kNone},
  });
}

TEST(DecideTest, ANewVersionIsPlannedBeforeAnythingIsStopped) {
  const auto changed = [](Situation& s) {
    s.recorded.version = 2;
    s.recorded.validity = Validity::kUnknown;
  };
  Check({
      {"new", changed, ActionKind::kCompile},
      {"being planned",
       [&](Situation& s) {
         changed(s);
         s.observed.compiling = true;
       },
       ActionKind::kNone},
      {"planned",
       [&](Situation& s) {
         changed(s);
         s.observed.compiled = true;
       },
       ActionKind::kSettleVersion},
      {"invalid: the job in force goes on",
       [](Situation& s) {
         s.recorded.version = 2;
         s.recorded.validity = Validity::kInvalid;
       },
       ActionKind::kNone},
      {"invalid, and the job died: it is the valid version that comes back",
       [](Situation& s) {
         s.recorded.version = 2;
         s.recorded.validity = Validity::kInvalid;
         Gone(s);
       },
       ActionKind::kRecover},
      {"being planned while nothing runs: not the version before",
       [&](Situation& s) {
         changed(s);
         NoJob(s, "SUSPENDED");
         s.observed.compiling = true;
       },
       ActionKind::kWait},
      {"invalid, and nothing runs: the version before",
       [](Situation& s) {
         NoJob(s, "SUSPENDED");
         s.recorded.version = 2;
         s.recorded.validity = Validity::kInvalid;
       },
       ActionKind::kCreateJob},
      {"invalid from the first",
       [](Situation& s) {
         NoJob(s, "CANCELLED");
         s.recorded.valid_version = 0;
         s.recorded.validity = Validity::kInvalid;
       },
       ActionKind::kSettle, "FAILED"},
  });
}

TEST(DecideTest, Starting) {
  Check({
      {"recorded, not launched",
       [](Situation& s) {
         Start(s);
         s.observed.process = ProcessState::kNeverStarted;
       },
       ActionKind::kLaunch},
      {"launched, not up yet",
       [](Situation& s) {
         Start(s);
         s.observed.running = false;
       },
       ActionKind::kWait},
      {"up", [](Situation& s) { Start(s); }, ActionKind::kNoteStarted},
      {"recorded, but no longer wanted",
       [](Situation& s) {
         Start(s);
         Want(s, DesiredState::kCancelled);
         s.observed.process = ProcessState::kNeverStarted;
       },
       ActionKind::kEndJob, "TERMINATED"},
      {"recorded, but to be suspended: nothing has run",
       [](Situation& s) {
         Start(s);
         Want(s, DesiredState::kSuspended);
         s.observed.process = ProcessState::kNeverStarted;
       },
       ActionKind::kEndJob, "TERMINATED"},
      {"a later attempt, to be suspended: it has state that is saved first",
       [](Situation& s) {
         Start(s);
         s.recorded.job->generation = 2;
         Want(s, DesiredState::kSuspended);
         s.observed.process = ProcessState::kNeverStarted;
       },
       ActionKind::kLaunch},
      {"a later attempt waits",
       [](Situation& s) {
         Start(s);
         s.recorded.status.retry_at = s.observed.now + 1;
         s.observed.process = ProcessState::kNeverStarted;
       },
       ActionKind::kWait},
      {"refused: trying again would not help",
       [](Situation& s) {
         Start(s);
         Gone(s);
         s.observed.end = JobEnd::kRefused;
       },
       ActionKind::kEndJob, "FAILED"},
      {"failed at the start, perhaps not for ever",
       [](Situation& s) {
         Start(s);
         Gone(s);
         s.observed.end = JobEnd::kFailed;
       },
       ActionKind::kRecover},
      {"failed too often",
       [](Situation& s) {
         Start(s);
         Gone(s);
         s.observed.end = JobEnd::kFailed;
         s.recorded.status.failed_starts = 3;
       },
       ActionKind::kEndJob, "FAILED"},
  });
}

TEST(DecideTest, AJobWhoseProcessHasGone) {
  const auto gone = [](JobEnd end) {
    return [end](Situation& s) {
      Gone(s);
      s.observed.end = end;
    };
  };
  Check({
      {"killed", gone(JobEnd::kUnknown), ActionKind::kRecover},
      {"cancelled by others", gone(JobEnd::kCancelled), ActionKind::kRecover},
      {"finished", gone(JobEnd::kFinished), ActionKind::kEndJob, "FINISHED"},
      {"failed", gone(JobEnd::kFailed), ActionKind::kEndJob, "FAILED"},
      {"killed, to be cancelled",
       [](Situation& s) {
         Gone(s);
         Want(s, DesiredState::kCancelled);
       },
       ActionKind::kEndJob, "TERMINATED"},
      {"killed, to be suspended: it comes back to be saved",
       [](Situation& s) {
         Gone(s);
         Want(s, DesiredState::kSuspended);
       },
       ActionKind::kRecover},
      {"killed, and its state is not there",
       [](Situation& s) {
         Gone(s);
         s.observed.lost_state = "gone";
       },
       ActionKind::kEndJob, "FAILED"},
  });
}

TEST(DecideTest, Suspending) {
  const auto suspend = [](Situation& s) { Want(s, DesiredState::kSuspended); };
  const auto stopping = [](Situation& s) {
    Want(s, DesiredState::kSuspended);
    Stopping(s);
  };
  Check({
      {"intent first", suspend, ActionKind::kBeginSavepoint},
      {"then the request", stopping, ActionKind::kAskSavepoint},
      {"not before it is up",
       [&](Situation& s) {
         suspend(s);
         Start(s);
         s.observed.running = false;
       },
       ActionKind::kWait},
      {"asked",
       [&](Situation& s) {
         stopping(s);
         s.observed.savepoint_answer = AnswerState::kPending;
       },
       ActionKind::kWait},
      {"answered",
       [&](Situation& s) {
         stopping(s);
         s.observed.savepoint_answer = AnswerState::kDone;
       },
       ActionKind::kSettleSavepoint, "COMPLETED"},
      {"failed: the job runs on",
       [&](Situation& s) {
         stopping(s);
         s.observed.savepoint_answer = AnswerState::kFailed;
       },
       ActionKind::kSettleSavepoint, "FAILED"},
      {"asked by an earlier server, and complete",
       [&](Situation& s) {
         stopping(s);
         s.observed.savepoint_path = "/saved";
       },
       ActionKind::kWait},
      {"asked twice",
       [&](Situation& s) {
         stopping(s);
         s.observed.savepoint_path = "/saved";
         s.observed.savepoint_answer = AnswerState::kFailed;
       },
       ActionKind::kWait},
      {"asked by an earlier server, complete, and ended",
       [&](Situation& s) {
         stopping(s);
         Gone(s);
         s.observed.end = JobEnd::kFinished;
         s.observed.savepoint_path = "/saved";
       },
       ActionKind::kSettleSavepoint, "COMPLETED"},
      {"killed before it was complete",
       [&](Situation& s) {
         stopping(s);
         Gone(s);
       },
       ActionKind::kSettleSavepoint, "FAILED"},
      {"saved, and ended",
       [&](Situation& s) {
         stopping(s);
         s.recorded.savepoint.reset();
         Gone(s);
         s.observed.end = JobEnd::kFinished;
       },
       ActionKind::kEndJob, "TERMINATED"},
      {"saved, but it does not end",
       [&](Situation& s) {
         stopping(s);
         s.recorded.savepoint.reset();
         s.observed.overdue = true;
       },
       ActionKind::kKill},
      {"ended",
       [&](Situation& s) {
         suspend(s);
         NoJob(s, "TRANSITIONING");
       },
       ActionKind::kSettle, "SUSPENDED"},
      {"after a failure, not at once",
       [&](Situation& s) {
         suspend(s);
         s.recorded.status.failed_savepoints = 1;
         s.recorded.status.retry_at = s.observed.now + 1;
       },
       ActionKind::kWait},
      {"after too many failures the job runs on",
       [&](Situation& s) {
         suspend(s);
         s.recorded.status.failed_savepoints = 4;
       },
       ActionKind::kNone},
  });
}

TEST(DecideTest, ASavepointOnRequestLeavesTheJobRunning) {
  const auto asked = [](Situation& s) { s.recorded.savepoint = SavepointRecord(); };
  Check({
      {"recorded", asked, ActionKind::kAskSavepoint},
      {"complete without an answer",
       [&](Situation& s) {
         asked(s);
         s.observed.savepoint_path = "/saved";
       },
       ActionKind::kSettleSavepoint, "COMPLETED"},
      {"before an upgrade",
       [&](Situation& s) {
         asked(s);
         Upgrade(s, UpgradeStrategy::kStateful);
       },
       ActionKind::kAskSavepoint},
  });
}

TEST(DecideTest, SavepointsOfTheSchedule) {
  const auto scheduled = [](Situation& s, int64_t last) {
    s.recorded.spec.savepoint_interval_ms = 60'000;
    s.recorded.last_periodic = last;
  };
  Check({
      {"due", [=](Situation& s) { scheduled(s, s.observed.now - 60'000); },
       ActionKind::kBeginPeriodic},
      {"not yet", [=](Situation& s) { scheduled(s, s.observed.now - 59'999); }, ActionKind::kNone},
      {"a job that has just been started has just been saved",
       [=](Situation& s) {
         scheduled(s, 0);
         s.recorded.job->started_at = s.observed.now;
       },
       ActionKind::kNone},
      {"not while it restarts",
       [=](Situation& s) {
         scheduled(s, 0);
         s.observed.running = false;
       },
       ActionKind::kNone},
      {"none without a schedule", [](Situation& s) { s.recorded.last_periodic = 0; },
       ActionKind::kNone},
      {"what is to be deleted goes first",
       [=](Situation& s) {
         scheduled(s, 0);
         s.recorded.doomed = SavepointRecord();
       },
       ActionKind::kDeleteSavepoint},
  });
}

TEST(DecideTest, Cancelling) {
  const auto cancelling = [](Situation& s) {
    Want(s, DesiredState::kCancelled);
    s.recorded.job->ending = "CANCEL";
  };
  Check({
      {"intent first", [](Situation& s) { Want(s, DesiredState::kCancelled); },
       ActionKind::kBeginCancel},
      {"also while it is being saved",
       [](Situation& s) {
         Stopping(s);
         Want(s, DesiredState::kCancelled);
       },
       ActionKind::kBeginCancel},
      {"then the request", cancelling, ActionKind::kAskCancel},
      {"asked",
       [&](Situation& s) {
         cancelling(s);
         s.observed.cancel_asked = true;
       },
       ActionKind::kWait},
      {"asked long ago",
       [&](Situation& s) {
         cancelling(s);
         s.observed.overdue = true;
       },
       ActionKind::kKill},
      {"wanted again meanwhile: it ends first",
       [&](Situation& s) {
         cancelling(s);
         Want(s, DesiredState::kRunning);
       },
       ActionKind::kAskCancel},
      {"ended",
       [](Situation& s) {
         Want(s, DesiredState::kCancelled);
         NoJob(s, "TRANSITIONING");
       },
       ActionKind::kSettle, "CANCELLED"},
      {"settled",
       [](Situation& s) {
         Want(s, DesiredState::kCancelled);
         NoJob(s, "CANCELLED");
       },
       ActionKind::kNone},
  });
}

TEST(DecideTest, Upgrading) {
  const auto upgrade = [](UpgradeStrategy strategy) {
    return [strategy](Situation& s) { Upgrade(s, strategy); };
  };
  Check({
      {"with state", upgrade(UpgradeStrategy::kStateful), ActionKind::kBeginSavepoint},
      {"without", upgrade(UpgradeStrategy::kStateless), ActionKind::kBeginCancel},
      {"only when asked", upgrade(UpgradeStrategy::kNone), ActionKind::kNone},
      {"after too many failed savepoints the old job runs on",
       [](Situation& s) {
         Upgrade(s, UpgradeStrategy::kStateful);
         s.recorded.status.failed_savepoints = 4;
       },
       ActionKind::kNone},
      {"the old one has stopped",
       [](Situation& s) {
         Upgrade(s, UpgradeStrategy::kStateful);
         NoJob(s, "TRANSITIONING");
       },
       ActionKind::kCreateJob},
      {"the savepoint of the old one is not there: not without it",
       [](Situation& s) {
         Upgrade(s, UpgradeStrategy::kStateful);
         NoJob(s, "TRANSITIONING");
         s.observed.lost_state = "gone";
       },
       ActionKind::kSettle, "FAILED"},
  });
}

void NewVersionFails(Situation& s) {
  s.recorded.spec.rolls_back = true;
  s.recorded.version = s.recorded.valid_version = s.recorded.job->version = 2;
  s.recorded.fallback_version = 1;
}

TEST(DecideTest, AVersionThatDoesNotWork) {
  const auto failed = [](Situation& s) {
    NewVersionFails(s);
    NoJob(s, "FAILED");
    s.recorded.status.settled_version = 2;
  };
  const auto unstable = [](Situation& s) {
    NewVersionFails(s);
    s.observed.problem = s.recorded.job->problem = "restarts";
  };
  Check({
      {"what is wrong is recorded first", [](Situation& s) { s.observed.problem = "restarts"; },
       ActionKind::kNoteProblem},
      {"and that it is over", [](Situation& s) { s.recorded.job->problem = "restarts"; },
       ActionKind::kNoteProblem},
      {"it goes on where nobody wants it to be rolled back",
       [=](Situation& s) {
         unstable(s);
         s.recorded.spec.rolls_back = false;
       },
       ActionKind::kNone},
      {"it goes on if none before has worked",
       [=](Situation& s) {
         unstable(s);
         s.recorded.fallback_version = 0;
       },
       ActionKind::kNone},
      {"rejected while it runs", unstable, ActionKind::kRejectVersion},
      {"but not with its first checkpoint not yet noted",
       [=](Situation& s) {
         unstable(s);
         s.observed.checkpointed = true;
       },
       ActionKind::kNoteProgress},
      {"rejected after it failed", failed, ActionKind::kRejectVersion},
      {"failed, and nobody wants it to be rolled back",
       [=](Situation& s) {
         failed(s);
         s.recorded.spec.rolls_back = false;
       },
       ActionKind::kNone},
      {"the job of a rejected version makes room",
       [=](Situation& s) {
         unstable(s);
         s.recorded.validity = Validity::kInvalid;
         s.recorded.valid_version = 1;
       },
       ActionKind::kBeginCancel},
      {"for one of the version before",
       [=](Situation& s) {
         failed(s);
         s.recorded.status.state = "TRANSITIONING";
         s.recorded.status.settled_version = 0;
         s.recorded.validity = Validity::kInvalid;
         s.recorded.valid_version = 1;
       },
       ActionKind::kCreateJob},
      {"a version that begins with another state needs none of the job's",
       [](Situation& s) {
         Upgrade(s, UpgradeStrategy::kStateful);
         s.recorded.begins_elsewhere = true;
       },
       ActionKind::kBeginCancel},
      {"and waits for the user if upgrades do",
       [](Situation& s) {
         Upgrade(s, UpgradeStrategy::kNone);
         s.recorded.begins_elsewhere = true;
       },
       ActionKind::kNone},
  });
}

TEST(DecideTest, WhatIsOverStaysOver) {
  const auto over = [](const char* state, int64_t settled, int64_t valid) {
    return [=](Situation& s) {
      NoJob(s, state);
      s.recorded.status.settled_version = settled;
      s.recorded.version = s.recorded.valid_version = valid;
    };
  };
  Check({
      {"finished", over("FINISHED", 1, 1), ActionKind::kNone},
      {"failed", over("FAILED", 1, 1), ActionKind::kNone},
      {"failed, with a new version", over("FAILED", 1, 2), ActionKind::kCreateJob},
      {"suspended, to run", over("SUSPENDED", 1, 1), ActionKind::kCreateJob},
      {"cancelled, to run", over("CANCELLED", 1, 1), ActionKind::kCreateJob},
  });
}

TEST(DecideTest, RetriesWaitLongerAndLonger) {
  EXPECT_EQ(RetryDelayMs(1), 1'000);
  EXPECT_EQ(RetryDelayMs(2), 2'000);
  EXPECT_EQ(RetryDelayMs(7), 60'000);
  EXPECT_EQ(RetryDelayMs(1'000), 60'000);
}

}  // namespace
}  // namespace castor::platform
