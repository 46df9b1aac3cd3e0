// Files and directories, local or remote, behind one interface.
//
// Paths are absolute or relative names of the file system itself (no scheme; FileSystemRegistry
// strips it). All calls may block. Errors name the path and what the system said: kNotFound for a
// missing file, kResourceExhausted for a full disk, kIoError otherwise. A FileSystem is
// thread-safe; an opened file belongs to one thread at a time, except that ReadAt may be called
// from several.
//
// Durability: bytes survive a crash after `WritableFile::Sync`, and the *name* of a new or renamed
// file after `SyncDirectory` of its parent. `WriteFileAtomically` does the whole sequence.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"

namespace castor::io {

struct FileInfo {
  std::string path;
  int64_t size = 0;
  int64_t modification_time_ms = 0;
  bool is_directory = false;
};

class ReadableFile {
 public:
  virtual ~ReadableFile() = default;
  // Reads up to `bytes` bytes from `offset`; fewer only at the end of the file.
  virtual Result<int64_t> ReadAt(int64_t offset, void* target, int64_t bytes) = 0;
  virtual Result<int64_t> Size() = 0;
  virtual const std::string& path() const = 0;
};

class WritableFile {
 public:
  virtual ~WritableFile() = default;  // closes without Sync; what was written may be lost
  virtual Status Append(std::string_view bytes) = 0;
  virtual Status Sync() = 0;
  virtual Status Close() = 0;
  virtual int64_t size() const = 0;  // bytes in the file
  virtual const std::string& path() const = 0;
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;

  virtual Result<std::unique_ptr<ReadableFile>> OpenForRead(const std::string& path) = 0;
  // Makes the file, or empties an existing one. The parent directory must exist.
  virtual Result<std::unique_ptr<WritableFile>> OpenForWrite(const std::string& path) = 0;
  // Goes on behind the first `bytes` bytes of an existing file; what follows them is cut off.
  // kCorruption: the file is shorter.
  virtual Result<std::unique_ptr<WritableFile>> OpenForAppend(const std::string& path,
                                                              int64_t bytes) = 0;
  virtual Result<FileInfo> Stat(const std::string& path) = 0;
  // Whether the path exists; an error only if that could not be found out.
  virtual Result<bool> Exists(const std::string& path) = 0;
  // The entries of a directory, sorted by path, without "." and "..".
  virtual Result<std::vector<FileInfo>> List(const std::string& directory) = 0;
  // With all missing parents, whose names are made durable; existing directories are fine.
  virtual Status MakeDirectories(const std::string& path) = 0;
  // Atomic; replaces an existing target file. Both must be in this file system.
  virtual Status Rename(const std::string& from, const std::string& to) = 0;
  // A missing file is fine: deleting is idempotent.
  virtual Status DeleteFile(const std::string& path) = 0;
  // A directory with all it holds, or a file; missing is fine.
  virtual Status DeleteRecursively(const std::string& path) = 0;
  virtual Status SyncDirectory(const std::string& path) = 0;
  // `to`, which must not exist, is another name of the same bytes from then on. kUnsupported where
  // there is no such thing, or not between these two places.
  virtual Status Link(const std::string& from, const std::string& to);
};

// The file system of this machine.
FileSystem& LocalFileSystem();

// From a path with or without scheme ("/a/b", "file:///a/b", "s3://bucket/key") to its file system
// and the path in it. Filled at start, read-only afterwards.
class FileSystemRegistry {
 public:
  FileSystemRegistry();                                        // knows "file"
  void Register(std::string scheme, FileSystem* file_system);  // not owned
  // Errors name the scheme and those that are known.
  Result<std::pair<FileSystem*, std::string>> Resolve(std::string_view uri) const;

 private:
  std::map<std::string, FileSystem*, std::less<>> file_systems_;
};

std::string JoinPath(std::string_view directory, std::string_view name);
std::string_view BaseName(std::string_view path);
// "/" of "/a", "." of "a".
std::string ParentDirectory(std::string_view path);

Result<std::string> ReadWholeFile(FileSystem& file_system, const std::string& path);
// `to`, which must not exist, gets the bytes of `from`: as another name of them where that can be,
// else as a copy, which is synced. The name is not yet durable.
Status LinkOrCopy(FileSystem& from_files, const std::string& from, FileSystem& to_files,
                  const std::string& to);
// Writes a hidden temporary file beside `path`, syncs it, renames it over `path` and syncs the
// directory: after a crash the old or the new content is there, whole. On an error nothing of it
// stays behind.
Status WriteFileAtomically(FileSystem& file_system, const std::string& path,
                           std::string_view bytes);

}  // namespace castor::io
