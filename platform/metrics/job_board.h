// What the workers of the jobs that run have said last: written by the reconciler, read by whoever
// shows or keeps it. Thread-safe.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cli/job/job_status.h"

namespace castor::platform {

struct JobFigures {
  std::string namespace_name;
  std::string deployment;  // id
  std::string deployment_name;
  std::string job;  // id
  std::shared_ptr<const cli::JobStatus> status;
  // The same process some seconds before, for rates; null if it has not been running for so long.
  std::shared_ptr<const cli::JobStatus> before = nullptr;
};

class JobBoard {
 public:
  void Show(JobFigures figures);  // without `before`
  void Remove(const std::string& job);
  std::optional<JobFigures> Find(const std::string& job) const;
  std::vector<JobFigures> All() const;

 private:
  struct Entry {
    JobFigures latest;
    std::deque<std::shared_ptr<const cli::JobStatus>> recent;  // the latest is the last
  };
  static JobFigures WithBefore(const Entry& entry);

  mutable std::mutex mutex_;
  std::map<std::string, Entry> jobs_;  // by id
};

// How fast a counter that only grows has grown; nothing if that is not known.
std::optional<double> PerSecond(const cli::JobStatus* before, const cli::JobStatus& now,
                                int64_t (*counter)(const cli::JobStatus&));
std::optional<double> PerSecond(const cli::JobStatus* before, const cli::JobStatus& now,
                                const cli::OperatorStatus& of,
                                int64_t cli::OperatorStatus::* counter);

}  // namespace castor::platform
