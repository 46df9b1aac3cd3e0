// Where jobs run. An attempt is one process that runs one job once; a job has at most one that
// lives.
//
// What the server has forgotten, a target finds out: it is asked what has become of an attempt by
// name, not by what was returned when it was started. No call blocks for long. Used by one thread.
#pragma once

#include <memory>
#include <string>

#include "base/status.h"
#include "cli/job/job_status.h"
#include "platform/controller/decide.h"

namespace castor::platform {

struct Attempt {
  std::string job;
  int64_t generation = 1;

  std::string key() const { return job + "-" + std::to_string(generation); }
};

struct LaunchRequest {
  Attempt attempt;
  std::string deployment;  // its id
  std::string name;        // of the job
  std::string bundle;      // path of its plan, or of Flink's program
  bool on_flink = false;
  std::string restore_from;  // empty: the beginning
  bool allow_non_restored_state = false;
  int64_t parallelism = 1;
};

struct Savepoint {
  std::string id;
  bool stop = false;  // the job stops behind it
};

class Target {
 public:
  virtual ~Target() = default;

  // Returns when the process exists, or cannot.
  virtual Status Launch(const LaunchRequest& request) = 0;
  // What has become of it: process, end, message, running and its time. `status` is what the worker
  // has said last.
  virtual void Observe(const Attempt& attempt, Observed* observed,
                       std::shared_ptr<const cli::JobStatus>* status) = 0;
  // The answer comes with ObserveSavepoint. An error: it could not be asked; try again.
  virtual Status AskSavepoint(const Attempt& attempt, const Savepoint& savepoint) = 0;
  virtual void ObserveSavepoint(const Savepoint& savepoint, Observed* observed) = 0;
  virtual Status AskCancel(const Attempt& attempt) = 0;
  virtual void Kill(const Attempt& attempt) = 0;
  // The latest checkpoint that any attempt of the job has left; empty: none.
  virtual std::string LatestCheckpoint(const std::string& job) = 0;
  // With its files; one that is not there is deleted.
  virtual Status DeleteSavepoint(const std::string& id) = 0;
  // Nothing of the attempt is asked about any more.
  virtual void Forget(const Attempt& attempt) = 0;
  virtual void ForgetSavepoint(const std::string& id) = 0;
};

}  // namespace castor::platform
