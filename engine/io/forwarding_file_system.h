// A file system that passes everything on to another one; for those that change a part of it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "io/file_system.h"

namespace castor::io {

class ForwardingFileSystem : public FileSystem {
 public:
  explicit ForwardingFileSystem(FileSystem* target) : target_(*target) {}  // not owned

  bool FilesAppearWhole(const std::string& path) const override {
    return target_.FilesAppearWhole(path);
  }
  Result<std::unique_ptr<ReadableFile>> OpenForRead(const std::string& path) override {
    return target_.OpenForRead(path);
  }
  Result<std::unique_ptr<WritableFile>> OpenForWrite(const std::string& path) override {
    return target_.OpenForWrite(path);
  }
  Result<std::unique_ptr<WritableFile>> OpenForAppend(const std::string& path,
                                                      int64_t bytes) override {
    return target_.OpenForAppend(path, bytes);
  }
  Result<FileInfo> Stat(const std::string& path) override { return target_.Stat(path); }
  Result<bool> Exists(const std::string& path) override { return target_.Exists(path); }
  Result<std::vector<FileInfo>> List(const std::string& directory) override {
    return target_.List(directory);
  }
  Status MakeDirectories(const std::string& path) override { return target_.MakeDirectories(path); }
  Status Rename(const std::string& from, const std::string& to) override {
    return target_.Rename(from, to);
  }
  Status DeleteFile(const std::string& path) override { return target_.DeleteFile(path); }
  Status DeleteRecursively(const std::string& path) override {
    return target_.DeleteRecursively(path);
  }
  Status SyncDirectory(const std::string& path) override { return target_.SyncDirectory(path); }
  Status Link(const std::string& from, const std::string& to) override {
    return target_.Link(from, to);
  }

 protected:
  FileSystem& target() { return target_; }

 private:
  FileSystem& target_;
};

}  // namespace castor::io
