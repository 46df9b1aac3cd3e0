#include "runtime/checkpoint/checkpoint_store.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/fault_point.h"
#include "runtime/checkpoint/fault_points.h"
#include "runtime/checkpoint/run_end.h"

namespace castor::runtime {
namespace {

// A supervisor may restart a job any number of times; the oldest runs are forgotten.
constexpr size_t kMostAncestors = 100;

}  // namespace

Status CheckpointStore::StartFrom(const std::vector<LocatedSnapshot>& line, bool claim) {
  const SnapshotMetadata& snapshot = line.back().metadata;
  ancestors_ = {{snapshot.run, snapshot.id}};
  ancestors_.insert(ancestors_.end(), snapshot.ancestors.begin(), snapshot.ancestors.end());
  ancestors_.resize(std::min(ancestors_.size(), kMostAncestors));
  return claim ? Claim(line) : Status::OK();
}

// What the process that wrote them left behind when it was killed goes: files in the folders of the
// claimed runs that no snapshot lists, be it claimed or not.
Status CheckpointStore::Claim(const std::vector<LocatedSnapshot>& line) {
  std::set<std::string> claimed, shared_folders, checkpoint_directories;
  for (const LocatedSnapshot& each : line) {
    kept_.push_back(each.path);
    claimed.insert(each.path);
    std::vector<state::StateFile> files = each.metadata.SharedFiles();
    // Those of a savepoint lie in it and go with it.
    std::erase_if(files, [&](const state::StateFile& file) {
      return io::ParentDirectory(file.path) == each.path;
    });
    shared_.List(each.path, files);
    for (const auto& file : files) shared_folders.insert(io::ParentDirectory(file.path));
    const std::string run = io::ParentDirectory(each.path);
    if (io::BaseName(run) == each.metadata.run) {
      shared_folders.insert(io::JoinPath(run, kSharedFolder));
    }
  }
  for (const std::string& folder : shared_folders) {
    checkpoint_directories.insert(io::ParentDirectory(io::ParentDirectory(folder)));
  }
  for (const std::string& directory : checkpoint_directories) {
    CASTOR_RETURN_NOT_OK(ListOthers(directory, claimed));
  }
  for (const std::string& folder : shared_folders) {
    CASTOR_RETURN_NOT_OK(shared_.DeleteUnlisted(folder));
  }
  return Status::OK();
}

// Whoever owns the snapshots that are not claimed, their files stay.
Status CheckpointStore::ListOthers(const std::string& checkpoints,
                                   const std::set<std::string>& claimed) {
  CASTOR_ASSIGN_OR_RETURN(const auto runs, files_.List(checkpoints));
  for (const io::FileInfo& run : runs) {
    if (!run.is_directory) continue;
    CASTOR_ASSIGN_OR_RETURN(const auto snapshots, files_.List(run.path));
    for (const io::FileInfo& snapshot : snapshots) {
      if (!snapshot.is_directory || claimed.contains(snapshot.path)) continue;
      const Result<SnapshotMetadata> metadata = ReadMetadata(files_, snapshot.path);
      // What is no snapshot, or a damaged one, nobody can restore.
      if (metadata.ok()) shared_.List(snapshot.path, metadata->SharedFiles());
    }
  }
  return Status::OK();
}

void CheckpointStore::OnVisible(const std::string& path, bool is_checkpoint) {
  const std::lock_guard lock(mutex_);
  restart_point_ = path;
  if (is_checkpoint) kept_.push_back(path);
}

void CheckpointStore::OnCommitted() {
  const std::lock_guard lock(mutex_);
  while (static_cast<int64_t>(kept_.size()) > retained_) {
    surplus_.push_back(std::move(kept_.front()));
    kept_.pop_front();
  }
}

Status CheckpointStore::DeleteSurplus() {
  const std::unique_lock deleting(deleting_, std::try_to_lock);
  return deleting.owns_lock() ? DeleteSurplusLocked() : Status::OK();
}

Status CheckpointStore::DeleteSurplusLocked() {
  while (true) {
    std::string oldest;
    {
      const std::lock_guard lock(mutex_);
      if (surplus_.empty()) return Status::OK();
      oldest = surplus_.front();
    }
    CASTOR_RETURN_NOT_OK(Delete(oldest));
    const std::lock_guard lock(mutex_);
    surplus_.pop_front();
  }
}

void CheckpointStore::GiveUp(const std::string& path) {
  {
    const std::lock_guard lock(mutex_);
    if (std::find(kept_.begin(), kept_.end(), path) != kept_.end()) return;
  }
  // What cannot be removed is without metadata and means nothing.
  [[maybe_unused]] Status ignored = DeleteSnapshot(files_, path);
  ignored = shared_.Unlist(path).status();
}

// The snapshot is gone for good before files that it lists are.
Status CheckpointStore::Delete(const std::string& path) {
  CASTOR_RETURN_NOT_OK(DeleteSnapshot(files_, path));
  const std::string run = io::ParentDirectory(path);
  if (shared_.IsListing(path)) CASTOR_RETURN_NOT_OK(files_.SyncDirectory(run));
  CASTOR_ASSIGN_OR_RETURN(const std::set<std::string> folders, shared_.Unlist(path));
  CASTOR_RETURN_NOT_OK(DeleteIfLeft(run));
  for (const std::string& folder : folders) {
    CASTOR_RETURN_NOT_OK(DeleteIfLeft(io::ParentDirectory(folder)));
  }
  return Status::OK();
}

// The folder of an earlier run that was claimed goes with its last checkpoint and the last file
// that others need of it: what is left in it then are checkpoints that were not completed.
Status CheckpointStore::DeleteIfLeft(const std::string& run_directory) {
  const bool of_ancestor = std::any_of(
      ancestors_.begin(), ancestors_.end(),
      [&](const SnapshotName& ancestor) { return io::BaseName(run_directory) == ancestor.run; });
  CASTOR_ASSIGN_OR_RETURN(const bool exists, files_.Exists(run_directory));
  if (!of_ancestor || !exists) return Status::OK();
  CASTOR_ASSIGN_OR_RETURN(const auto entries, files_.List(run_directory));
  for (const io::FileInfo& entry : entries) {
    if (io::BaseName(entry.path) == kSharedFolder) {
      CASTOR_ASSIGN_OR_RETURN(const auto shared, files_.List(entry.path));
      if (!shared.empty()) return Status::OK();
      continue;
    }
    CASTOR_ASSIGN_OR_RETURN(const bool snapshot,
                            files_.Exists(io::JoinPath(entry.path, kMetadataFile)));
    if (snapshot || !io::BaseName(entry.path).starts_with("chk-")) return Status::OK();
  }
  return files_.DeleteRecursively(run_directory);
}

std::optional<std::string> CheckpointStore::restart_point() const {
  const std::lock_guard lock(mutex_);
  return restart_point_;
}

Status CheckpointStore::KeepAll() {
  const std::lock_guard deleting(deleting_);
  CASTOR_RETURN_NOT_OK(DeleteSurplusLocked());
  return shared_.ForgetStores();
}

Status CheckpointStore::DeleteAll(bool leave_note) {
  const std::lock_guard deleting(deleting_);
  const bool note = leave_note && !ancestors_.empty();
  if (note) {
    CASTOR_RETURN_NOT_OK(files_.MakeDirectories(run_directory()));
    CASTOR_RETURN_NOT_OK(WriteRunEnd(files_, run_directory(), {run_, ancestors_}));
  }
  CASTOR_RETURN_NOT_OK(FaultPoint(fault::kBeforeFinalCleanup));
  CASTOR_RETURN_NOT_OK(shared_.ForgetStores());
  {
    const std::lock_guard lock(mutex_);
    restart_point_.reset();
    std::move(kept_.begin(), kept_.end(), std::back_inserter(surplus_));
    kept_.clear();
  }
  CASTOR_RETURN_NOT_OK(DeleteSurplusLocked());
  if (note) {
    CASTOR_ASSIGN_OR_RETURN(const bool others, OthersRemain());
    if (others) return files_.DeleteRecursively(shared_.directory());
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
