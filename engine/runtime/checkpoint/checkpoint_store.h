// The checkpoints of one run of a job: where the next one goes, where a restart begins, what may be
// deleted.
//
// `<directory>/<job id>/chk-<n>`. Only what this run made is ever deleted. Lives as long as the
// job, across its restarts. Thread-safe.
#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <string>

#include "runtime/checkpoint/snapshot_directory.h"

namespace castor::runtime {

class CheckpointStore {
 public:
  // `directory` is this run's own.
  CheckpointStore(io::FileSystem& files, std::string directory, int64_t retained)
      : files_(files), directory_(std::move(directory)), retained_(retained) {}

  io::FileSystem& files() { return files_; }
  std::string PathOf(int64_t id) const {
    return io::JoinPath(directory_, "chk-" + std::to_string(id));
  }

  // A snapshot is visible and about to be committed: from now on it, and nothing older, may be
  // restored, since sinks show its results.
  void OnVisible(const std::string& path);
  // It is a checkpoint, and committed: older ones beyond the retained number go.
  Status OnCommitted(std::string path);
  // Where a restart begins; nothing before the first snapshot.
  std::optional<std::string> restart_point() const;
  // The end of the job, if checkpoints are not to outlive it.
  Status DeleteAll();

 private:
  io::FileSystem& files_;
  const std::string directory_;
  const int64_t retained_;
  mutable std::mutex mutex_;
  std::optional<std::string> restart_point_;
  std::deque<std::string> committed_;  // oldest first
};

}  // namespace castor::runtime
