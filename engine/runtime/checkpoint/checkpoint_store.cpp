#include "runtime/checkpoint/checkpoint_store.h"

namespace castor::runtime {

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
  for (const std::string& old : surplus) {
    // First what makes it a snapshot, so that a half-deleted one is never taken for one.
    CASTOR_RETURN_NOT_OK(files_.DeleteFile(io::JoinPath(old, kMetadataFile)));
    CASTOR_RETURN_NOT_OK(files_.DeleteRecursively(old));
  }
  return Status::OK();
}

std::optional<std::string> CheckpointStore::restart_point() const {
  const std::lock_guard lock(mutex_);
  return restart_point_;
}

Status CheckpointStore::DeleteAll() {
  const std::lock_guard lock(mutex_);
  committed_.clear();
  restart_point_.reset();
  return files_.DeleteRecursively(directory_);
}

}  // namespace castor::runtime
