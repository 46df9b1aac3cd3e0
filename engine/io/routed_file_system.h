// All file systems of a registry as one: the scheme of a path says which of them is meant.
//
// For those who keep paths of several (checkpoints here, the savepoint they started from there).
// Thread-safe; the registry outlives it.
#pragma once

#include "io/file_system.h"

namespace castor::io {

class RoutedFileSystem final : public FileSystem {
 public:
  explicit RoutedFileSystem(const FileSystemRegistry* registry) : registry_(registry) {}

  bool FilesAppearWhole(const std::string& path) const override;
  Result<std::unique_ptr<ReadableFile>> OpenForRead(const std::string& path) override;
  Result<std::unique_ptr<WritableFile>> OpenForWrite(const std::string& path) override;
  Result<std::unique_ptr<WritableFile>> OpenForAppend(const std::string& path,
                                                      int64_t bytes) override;
  Result<FileInfo> Stat(const std::string& path) override;
  Result<bool> Exists(const std::string& path) override;
  Result<std::vector<FileInfo>> List(const std::string& directory) override;
  Status MakeDirectories(const std::string& path) override;
  // kUnsupported: they are in two file systems.
  Status Rename(const std::string& from, const std::string& to) override;
  Status DeleteFile(const std::string& path) override;
  Status DeleteRecursively(const std::string& path) override;
  Status SyncDirectory(const std::string& path) override;
  Status Link(const std::string& from, const std::string& to) override;

 private:
  const FileSystemRegistry* const registry_;
};

}  // namespace castor::io
