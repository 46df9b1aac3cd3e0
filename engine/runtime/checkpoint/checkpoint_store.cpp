#include "runtime/checkpoint/checkpoint_store.h"

#include <algorithm>
#include <utility>

#include "base/fault_point.h"
#include "runtime/checkpoint/fault_points.h"
#include "runtime/checkpoint/run_end.h"

namespace castor::runtime {
namespace {

// A supervisor may restart a job any number of times; the oldest runs are forgotten.
constexpr size_t kMostAncestors = 100;

}  // namespace

void CheckpointStore::StartFrom(const SnapshotMetadata& snapshot, std::vector<std::string> paths,
                                bool claim) {
  ancestors_ = {{snapshot.run, snapshot.id}};
  ancestors_.insert(ancestors_.end(), snapshot.ancestors.begin(), snapshot.ancestors.end());
  ancestors_.resize(std::min(ancestors_.size(), kMostAncestors));
  if (claim) {
    committed_.assign(std::make_move_iterator(paths.begin()), std::make_move_iterator(paths.end()));
  }
}

void CheckpointStore::OnVisible(const std::string& path) {
  const std::lock_guard lock(mutex_);
  restart_point_ = path;
}

Status CheckpointStore::OnCommitted(std::string path) {
  std::deque<std::string> surplus;
  {
    const std::lock_guard lock(mutex_);
    committed_.push_back(std::move(path));
    while (static_cast<int64_t>(committed_.size()) > retained_) {
      surplus.push_back(std::move(committed_.front()));
      committed_.pop_front();
    }
  }
  for (const std::string& old : surplus) CASTOR_RETURN_NOT_OK(Delete(old));
  return Status::OK();
}

// With the last checkpoint of an earlier run that was claimed, the folder of that run goes: what is
// left in it are checkpoints that were not completed.
Status CheckpointStore::Delete(const std::string& path) {
  CASTOR_RETURN_NOT_OK(DeleteSnapshot(files_, path));
  const std::string folder = io::ParentDirectory(path);
  const bool of_ancestor = std::any_of(
      ancestors_.begin(), ancestors_.end(),
      [&](const SnapshotName& ancestor) { return io::BaseName(folder) == ancestor.run; });
  if (!of_ancestor) return Status::OK();
  CASTOR_ASSIGN_OR_RETURN(const auto entries, files_.List(folder));
  for (const io::FileInfo& entry : entries) {
    CASTOR_ASSIGN_OR_RETURN(const bool snapshot,
                            files_.Exists(io::JoinPath(entry.path, kMetadataFile)));
    if (snapshot || !io::BaseName(entry.path).starts_with("chk-")) return Status::OK();
  }
  return files_.DeleteRecursively(folder);
}

std::optional<std::string> CheckpointStore::restart_point() const {
  const std::lock_guard lock(mutex_);
  return restart_point_;
}

Status CheckpointStore::DeleteAll(bool leave_note) {
  const std::lock_guard lock(mutex_);
  const bool note = leave_note && !ancestors_.empty();
  if (note) {
    CASTOR_RETURN_NOT_OK(files_.MakeDirectories(run_directory()));
    CASTOR_RETURN_NOT_OK(WriteRunEnd(files_, run_directory(), {run_, ancestors_}));
  }
  CASTOR_RETURN_NOT_OK(FaultPoint(fault::kBeforeFinalCleanup));
  restart_point_.reset();
  for (const std::string& path : std::exchange(committed_, {})) {
    CASTOR_RETURN_NOT_OK(Delete(path));
  }
  if (note) {
    CASTOR_ASSIGN_OR_RETURN(const bool others, OthersRemain());
    if (others) return Status::OK();
  }
  return files_.DeleteRecursively(run_directory());
}

// Whether the note of the end of this run is needed.
Result<bool> CheckpointStore::OthersRemain() const {
  CASTOR_ASSIGN_OR_RETURN(const auto runs, files_.List(directory_));
  for (const io::FileInfo& run : runs) {
    if (!run.is_directory || run.path == run_directory()) continue;
    CASTOR_ASSIGN_OR_RETURN(const auto snapshots, files_.List(run.path));
    for (const io::FileInfo& snapshot : snapshots) {
      if (!snapshot.is_directory) continue;
      CASTOR_ASSIGN_OR_RETURN(const bool is_one,
                              files_.Exists(io::JoinPath(snapshot.path, kMetadataFile)));
      if (is_one) return true;
    }
  }
  return false;
}

}  // namespace castor::runtime
