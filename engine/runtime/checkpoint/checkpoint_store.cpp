#include "runtime/checkpoint/checkpoint_store.h"

namespace castor::runtime {

Status CheckpointStore::OnCompleted(std::string path) {
  std::deque<std::string> surplus;
  {
    const std::lock_guard lock(mutex_);
    completed_.push_back(std::move(path));
    while (static_cast<int64_t>(completed_.size()) > retained_) {
      surplus.push_back(std::move(completed_.front()));
      completed_.pop_front();
    }
  }
  for (const std::string& old : surplus) {
    // First what makes it a snapshot, so that a half-deleted one is never taken for one.
    CASTOR_RETURN_NOT_OK(files_.DeleteFile(io::JoinPath(old, kMetadataFile)));
    CASTOR_RETURN_NOT_OK(files_.DeleteRecursively(old));
  }
  return Status::OK();
}

std::optional<std::string> CheckpointStore::latest() const {
  const std::lock_guard lock(mutex_);
  if (completed_.empty()) return std::nullopt;
  return completed_.back();
}

Status CheckpointStore::DeleteAll() {
  const std::lock_guard lock(mutex_);
  completed_.clear();
  return files_.DeleteRecursively(directory_);
}

}  // namespace castor::runtime
