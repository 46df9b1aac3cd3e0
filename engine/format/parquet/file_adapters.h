// Files of ours as Arrow's libraries see them.
//
// An adapter remembers the first error of its file, since the libraries keep only the text of it:
// `error()` is what to answer when one of their calls failed. One thread at a time.
#pragma once

#include <arrow/io/interfaces.h>
#include <arrow/result.h>

#include <memory>

#include "base/status.h"
#include "io/file_system.h"

namespace castor::format::parquet {

class InputFile final : public arrow::io::RandomAccessFile {
 public:
  static Result<std::shared_ptr<InputFile>> Open(io::FileSystem& file_system,
                                                 const std::string& path);

  const Status& error() const { return error_; }

  arrow::Status Close() override;
  bool closed() const override { return file_ == nullptr; }
  arrow::Result<int64_t> Tell() const override { return position_; }
  arrow::Status Seek(int64_t position) override;
  arrow::Result<int64_t> GetSize() override { return size_; }
  arrow::Result<int64_t> Read(int64_t bytes, void* out) override;
  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(int64_t bytes) override;

 private:
  InputFile(std::unique_ptr<io::ReadableFile> file, int64_t size)
      : file_(std::move(file)), size_(size) {}

  std::unique_ptr<io::ReadableFile> file_;
  const int64_t size_;
  int64_t position_ = 0;
  Status error_;
};

class OutputFile final : public arrow::io::OutputStream {
 public:
  // `file` is not owned and outlives the adapter.
  explicit OutputFile(io::WritableFile* file) : file_(file) {}

  const Status& error() const { return error_; }

  arrow::Status Close() override;
  bool closed() const override { return closed_; }
  arrow::Result<int64_t> Tell() const override { return file_->size(); }
  arrow::Status Write(const void* data, int64_t bytes) override;
  using arrow::io::Writable::Write;

 private:
  io::WritableFile* const file_;
  bool closed_ = false;
  Status error_;
};

}  // namespace castor::format::parquet
