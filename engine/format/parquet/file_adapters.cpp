#include "format/parquet/file_adapters.h"

#include <arrow/buffer.h>

#include "arrow_memory/charged_pool.h"

namespace castor::format::parquet {
namespace {

arrow::Status ToArrow(const Status& status) { return arrow::Status::IOError(status.message()); }

}  // namespace

Result<std::shared_ptr<InputFile>> InputFile::Open(io::FileSystem& file_system,
                                                   const std::string& path) {
  CASTOR_ASSIGN_OR_RETURN(auto file, file_system.OpenForRead(path));
  CASTOR_ASSIGN_OR_RETURN(const int64_t size, file->Size());
  return std::shared_ptr<InputFile>(new InputFile(std::move(file), size));
}

arrow::Status InputFile::Close() {
  file_.reset();
  return arrow::Status::OK();
}

arrow::Status InputFile::Seek(int64_t position) {
  if (position < 0) return arrow::Status::Invalid("position ", position, " is before the file");
  position_ = position;
  return arrow::Status::OK();
}

arrow::Result<int64_t> InputFile::Read(int64_t bytes, void* out) {
  if (file_ == nullptr) return arrow::Status::Invalid("the file is closed");
  Result<int64_t> read = file_->ReadAt(position_, out, bytes);
  if (!read.ok()) {
    if (error_.ok()) error_ = read.status();
    return ToArrow(read.status());
  }
  position_ += *read;
  return *read;
}

arrow::Result<std::shared_ptr<arrow::Buffer>> InputFile::Read(int64_t bytes) {
  ARROW_ASSIGN_OR_RAISE(auto buffer,
                        arrow::AllocateResizableBuffer(bytes, arrow_memory::ChargedPool()));
  ARROW_ASSIGN_OR_RAISE(const int64_t read, Read(bytes, buffer->mutable_data()));
  ARROW_RETURN_NOT_OK(buffer->Resize(read, false));
  return std::shared_ptr<arrow::Buffer>(std::move(buffer));
}

arrow::Status OutputFile::Close() {
  closed_ = true;  // the owner syncs and closes the file
  return arrow::Status::OK();
}

arrow::Status OutputFile::Write(const void* data, int64_t bytes) {
  const Status status = file_->Append({static_cast<const char*>(data), static_cast<size_t>(bytes)});
  if (status.ok()) return arrow::Status::OK();
  if (error_.ok()) error_ = status;
  return ToArrow(status);
}

}  // namespace castor::format::parquet
