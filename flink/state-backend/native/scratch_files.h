// The files of this machine, for what is of no use once the process has died: nothing is made
// durable. What has to outlive the process goes through Flink's streams. Thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "io/forwarding_file_system.h"

namespace castor::flink {

class ScratchFiles final : public io::ForwardingFileSystem {
 public:
  ScratchFiles() : ForwardingFileSystem(&io::LocalFileSystem()) {}

  Result<std::unique_ptr<io::WritableFile>> OpenForWrite(const std::string& path) override {
    CASTOR_ASSIGN_OR_RETURN(auto file, target().OpenForWrite(path));
    return std::unique_ptr<io::WritableFile>(std::make_unique<ScratchFile>(std::move(file)));
  }
  Status SyncDirectory(const std::string&) override { return Status::OK(); }

 private:
  class ScratchFile final : public io::WritableFile {
   public:
    explicit ScratchFile(std::unique_ptr<io::WritableFile> file) : file_(std::move(file)) {}

    Status Append(std::string_view bytes) override { return file_->Append(bytes); }
    Status Sync() override { return Status::OK(); }
    Status Close() override { return file_->Close(); }
    int64_t size() const override { return file_->size(); }
    const std::string& path() const override { return file_->path(); }

   private:
    const std::unique_ptr<io::WritableFile> file_;
  };
};

}  // namespace castor::flink
