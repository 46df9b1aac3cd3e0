// What to do next about a deployment: a pure function of what is wanted, what is recorded and what
// is observed. Whoever calls it carries the action out, records that, and asks again.
//
// Every action leaves something behind that makes the next decision another one, so that a server
// that dies at any instant goes on where it was: intent is recorded before it is acted upon, and
// what may have happened meanwhile is observed, not remembered.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "platform/metadata/records.h"
#include "platform/metadata/spec.h"

namespace castor::platform {

enum class Validity { kUnknown, kValid, kInvalid };

struct Recorded {
  Spec spec;
  int64_t resource_version = 0;
  int64_t version = 0;  // the newest
  Validity validity = Validity::kUnknown;
  std::string invalid_message;
  int64_t valid_version = 0;      // the newest that is valid: the one in force; 0: none
  bool begins_elsewhere = false;  // the one in force says what it begins with
  // Of the job's version: one before it that is valid and has worked; 0: it has worked itself, or
  // there is none.
  int64_t fallback_version = 0;
  DeploymentStatusRecord status;
  std::optional<JobRecord> job;              // the newest
  std::optional<SavepointRecord> savepoint;  // of that job, the oldest that is STARTED
  std::optional<SavepointRecord> doomed;     // one that is to be deleted
  int64_t last_periodic = 0;                 // when a savepoint of the schedule was begun last
};

enum class ProcessState { kNeverStarted, kAlive, kGone };
// How the worker said that it ended; kUnknown: it said nothing, so it was killed.
enum class JobEnd { kUnknown, kFinished, kCancelled, kFailed, kRefused };
enum class AnswerState { kNotAsked, kPending, kDone, kFailed };

struct Observed {
  int64_t now = 0;
  bool compiling = false;
  bool compiled = false;  // there is an outcome for the newest version
  ProcessState process = ProcessState::kNeverStarted;
  bool running = false;  // the worker says so
  int64_t running_ms = 0;
  bool checkpointed = false;  // the worker has completed a checkpoint
  int64_t restarts = 0;       // of the job, by its worker
  JobEnd end = JobEnd::kUnknown;
  std::string problem;  // of a job that runs and does not get on (health.h)
  std::string message;  // of the end, or of the failed answer
  AnswerState savepoint_answer = AnswerState::kNotAsked;
  std::string savepoint_path;  // a complete savepoint where this one was to be taken
  bool cancel_asked = false;
  bool overdue = false;  // it was told to end long ago
  // Where a new job, or a new attempt of this one, goes on; empty: at the beginning.
  std::string restore_from;
  std::string lost_state;  // why it cannot: state that is recorded is not there
};

enum class ActionKind {
  kNone,        // all is as wanted
  kWait,        // for something that has been set going
  kNoteIntent,  // the deployment was changed: failures count anew
  kCompile,
  kSettleVersion,  // record whether it can be planned
  kSettle,         // record the deployment's state: `state`, `message`
  kCreateJob,      // record a job with its first attempt, and where it goes on
  kLaunch,         // start the attempt's process
  kNoteStarted,
  kNoteProgress,    // record what the worker says of checkpoints and restarts
  kForgetFailures,  // it has been running for long enough
  kNoteProblem,     // record what is wrong with the job, or that nothing is any more: `message`
  kRejectVersion,   // record that the job's version does not work: the one before is in force again
  kBeginSavepoint,  // record a savepoint behind which the job will stop
  kBeginPeriodic,   // record a savepoint that is due
  kAskSavepoint,
  kSettleSavepoint,  // record how it ended: `state`, `message`; the path is observed
  kBeginCancel,      // record that the job is to be cancelled
  kAskCancel,
  kKill,
  kDeleteSavepoint,  // its files, then its record
  kRecover,          // record another attempt of the job, from its latest state
  kEndJob,           // record the job's last state: `state`, `message`
};

struct Action {
  ActionKind kind = ActionKind::kNone;
  std::string state = {};
  std::string message = {};
};

// How logs and tests call it.
std::string_view ActionName(ActionKind kind);

// Milliseconds before attempt number `failures` + 1: from one second up to a minute.
int64_t RetryDelayMs(int64_t failures);

Action Decide(const Recorded& recorded, const Observed& observed);

}  // namespace castor::platform
