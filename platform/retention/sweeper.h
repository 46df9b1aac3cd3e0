// Deletes what is over and has been kept for long enough: checkpoints and other files of ended
// jobs, their records, events, alerts; and files that no record knows of any more.
//
// One thread does all of it, every minute. Which files go is recorded before they go, in one
// transaction with the look at who needs them, so that a server that dies in between leaves what
// the next one finishes; nobody may begin with a snapshot that is recorded so. What cannot be
// deleted is tried again.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "platform/metadata/store.h"
#include "platform/retention/retention_policy.h"

namespace castor::platform {

class Sweeper {
 public:
  // `store` outlives it; `data` has what local_target.h tells.
  Sweeper(Store* store, std::string data);
  ~Sweeper();
  Sweeper(const Sweeper&) = delete;
  Sweeper& operator=(const Sweeper&) = delete;

  // A policy was changed. Thread-safe.
  void Wake();

 private:
  void Work();
  Status Sweep();
  Status FinishDeletions();
  Status SweepNamespace(const std::string& in);
  Status SweepJobs(const std::string& in, const RetentionPolicy& policy);
  Status SweepJob(const JobRecord& job, const RetentionPolicy& policy);
  Status SweepRecords(const std::string& in, const RetentionPolicy& policy);
  Status SweepUnknownJobs();
  Status SweepPlans();
  Result<bool> IsNeededPlan(const std::string& deployment, int64_t version);
  Status DeleteFiles(Session session, const std::string& path);

  Store* const store_;
  const std::string data_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

// Whether the files there are being deleted.
Result<bool> IsBeingDeleted(Session* session, const std::string& path);

}  // namespace castor::platform
