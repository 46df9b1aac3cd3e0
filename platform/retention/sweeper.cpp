#include "platform/retention/sweeper.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "base/fault_point.h"
#include "io/file_system.h"
#include "platform/metadata/versions.h"
#include "platform/retention/needed_files.h"
#include "platform/targets/job_files.h"

namespace castor::platform {
namespace {

constexpr auto kInterval = std::chrono::seconds(60);
constexpr const char* kSome = "1000";  // records in one transaction: others wait for it

bool IsThere(const std::string& path) {
  const auto exists = io::LocalFileSystem().Exists(path);
  return exists.ok() && *exists;
}

}  // namespace

Result<bool> IsBeingDeleted(Session* session, const std::string& path) {
  CASTOR_ASSIGN_OR_RETURN(const auto deletions, session->Select<DeletionRecord>("", {}));
  for (const DeletionRecord& deletion : deletions) {
    if (path == deletion.path || path.starts_with(deletion.path + "/")) return true;
  }
  return false;
}

Sweeper::Sweeper(Store* store, std::string data)
    : store_(store), data_(std::move(data)), thread_([this] { Work(); }) {}

Sweeper::~Sweeper() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Sweeper::Wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}

void Sweeper::Work() {
  while (true) {
    const Status status = Sweep();
    if (!status.ok()) {
      std::fprintf(stderr, "what is over is not deleted: %s\n", status.message().c_str());
    }
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kInterval, [this] { return stopping_ || woken_; });
    if (stopping_) return;
    woken_ = false;
  }
}

Status Sweeper::Sweep() {
  CASTOR_RETURN_NOT_OK(FinishDeletions());
  std::vector<std::string> namespaces;
  {
    CASTOR_ASSIGN_OR_RETURN(Session session, store_->BeginReading());
    CASTOR_ASSIGN_OR_RETURN(namespaces, session.Namespaces());
  }
  for (const std::string& in : namespaces) CASTOR_RETURN_NOT_OK(SweepNamespace(in));
  CASTOR_RETURN_NOT_OK(SweepUnknownJobs());
  return SweepPlans();
}

// What an earlier server has begun.
Status Sweeper::FinishDeletions() {
  std::vector<DeletionRecord> begun;
  {
    CASTOR_ASSIGN_OR_RETURN(Session session, store_->BeginReading());
    CASTOR_ASSIGN_OR_RETURN(begun, session.Select<DeletionRecord>("", {}));
  }
  for (const DeletionRecord& deletion : begun) {
    CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
    CASTOR_RETURN_NOT_OK(DeleteFiles(std::move(session), deletion.path));
  }
  return Status::OK();
}

// `session` has looked at who needs the files, and has not ended since.
Status Sweeper::DeleteFiles(Session session, const std::string& path) {
  CASTOR_RETURN_NOT_OK(FaultPoint("platform.sweep.before"));
  CASTOR_RETURN_NOT_OK(session.Save(DeletionRecord{path, NowMs()}));
  CASTOR_RETURN_NOT_OK(session.Commit());
  CASTOR_RETURN_NOT_OK(FaultPoint("platform.sweep.recorded"));
  {
    const Session ended = std::move(session);
  }  // nobody waits while files go
  CASTOR_RETURN_NOT_OK(io::LocalFileSystem().DeleteRecursively(path));
  CASTOR_RETURN_NOT_OK(FaultPoint("platform.sweep.deleted"));
  CASTOR_ASSIGN_OR_RETURN(Session after, store_->Begin());
  CASTOR_RETURN_NOT_OK(after.Remove(DeletionRecord{path, 0}));
  CASTOR_RETURN_NOT_OK(after.Commit());
  return FaultPoint("platform.sweep.after");
}

Status Sweeper::SweepNamespace(const std::string& in) {
  RetentionPolicy policy;
  {
    CASTOR_ASSIGN_OR_RETURN(Session session, store_->BeginReading());
    CASTOR_ASSIGN_OR_RETURN(policy, FindRetentionPolicy(&session, in));
  }
  CASTOR_RETURN_NOT_OK(SweepJobs(in, policy));
  return SweepRecords(in, policy);
}

// In parts: the records of all jobs there ever were may be many.
Status Sweeper::SweepJobs(const std::string& in, const RetentionPolicy& policy) {
  const int64_t shortest = std::min(policy.checkpoints_ms, policy.jobs_ms);
  for (int64_t after = 0;;) {
    std::vector<JobRecord> ended;
    {
      CASTOR_ASSIGN_OR_RETURN(Session session, store_->BeginReading());
      CASTOR_ASSIGN_OR_RETURN(
          ended, session.Select<JobRecord>("WHERE namespace = ? AND ended_at != 0 AND ended_at < ? "
                                           "AND sequence > ? ORDER BY sequence LIMIT 200",
                                           {in, NowMs() - shortest, after}));
    }
    if (ended.empty()) return Status::OK();
    for (const JobRecord& job : ended) CASTOR_RETURN_NOT_OK(SweepJob(job, policy));
    after = ended.back().sequence;
  }
}

// The record of the job with all its files, if that may go; else its checkpoints.
Status Sweeper::SweepJob(const JobRecord& job, const RetentionPolicy& policy) {
  const int64_t age = NowMs() - job.ended_at;
  const std::string folder = JobFolder(data_, job.id);
  const std::string checkpoints = CheckpointFolder(data_, job.id);
  const bool has_checkpoints = age > policy.checkpoints_ms && IsThere(checkpoints);
  if (age <= policy.jobs_ms && !has_checkpoints) return Status::OK();
  CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
  CASTOR_ASSIGN_OR_RETURN(const auto newer, session.Select<JobRecord>(
                                                "WHERE deployment = ? AND sequence > ? LIMIT ?",
                                                {job.deployment, job.sequence, policy.jobs_kept}));
  CASTOR_ASSIGN_OR_RETURN(const bool has_needed, HasNeededSnapshot(&session, folder));
  if (newer.empty() || has_needed || IsHeld(data_, job.id)) return Status::OK();
  CASTOR_ASSIGN_OR_RETURN(const bool is_needed, IsNeededJob(&session, job));
  const bool are_enough = static_cast<int64_t>(newer.size()) >= policy.jobs_kept;
  if (age <= policy.jobs_ms || is_needed || !are_enough) {
    return has_checkpoints ? DeleteFiles(std::move(session), checkpoints) : Status::OK();
  }
  CASTOR_RETURN_NOT_OK(session.Remove(job));
  EventRecord event;
  event.namespace_name = job.namespace_name;
  event.deployment = job.deployment;
  event.job = job.id;
  event.name = "JOB_DELETED";
  event.message = "Job " + job.id + " has ended long ago, and nothing needs it";
  CASTOR_RETURN_NOT_OK(session.AddEvent(std::move(event)));
  return DeleteFiles(std::move(session), folder);
}

// The newest event stays: the numbers of those to come go on from it.
Status Sweeper::SweepRecords(const std::string& in, const RetentionPolicy& policy) {
  const int64_t now = NowMs();
  int64_t removed = 0;
  do {
    CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
    CASTOR_ASSIGN_OR_RETURN(
        removed, session.RemoveWhere<EventRecord>(
                     std::string("WHERE sequence IN (SELECT sequence FROM events WHERE namespace = "
                                 "? AND created_at < ? AND sequence < (SELECT MAX(sequence) FROM "
                                 "events) ORDER BY sequence LIMIT ") +
                         kSome + ")",
                     {in, now - policy.events_ms}));
    CASTOR_RETURN_NOT_OK(session.Commit());
  } while (removed > 0);
  CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
  CASTOR_RETURN_NOT_OK(session
                           .RemoveWhere<AlertDeliveryRecord>(
                               "WHERE namespace = ? AND state != 'PENDING' AND modified_at < ?",
                               {in, now - policy.alerts_ms})
                           .status());
  CASTOR_RETURN_NOT_OK(session
                           .RemoveWhere<AlertRecord>(
                               "WHERE namespace = ? AND state = 'RESOLVED' AND resolved_at < ?",
                               {in, now - policy.alerts_ms})
                           .status());
  return session.Commit();
}

// Of deployments that were deleted. A job has a record before it has a folder.
Status Sweeper::SweepUnknownJobs() {
  std::vector<std::string> unknown = JobsWithFolders(data_);
  {
    CASTOR_ASSIGN_OR_RETURN(Session session, store_->BeginReading());
    for (std::string& id : unknown) {
      CASTOR_ASSIGN_OR_RETURN(const auto job, session.Find<JobRecord>("WHERE id = ?", {id}));
      if (job) id.clear();
    }
  }
  std::erase(unknown, "");
  for (const std::string& id : unknown) {
    CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
    CASTOR_ASSIGN_OR_RETURN(const auto job, session.Find<JobRecord>("WHERE id = ?", {id}));
    CASTOR_ASSIGN_OR_RETURN(const bool needed, HasNeededSnapshot(&session, JobFolder(data_, id)));
    if (job || needed || IsHeld(data_, id)) continue;
    CASTOR_RETURN_NOT_OK(DeleteFiles(std::move(session), JobFolder(data_, id)));
  }
  return Status::OK();
}

// Plans of versions that are neither in force nor the newest, and of which no job is left.
Status Sweeper::SweepPlans() {
  CASTOR_ASSIGN_OR_RETURN(const auto files, io::LocalFileSystem().List(data_ + "/bundles"));
  for (const io::FileInfo& file : files) {
    const std::string name(io::BaseName(file.path));
    const size_t dash = name.rfind('-');
    if (dash == std::string::npos || !name.ends_with(".json") || name.starts_with('.')) continue;
    const int64_t version = std::atoll(name.c_str() + dash + 1);
    CASTOR_ASSIGN_OR_RETURN(const bool needed, IsNeededPlan(name.substr(0, dash), version));
    if (needed) continue;
    // Nobody comes to need it meanwhile: what one goes back to is planned anew.
    CASTOR_ASSIGN_OR_RETURN(Session session, store_->Begin());
    CASTOR_RETURN_NOT_OK(DeleteFiles(std::move(session), file.path));
  }
  return Status::OK();
}

Result<bool> Sweeper::IsNeededPlan(const std::string& deployment, int64_t version) {
  CASTOR_ASSIGN_OR_RETURN(Session session, store_->BeginReading());
  CASTOR_ASSIGN_OR_RETURN(const auto of,
                          session.Find<DeploymentRecord>("WHERE id = ?", {deployment}));
  if (!of) return false;
  CASTOR_ASSIGN_OR_RETURN(
      const auto later,
      session.Find<VersionRecord>("WHERE deployment = ? AND version > ? AND validity = 'VALID'",
                                  {deployment, version}));
  if (!later) return true;
  CASTOR_ASSIGN_OR_RETURN(const auto fallback,
                          FindWorkingBefore(&session, deployment, of->version));
  if (fallback && fallback->version == version) return true;
  CASTOR_ASSIGN_OR_RETURN(
      const auto job,
      session.Find<JobRecord>("WHERE deployment = ? AND version = ?", {deployment, version}));
  return job.has_value();
}

}  // namespace castor::platform
