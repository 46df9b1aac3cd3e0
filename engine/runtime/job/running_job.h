// A test's job while it runs, in the process of the test.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "runtime/job/test_job.h"

namespace castor::runtime::test {

// A directory that goes with the test.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "castor-job-test-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

struct RunningJob {
  std::unique_ptr<Blueprint> blueprint;
  std::unique_ptr<Job> job;
  std::future<Result<Job::State>> end;

  std::string Savepoint(const std::string& directory, bool stop, bool drain = false,
                        state::SnapshotFormat format = state::SnapshotFormat::kCanonical) {
    std::promise<Result<std::string>> told;
    job->Savepoint({directory, stop, drain, format},
                   [&](Result<std::string> path) { told.set_value(path); });
    const Result<std::string> path = told.get_future().get();
    EXPECT_TRUE(path.ok()) << path.status().ToString();
    return path.ok() ? *path : "";
  }
};

inline Result<std::unique_ptr<RunningJob>> StartJob(TestJob& test, int parallelism,
                                                    JobOptions options = {}) {
  test.configuration.Set("parallelism.default", std::to_string(parallelism));
  auto running = std::make_unique<RunningJob>();
  CASTOR_ASSIGN_OR_RETURN(running->blueprint, test.MakeBlueprint());
  if (options.threads < 2) options.threads = 2;
  CASTOR_ASSIGN_OR_RETURN(running->job, Job::Create(*running->blueprint, options));
  running->end = std::async(std::launch::async, [job = running->job.get()] { return job->Run(); });
  while (running->job->state() == Job::State::kCreated &&
         running->end.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) {
  }
  return running;
}

// Runs the job to its end.
inline Result<Job::State> RunJob(TestJob& test, int parallelism, JobOptions options = {}) {
  CASTOR_ASSIGN_OR_RETURN(auto running, StartJob(test, parallelism, std::move(options)));
  return running->end.get();
}

inline JobOptions From(const std::string& snapshot, bool allow_non_restored = false) {
  JobOptions options;
  options.restore.path = snapshot;
  options.restore.ignore_unclaimed_state = allow_non_restored;
  return options;
}

}  // namespace castor::runtime::test
