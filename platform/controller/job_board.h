// What the workers of the jobs that run have said last: written by the reconciler, read by whoever
// shows it. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "cli/job/job_status.h"

namespace castor::platform {

struct JobFigures {
  std::string namespace_name;
  std::string deployment;  // id
  std::string deployment_name;
  std::string job;  // id
  cli::JobStatus status;
};

class JobBoard {
 public:
  void Show(JobFigures figures) {
    const std::lock_guard lock(mutex_);
    const std::string job = figures.job;
    jobs_[job] = std::move(figures);
  }
  void Remove(const std::string& job) {
    const std::lock_guard lock(mutex_);
    jobs_.erase(job);
  }
  std::vector<JobFigures> All() const {
    const std::lock_guard lock(mutex_);
    std::vector<JobFigures> all;
    for (const auto& [id, figures] : jobs_) all.push_back(figures);
    return all;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, JobFigures> jobs_;  // by id
};

}  // namespace castor::platform
