#include "runtime/checkpoint/shared_files.h"

#include <utility>

#include "base/fault_point.h"
#include "runtime/checkpoint/fault_points.h"

namespace castor::runtime {

Result<std::unique_ptr<io::WritableFile>> SharedFiles::StoreFiles::OpenForWrite(
    const std::string& path) {
  CASTOR_RETURN_NOT_OK(FaultPoint(fault::kBeforeSharedFile));
  auto file = target().OpenForWrite(path);
  if (file.status().code() != StatusCode::kNotFound) return file;
  CASTOR_RETURN_NOT_OK(target().MakeDirectories(io::ParentDirectory(path)));
  return target().OpenForWrite(path);
}

SharedFiles::SharedFiles(io::FileSystem& files, std::string directory, io::FileSystem* store_files)
    : files_(files),
      directory_(std::move(directory)),
      store_files_(store_files == nullptr ? &files : store_files) {}

int SharedFiles::attempt() const {
  const std::lock_guard lock(mutex_);
  return attempt_;
}

Status SharedFiles::ForgetStores() {
  std::set<std::string> doomed;
  {
    const std::lock_guard lock(mutex_);
    ++attempt_;
    brought_in_.clear();
    for (auto each = needs_.begin(); each != needs_.end();) {
      each->second.stores.clear();
      if (!each->second.none()) {
        ++each;
        continue;
      }
      doomed.insert(each->first);
      each = needs_.erase(each);
    }
  }
  CASTOR_RETURN_NOT_OK(Delete(doomed));
  return DeleteUnlisted(directory_);
}

Result<std::vector<state::StateFile>> SharedFiles::Restore(
    const std::string& store, io::FileSystem& files, const std::vector<state::StateFile>& stored) {
  std::vector<state::StateFile> restored;
  bool any_brought_in = false;
  for (const state::StateFile& file : stored) {
    bool own;
    {
      const std::lock_guard lock(mutex_);
      own = &files == &files_ && needs_.contains(file.path);
    }
    std::string path = file.path;
    if (!own) {
      CASTOR_ASSIGN_OR_RETURN(path, BringIn(files, file.path));
    }
    any_brought_in = any_brought_in || !own;
    const std::lock_guard lock(mutex_);
    needs_[path].stores.insert(store);
    restored.push_back({std::move(path), file.bytes});
  }
  if (any_brought_in) CASTOR_RETURN_NOT_OK(files_.SyncDirectory(directory_));
  return restored;
}

Result<std::string> SharedFiles::BringIn(io::FileSystem& files, const std::string& path) {
  std::string target;
  {
    const std::lock_guard lock(mutex_);
    const auto known = brought_in_.find(path);
    if (known != brought_in_.end()) return known->second;
    target = io::JoinPath(directory_, "restored-" + std::to_string(attempt_) + "-" +
                                          std::to_string(brought_in_.size()));
  }
  CASTOR_RETURN_NOT_OK(FaultPoint(fault::kBeforeRestoreFiles));
  CASTOR_RETURN_NOT_OK(files_.MakeDirectories(directory_));
  CASTOR_RETURN_NOT_OK(io::LinkOrCopy(files, path, files_, target));
  const std::lock_guard lock(mutex_);
  return brought_in_.emplace(path, std::move(target)).first->second;
}

void SharedFiles::Release(int attempt, const std::string& store, const std::string& path) {
  {
    const std::lock_guard lock(mutex_);
    if (attempt != attempt_) return;
    const auto found = needs_.find(path);
    if (found != needs_.end()) {
      found->second.stores.erase(store);
      if (!found->second.none()) return;
      needs_.erase(found);
    } else if (io::ParentDirectory(path) != directory_) {
      return;
    }
  }
  // What cannot be deleted is garbage in the directory, and goes with it at the latest.
  [[maybe_unused]] const Status ignored = Delete({path});
}

int64_t SharedFiles::List(const std::string& snapshot, const std::string& store,
                          const std::vector<state::StateFile>& files) {
  const std::lock_guard lock(mutex_);
  int64_t fresh = 0;
  for (const state::StateFile& file : files) {
    const auto [needs, is_new] = needs_.try_emplace(file.path);
    if (is_new) fresh += file.bytes;
    needs->second.stores.insert(store);
    ListLocked(snapshot, file.path, &needs->second);
  }
  return fresh;
}

void SharedFiles::List(const std::string& snapshot, const std::vector<state::StateFile>& files) {
  const std::lock_guard lock(mutex_);
  for (const state::StateFile& file : files) ListLocked(snapshot, file.path, &needs_[file.path]);
}

void SharedFiles::ListLocked(const std::string& snapshot, const std::string& path, Needs* needs) {
  ++needs->snapshots;
  listings_[snapshot].push_back(path);
}

bool SharedFiles::IsListing(const std::string& snapshot) const {
  const std::lock_guard lock(mutex_);
  return listings_.contains(snapshot);
}

Result<std::set<std::string>> SharedFiles::Unlist(const std::string& snapshot) {
  std::set<std::string> doomed, directories;
  {
    const std::lock_guard lock(mutex_);
    const auto listing = listings_.find(snapshot);
    if (listing == listings_.end()) return directories;
    for (const std::string& path : listing->second) {
      const auto found = needs_.find(path);
      --found->second.snapshots;
      if (!found->second.none()) continue;
      doomed.insert(path);
      needs_.erase(found);
    }
    listings_.erase(listing);
  }
  CASTOR_RETURN_NOT_OK(Delete(doomed));
  for (const std::string& path : doomed) directories.insert(io::ParentDirectory(path));
  return directories;
}

Status SharedFiles::DeleteUnlisted(const std::string& directory) {
  CASTOR_ASSIGN_OR_RETURN(const bool exists, files_.Exists(directory));
  if (!exists) return Status::OK();
  CASTOR_ASSIGN_OR_RETURN(const auto entries, files_.List(directory));
  std::set<std::string> doomed;
  {
    const std::lock_guard lock(mutex_);
    for (const io::FileInfo& entry : entries) {
      if (!needs_.contains(entry.path)) doomed.insert(entry.path);
    }
  }
  return Delete(doomed);
}

Status SharedFiles::Delete(const std::set<std::string>& paths) {
  for (const std::string& path : paths) {
    CASTOR_RETURN_NOT_OK(FaultPoint(fault::kBeforeSharedDelete));
    CASTOR_RETURN_NOT_OK(store_files_.DeleteFile(path));
  }
  return Status::OK();
}

}  // namespace castor::runtime
