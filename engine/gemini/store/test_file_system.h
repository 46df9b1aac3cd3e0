// A file system in memory that fails when it is told to.
#pragma once

#include <algorithm>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "io/file_system.h"

namespace castor::gemini {

class TestFileSystem final : public io::FileSystem {
 public:
  using Bytes = std::shared_ptr<std::string>;

  // Asked before each read and write.
  std::function<bool()> fails = [] { return false; };
  std::map<std::string, Bytes> files;
  std::set<std::string> synced;  // files, and directories
  bool whole = false;            // files appear when they are closed

  bool FilesAppearWhole(const std::string&) const override { return whole; }

  Result<std::unique_ptr<io::ReadableFile>> OpenForRead(const std::string& path) override {
    const auto at = files.find(path);
    if (at == files.end()) return Status::NotFound(path);
    return std::unique_ptr<io::ReadableFile>(new Reader(this, path, at->second));
  }
  Result<std::unique_ptr<io::WritableFile>> OpenForWrite(const std::string& path) override {
    if (fails()) return Failure(path);
    auto bytes = std::make_shared<std::string>();
    if (!whole) files[path] = bytes;
    return std::unique_ptr<io::WritableFile>(new Writer(this, path, std::move(bytes)));
  }
  Result<std::unique_ptr<io::WritableFile>> OpenForAppend(const std::string& path,
                                                          int64_t) override {
    return Status::Unsupported(path);
  }
  Result<io::FileInfo> Stat(const std::string& path) override {
    const auto at = files.find(path);
    if (at == files.end()) return Status::NotFound(path);
    return io::FileInfo{path, static_cast<int64_t>(at->second->size())};
  }
  Result<bool> Exists(const std::string& path) override { return files.count(path) > 0; }
  Result<std::vector<io::FileInfo>> List(const std::string& path) override {
    return Status::Unsupported(path);
  }
  Status MakeDirectories(const std::string&) override { return Status::OK(); }
  Status Rename(const std::string& from, const std::string&) override {
    return Status::Unsupported(from);
  }
  Status DeleteFile(const std::string& path) override {
    files.erase(path);
    return Status::OK();
  }
  Status DeleteRecursively(const std::string& path) override { return Status::Unsupported(path); }
  Status SyncDirectory(const std::string& path) override {
    if (fails()) return Failure(path);
    synced.insert(path);
    return Status::OK();
  }

 private:
  static Status Failure(const std::string& path) { return Status::IoError(path + ": as told"); }

  class Reader final : public io::ReadableFile {
   public:
    Reader(TestFileSystem* owner, std::string path, Bytes bytes)
        : owner_(owner), path_(std::move(path)), bytes_(std::move(bytes)) {}
    Result<int64_t> ReadAt(int64_t offset, void* target, int64_t bytes) override {
      if (owner_->fails()) return Failure(path_);
      const auto at = std::min(static_cast<size_t>(offset), bytes_->size());
      const auto count = std::min(static_cast<size_t>(bytes), bytes_->size() - at);
      std::memcpy(target, bytes_->data() + at, count);
      return static_cast<int64_t>(count);
    }
    Result<int64_t> Size() override { return static_cast<int64_t>(bytes_->size()); }
    const std::string& path() const override { return path_; }

   private:
    TestFileSystem* const owner_;
    const std::string path_;
    const Bytes bytes_;
  };

  class Writer final : public io::WritableFile {
   public:
    Writer(TestFileSystem* owner, std::string path, Bytes bytes)
        : owner_(owner), path_(std::move(path)), bytes_(std::move(bytes)) {}
    Status Append(std::string_view bytes) override {
      if (owner_->fails()) return Failure(path_);
      bytes_->append(bytes);
      return Status::OK();
    }
    Status Sync() override {
      if (owner_->fails()) return Failure(path_);
      owner_->synced.insert(path_);
      return Status::OK();
    }
    Status Close() override {
      if (owner_->whole && owner_->fails()) return Failure(path_);
      owner_->files[path_] = bytes_;
      return Status::OK();
    }
    int64_t size() const override { return static_cast<int64_t>(bytes_->size()); }
    const std::string& path() const override { return path_; }

   private:
    TestFileSystem* const owner_;
    const std::string path_;
    const Bytes bytes_;
  };
};

}  // namespace castor::gemini
