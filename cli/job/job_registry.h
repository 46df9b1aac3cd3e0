// The jobs that run on this machine as this user: what `castor run` and Castor Platform note and
// others find.
//
// A job has an id of six digits and these files in the registry's folder:
//   <id>.json    what is known from the start; locked as long as the job's `castor run` lives, or
//   its
//                worker if it is the platform's
//   <id>.sock    the worker's control socket (spec/worker-control.md), or a link to it
//   <id>.report  how it ended, written by the worker
//   <id>.bundle  its plan, if that is not kept elsewhere
// Files of a dead job are removed by whoever comes across them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"

namespace castor::cli {

struct JobRecord {
  std::string id;
  std::string name;
  std::string script;      // absolute path, or empty
  std::string deployment;  // the platform's, by id; empty for a `castor run`
  int64_t pid = 0;         // of the `castor run`; 0 for one of the platform
  int64_t started_at_ms = 0;
  std::string folder;

  std::string socket() const { return folder + "/" + id + ".sock"; }
  std::string report() const { return folder + "/" + id + ".report"; }
  std::string bundle() const { return folder + "/" + id + ".bundle"; }
};

// Holds the entry of a job that this process runs; the destructor removes it.
class JobEntry {
 public:
  static Result<JobEntry> Create(const std::string& folder, JobRecord record);
  JobEntry(JobEntry&& other) noexcept;
  JobEntry& operator=(JobEntry&&) = delete;
  ~JobEntry();

  const JobRecord& record() const { return record_; }
  // Who inherits it keeps the entry, and so its lock.
  int fd() const { return fd_; }
  // The entry stays, for the process that has inherited it.
  void Leave();

 private:
  JobEntry(int fd, JobRecord record) : fd_(fd), record_(std::move(record)) {}

  int fd_;
  JobRecord record_;
};

// Oldest first.
std::vector<JobRecord> ListJobs(const std::string& folder);

// By id, by the beginning of an id, or by name; an empty selector means the only job there is. The
// error lists the candidates.
Result<JobRecord> FindJob(const std::string& folder, const std::string& selector);

}  // namespace castor::cli
