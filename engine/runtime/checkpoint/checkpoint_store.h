// The checkpoints of one run of a job: where the next one goes, where a restart begins, what may be
// deleted.
//
// `<directory>/<run>/chk-<n>`, and `<directory>/<run>/shared` for files that they have in common.
// Only what this run made or claimed is ever deleted. Lives as long as the job, across its
// restarts. Thread-safe.
#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "runtime/checkpoint/shared_files.h"
#include "runtime/checkpoint/snapshot_directory.h"

namespace castor::runtime {

class CheckpointStore {
 public:
  // `directory` is the one of all runs; `run` names this one. `store_files` as SharedFiles has it.
  CheckpointStore(io::FileSystem& files, std::string directory, std::string run, int64_t retained,
                  io::FileSystem* store_files = nullptr)
      : files_(files),
        directory_(std::move(directory)),
        run_(std::move(run)),
        retained_(retained),
        shared_(files, io::JoinPath(run_directory(), kSharedFolder), store_files) {}

  io::FileSystem& files() { return files_; }
  SharedFiles& shared() { return shared_; }
  const std::string& run() const { return run_; }
  std::string run_directory() const { return io::JoinPath(directory_, run_); }
  std::string PathOf(int64_t id) const {
    return io::JoinPath(run_directory(), "chk-" + std::to_string(id));
  }

  // What the run went on from: of the snapshots of `line` (oldest first) the last. They are its own
  // now, if it claims them, and with them the files that they share.
  Status StartFrom(const std::vector<LocatedSnapshot>& line, bool claim);
  const std::vector<SnapshotName>& ancestors() const { return ancestors_; }

  // A snapshot is visible and about to be committed: from now on it, and nothing older, may be
  // restored, since sinks show its results.
  void OnVisible(const std::string& path, bool is_checkpoint);
  // The last checkpoint is committed: older ones beyond the retained number are surplus.
  void OnCommitted();
  // Deletes what is surplus, which may take as long as the store of files likes; at once if another
  // thread is at it. What cannot be deleted stays surplus.
  Status DeleteSurplus();
  // A checkpoint will not be completed: what was written of it goes, as well as can be. One that is
  // visible stays.
  void GiveUp(const std::string& path);
  // Where a restart begins; nothing before the first snapshot.
  std::optional<std::string> restart_point() const;
  // The end of the run, if checkpoints are not to outlive it. `leave_note`: that it has ended, if
  // there are snapshots in the directory that it may have gone on from.
  Status DeleteAll(bool leave_note);
  // The end of the run, if they are: what is surplus, and what only its stores needed goes.
  Status KeepAll();

 private:
  Status Claim(const std::vector<LocatedSnapshot>& line);
  Status ListOthers(const std::string& checkpoints, const std::set<std::string>& claimed);
  Status DeleteSurplusLocked();
  Status Delete(const std::string& path);
  Status DeleteIfLeft(const std::string& run_directory);
  Result<bool> OthersRemain() const;

  io::FileSystem& files_;
  const std::string directory_;
  const std::string run_;
  const int64_t retained_;
  SharedFiles shared_;
  std::vector<SnapshotName> ancestors_;  // not changed once the run has started
  std::mutex deleting_;                  // taken before the other
  mutable std::mutex mutex_;
  std::optional<std::string> restart_point_;
  std::deque<std::string> kept_;     // visible or claimed checkpoints; oldest first
  std::deque<std::string> surplus_;  // those that were
};

}  // namespace castor::runtime
