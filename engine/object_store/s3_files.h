// Objects as files.
//
// Reading asks for just the range that is wanted, a request each time. Writing gathers a part and
// uploads it when it is full, on the caller's thread, so that a writer holds at most two parts
// (charged to the buffers) however large the object; an object of less than one is one request. The
// object is there when it has been closed, and nothing of it if it never is.
#pragma once

#include <arrow/filesystem/filesystem.h>
#include <arrow/io/interfaces.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/memory.h"
#include "base/memory_charge.h"
#include "io/file_system.h"

namespace castor::object_store {

class S3ReadableFile final : public io::ReadableFile {
 public:
  S3ReadableFile(std::string path, std::shared_ptr<arrow::io::RandomAccessFile> object)
      : path_(std::move(path)), object_(std::move(object)) {}

  Result<int64_t> ReadAt(int64_t offset, void* target, int64_t bytes) override;
  Result<int64_t> Size() override;
  const std::string& path() const override { return path_; }

 private:
  const std::string path_;
  const std::shared_ptr<arrow::io::RandomAccessFile> object_;
};

class S3WritableFile final : public io::WritableFile {
 public:
  // `key` is the path as `store` knows it.
  S3WritableFile(std::string path, std::string key, std::shared_ptr<arrow::fs::FileSystem> store)
      : path_(std::move(path)), key_(std::move(key)), store_(std::move(store)) {}
  ~S3WritableFile() override;

  Status Append(std::string_view bytes) override;
  Status Sync() override { return Status::OK(); }
  Status Close() override;
  int64_t size() const override { return size_; }
  const std::string& path() const override { return path_; }

 private:
  Status Upload();
  Status Failed(std::string_view action, const arrow::Status& error);

  const std::string path_;
  const std::string key_;
  const std::shared_ptr<arrow::fs::FileSystem> store_;
  std::shared_ptr<arrow::io::OutputStream> upload_;  // from the first part on
  std::string part_;
  MemoryCharge charge_{MemoryAccount::Buffers()};
  int64_t size_ = 0;
  Status failure_;  // the first; what comes after it is refused with it
};

}  // namespace castor::object_store
