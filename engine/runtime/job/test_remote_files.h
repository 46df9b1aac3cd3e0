// For tests: a folder of this machine as an object store, whose paths begin with "remote://". Fails
// when it is told to, and counts what stores of state read.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "io/file_system.h"

namespace castor::runtime::test {

class RemoteFiles final : public io::FileSystem {
 public:
  explicit RemoteFiles(std::string folder) : folder_(std::move(folder)) {}

  // Asked before each read, write and end of a file; on any thread.
  std::function<bool()> fails = [] { return false; };
  // Of files that snapshots share.
  std::atomic<int64_t> state_reads{0};

  // Where an object is.
  std::string Local(const std::string& path) const {
    return folder_ + "/objects/" + path.substr(kScheme.size());
  }

  bool FilesAppearWhole(const std::string&) const override { return true; }

  Result<std::unique_ptr<io::ReadableFile>> OpenForRead(const std::string& path) override {
    CASTOR_ASSIGN_OR_RETURN(auto file, local_.OpenForRead(Local(path)));
    return std::unique_ptr<io::ReadableFile>(std::make_unique<Reader>(this, path, std::move(file)));
  }
  Result<std::unique_ptr<io::WritableFile>> OpenForWrite(const std::string& path) override {
    CASTOR_RETURN_NOT_OK(local_.MakeDirectories(folder_ + "/uploads"));
    const std::string upload = folder_ + "/uploads/" + std::to_string(uploads_++);
    CASTOR_ASSIGN_OR_RETURN(auto file, local_.OpenForWrite(upload));
    return std::unique_ptr<io::WritableFile>(std::make_unique<Writer>(this, path, std::move(file)));
  }
  Result<std::unique_ptr<io::WritableFile>> OpenForAppend(const std::string& path,
                                                          int64_t) override {
    return Status::Unsupported(path);
  }
  Result<io::FileInfo> Stat(const std::string& path) override {
    CASTOR_ASSIGN_OR_RETURN(io::FileInfo info, local_.Stat(Local(path)));
    info.path = path;
    return info;
  }
  Result<bool> Exists(const std::string& path) override { return local_.Exists(Local(path)); }
  Result<std::vector<io::FileInfo>> List(const std::string& path) override {
    std::vector<io::FileInfo> entries;
    CASTOR_ASSIGN_OR_RETURN(const bool exists, Exists(path));
    if (!exists) return entries;
    CASTOR_ASSIGN_OR_RETURN(entries, local_.List(Local(path)));
    for (io::FileInfo& entry : entries) entry.path = io::JoinPath(path, io::BaseName(entry.path));
    return entries;
  }
  Status MakeDirectories(const std::string&) override { return Status::OK(); }
  Status Rename(const std::string& from, const std::string&) override {
    return Status::Unsupported(from);
  }
  Status DeleteFile(const std::string& path) override { return local_.DeleteFile(Local(path)); }
  Status DeleteRecursively(const std::string& path) override {
    return local_.DeleteRecursively(Local(path));
  }
  Status SyncDirectory(const std::string&) override { return Status::OK(); }

 private:
  static constexpr std::string_view kScheme = "remote://";

  class Reader final : public io::ReadableFile {
   public:
    Reader(RemoteFiles* files, std::string path, std::unique_ptr<io::ReadableFile> file)
        : files_(*files), path_(std::move(path)), file_(std::move(file)) {}
    Result<int64_t> ReadAt(int64_t offset, void* target, int64_t bytes) override {
      if (files_.fails()) return Status::IoError("cannot read " + path_);
      if (path_.find("/shared/") != std::string::npos) ++files_.state_reads;
      return file_->ReadAt(offset, target, bytes);
    }
    Result<int64_t> Size() override { return file_->Size(); }
    const std::string& path() const override { return path_; }

   private:
    RemoteFiles& files_;
    const std::string path_;
    const std::unique_ptr<io::ReadableFile> file_;
  };

  class Writer final : public io::WritableFile {
   public:
    Writer(RemoteFiles* files, std::string path, std::unique_ptr<io::WritableFile> file)
        : files_(*files), path_(std::move(path)), file_(std::move(file)) {}
    ~Writer() override {
      [[maybe_unused]] const Status gone = io::LocalFileSystem().DeleteFile(file_->path());
    }
    Status Append(std::string_view bytes) override {
      if (files_.fails()) return Status::IoError("cannot write " + path_);
      return file_->Append(bytes);
    }
    Status Sync() override { return Status::OK(); }
    Status Close() override {
      if (files_.fails()) return Status::IoError("cannot end " + path_);
      CASTOR_RETURN_NOT_OK(file_->Close());
      const std::string target = files_.Local(path_);
      CASTOR_RETURN_NOT_OK(files_.local_.MakeDirectories(io::ParentDirectory(target)));
      return files_.local_.Rename(file_->path(), target);
    }
    int64_t size() const override { return file_->size(); }
    const std::string& path() const override { return path_; }

   private:
    RemoteFiles& files_;
    const std::string path_;
    const std::unique_ptr<io::WritableFile> file_;
  };

  const std::string folder_;
  io::FileSystem& local_ = io::LocalFileSystem();
  std::atomic<int> uploads_{0};
};

}  // namespace castor::runtime::test
