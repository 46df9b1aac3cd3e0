#include "gemini/remote/cached_files.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "gemini/remote/cached_reader.h"

namespace castor::gemini {

// Passes what is appended on to the remote file, and its pages to the cache. What has not been
// closed is not there, and neither are its pages.
class CachedFiles::Writer final : public io::WritableFile {
 public:
  Writer(CachedFiles* files, std::unique_ptr<io::WritableFile> remote)
      : files_(*files), remote_(std::move(remote)), number_(files_.cache_->NewFile()) {}
  ~Writer() override {
    if (!closed_) files_.cache_->Forget(number_);
  }

  Status Append(std::string_view bytes) override {
    CASTOR_RETURN_NOT_OK(remote_->Append(bytes));
    const auto page_bytes = static_cast<size_t>(files_.cache_->page_bytes());
    while (!bytes.empty()) {
      const size_t taken = std::min(bytes.size(), page_bytes - page_.size());
      page_.append(bytes.substr(0, taken));
      bytes.remove_prefix(taken);
      if (page_.size() == page_bytes) EndPage();
    }
    return Status::OK();
  }
  Status Sync() override { return remote_->Sync(); }
  Status Close() override {
    CASTOR_RETURN_NOT_OK(remote_->Close());
    if (!page_.empty()) EndPage();
    files_.Remember(path(), {number_, size()});
    closed_ = true;
    return Status::OK();
  }
  int64_t size() const override { return remote_->size(); }
  const std::string& path() const override { return remote_->path(); }

 private:
  void EndPage() {
    files_.cache_->Add({number_, next_++}, page_);
    page_.clear();
  }

  CachedFiles& files_;
  const std::unique_ptr<io::WritableFile> remote_;
  const uint64_t number_;
  std::string page_;  // that is being filled
  uint32_t next_ = 0;
  bool closed_ = false;
};

CachedFiles::CachedFiles(io::FileSystem* remote, PageCache* cache, int64_t ahead_bytes)
    : ForwardingFileSystem(remote),
      cache_(cache),
      pages_ahead_(static_cast<uint32_t>(std::max<int64_t>(ahead_bytes / cache->page_bytes(), 1))) {
}

Result<CachedFiles::Known> CachedFiles::Find(const std::string& path) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(path);
    if (found != known_.end()) return found->second;
  }
  CASTOR_ASSIGN_OR_RETURN(const io::FileInfo info, target().Stat(path));
  const std::lock_guard lock(mutex_);
  const auto [entry, is_new] = known_.try_emplace(path, Known{0, info.size});
  if (is_new) entry->second.number = cache_->NewFile();
  return entry->second;
}

void CachedFiles::Remember(const std::string& path, Known known) {
  Forget(path);
  const std::lock_guard lock(mutex_);
  known_[path] = known;
}

void CachedFiles::Forget(const std::string& path) {
  uint64_t number;
  {
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(path);
    if (found == known_.end()) return;
    number = found->second.number;
    known_.erase(found);
  }
  cache_->Forget(number);
}

Result<std::unique_ptr<io::ReadableFile>> CachedFiles::OpenForRead(const std::string& path) {
  CASTOR_ASSIGN_OR_RETURN(const Known known, Find(path));
  return std::unique_ptr<io::ReadableFile>(std::make_unique<CachedReader>(
      CachedReader::Parts{path, known.number, known.size, pages_ahead_, cache_, &target()}));
}

Result<std::unique_ptr<io::WritableFile>> CachedFiles::OpenForWrite(const std::string& path) {
  CASTOR_ASSIGN_OR_RETURN(auto remote, target().OpenForWrite(path));
  return std::unique_ptr<io::WritableFile>(std::make_unique<Writer>(this, std::move(remote)));
}

Status CachedFiles::DeleteFile(const std::string& path) {
  Forget(path);
  return target().DeleteFile(path);
}

Result<bool> CachedFiles::FetchAhead(const std::string& path, int64_t* from) {
  CASTOR_ASSIGN_OR_RETURN(const Known known, Find(path));
  const auto most = static_cast<uint32_t>(std::min<size_t>(cache_->Room(), pages_ahead_));
  if (*from >= known.size || most == 0) return false;
  CachedReader reader({path, known.number, known.size, most, cache_, &target()});
  CASTOR_RETURN_NOT_OK(reader.FetchFrom(static_cast<uint32_t>(*from / cache_->page_bytes())));
  *from += int64_t{most} * cache_->page_bytes();
  return *from < known.size;
}

}  // namespace castor::gemini
