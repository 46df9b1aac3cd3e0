// For tests: a job with checkpoints, and what it leaves behind.
#pragma once

#include <string>
#include <vector>

#include "runtime/job/running_job.h"

namespace castor::runtime::test {

inline constexpr int64_t kCount = 60'000;

// A job of a few hundred milliseconds with checkpoints every few.
inline void Configure(TestJob* job, const std::string& directory) {
  job->scan().table.options["count"] = std::to_string(kCount);
  job->scan().table.options["slow"] = "1";
  job->configuration.Set("execution.checkpointing.interval", "3ms");
  job->configuration.Set("execution.checkpointing.dir", directory);
}

inline JobOptions From(const std::string& snapshot, ClaimMode mode) {
  JobOptions options = From(snapshot);
  options.restore.claim_mode = mode;
  return options;
}

// Cancels a job with retained checkpoints once one has state; what a killed one leaves. The path of
// the last.
inline std::string LeaveCheckpoint(TestJob& job, JobOptions options = {}) {
  job.configuration.Set("execution.checkpointing.externalized-checkpoint-retention",
                        "RETAIN_ON_CANCELLATION");
  auto running = StartJob(job, 2, std::move(options));
  EXPECT_TRUE(running.ok()) << running.status().ToString();
  // What sinks have committed, a checkpoint has counted.
  const auto has_state = [&] {
    return (*running)->job->latest_checkpoint().has_value() && job.committed.size() > 0;
  };
  while (!has_state() &&
         (*running)->end.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) {
  }
  (*running)->job->Cancel();
  EXPECT_EQ(*(*running)->end.get(), Job::State::kCancelled);
  job.configuration.Set("execution.checkpointing.externalized-checkpoint-retention",
                        "DELETE_ON_CANCELLATION");
  return *(*running)->job->latest_checkpoint();
}

inline std::vector<std::string> Snapshots(const std::string& directory) {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.path().filename() == "_metadata") found.push_back(entry.path().parent_path());
  }
  return found;
}

}  // namespace castor::runtime::test
