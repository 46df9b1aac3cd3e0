// Counts what is read from a file. As thread-safe as the file.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "io/file_system.h"

namespace castor::gemini {

class CountingFile final : public io::ReadableFile {
 public:
  using Counter = std::shared_ptr<std::atomic<uint64_t>>;

  CountingFile(std::unique_ptr<io::ReadableFile> file, Counter bytes)
      : file_(std::move(file)), bytes_(std::move(bytes)) {}

  Result<int64_t> ReadAt(int64_t offset, void* target, int64_t bytes) override {
    Result<int64_t> got = file_->ReadAt(offset, target, bytes);
    if (got.ok()) *bytes_ += static_cast<uint64_t>(*got);
    return got;
  }
  Result<int64_t> Size() override { return file_->Size(); }
  const std::string& path() const override { return file_->path(); }

 private:
  const std::unique_ptr<io::ReadableFile> file_;
  const Counter bytes_;
};

}  // namespace castor::gemini
