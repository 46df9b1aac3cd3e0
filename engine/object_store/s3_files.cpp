#include "object_store/s3_files.h"

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

#include "object_store/s3_error.h"

namespace castor::object_store {
namespace {

// Arrow's own: it uploads a piece of this size from where it is.
constexpr size_t kPartBytes = 10 << 20;

// An upload that the store could not be told to give up. Its parts are not to be seen (rules of the
// bucket may remove them in time) unless somebody completes them, which is what the destructor of
// the stream would do: so there is none.
void Keep(std::shared_ptr<arrow::io::OutputStream> upload) {
  static std::mutex mutex;
  static auto* const kept = new std::vector<std::shared_ptr<arrow::io::OutputStream>>();
  const std::lock_guard lock(mutex);
  kept->push_back(std::move(upload));
}

}  // namespace

Result<int64_t> S3ReadableFile::ReadAt(int64_t offset, void* target, int64_t bytes) {
  CASTOR_ASSIGN_OR_RETURN(const int64_t size, Size());
  if (offset >= size) return int64_t{0};
  const arrow::Result<int64_t> read = object_->ReadAt(offset, bytes, target);
  if (!read.ok()) return Explain("read", path_, read.status());
  return *read;
}

Result<int64_t> S3ReadableFile::Size() {
  const arrow::Result<int64_t> size = object_->GetSize();
  if (!size.ok()) return Explain("read", path_, size.status());
  return *size;
}

S3WritableFile::~S3WritableFile() {
  if (upload_ != nullptr && !upload_->Abort().ok()) Keep(std::move(upload_));
}

Status S3WritableFile::Append(std::string_view bytes) {
  CASTOR_RETURN_NOT_OK(failure_);
  size_ += static_cast<int64_t>(bytes.size());
  while (!bytes.empty()) {
    const size_t fits = std::min(bytes.size(), kPartBytes - part_.size());
    part_.append(bytes.substr(0, fits));
    bytes.remove_prefix(fits);
    charge_.Set(static_cast<int64_t>(part_.capacity()));
    if (part_.size() == kPartBytes) CASTOR_RETURN_NOT_OK(Upload());
  }
  return Status::OK();
}

Status S3WritableFile::Upload() {
  if (upload_ == nullptr) {
    auto opened = store_->OpenOutputStream(key_);
    if (!opened.ok()) return Failed("create", opened.status());
    upload_ = *std::move(opened);
  }
  const arrow::Status written = upload_->Write(part_.data(), static_cast<int64_t>(part_.size()));
  if (!written.ok()) return Failed("write", written);
  part_.clear();
  return Status::OK();
}

Status S3WritableFile::Close() {
  CASTOR_RETURN_NOT_OK(failure_);
  CASTOR_RETURN_NOT_OK(Upload());
  const arrow::Status closed = upload_->Close();
  if (!closed.ok()) return Failed("write", closed);
  upload_.reset();
  std::exchange(part_, {}).shrink_to_fit();
  charge_.Set(0);
  return Status::OK();
}

Status S3WritableFile::Failed(std::string_view action, const arrow::Status& error) {
  failure_ = Explain(action, path_, error);
  return failure_;
}

}  // namespace castor::object_store
