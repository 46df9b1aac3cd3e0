// Files and directories, local or remote, behind one interface.
//
// Paths are absolute or relative names of the file system itself, as FileSystemRegistry gives them.
// All calls may block. Errors name the path and what the system said: kNotFound for a
// missing file, kResourceExhausted for a full disk, kIoError otherwise. A FileSystem is
// thread-safe; an opened file belongs to one thread at a time, except that ReadAt may be called
// from several.
//
// Durability: bytes survive a crash after `WritableFile::Sync`, and the *name* of a new or renamed
// file after `SyncDirectory` of its parent. `WriteFileAtomically` does the whole sequence. Where
// files appear whole, both come with `Close`, and nothing of a file is to be seen before.
#pragma once

#include <cstdint>
#include <functional>
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
  // Closes without Sync; what was written may be lost, and is where files appear whole.
  virtual ~WritableFile() = default;
  virtual Status Append(std::string_view bytes) = 0;
  virtual Status Sync() = 0;
  virtual Status Close() = 0;
  virtual int64_t size() const = 0;  // bytes in the file
  virtual const std::string& path() const = 0;
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;

  // Object stores: a file is there, whole, once it has been closed, so that nobody needs a
  // temporary name for it. There is no OpenForAppend then, Rename copies (it is atomic for who
  // looks at the target), and a directory is what its files' names say: one without any is empty or
  // missing.
  virtual bool FilesAppearWhole(const std::string& /*path*/) const { return false; }

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
// and the path in it: without the scheme of local files, with that of all others, so that a path
// always says where it is. Filled at start, read-only and thread-safe afterwards.
class FileSystemRegistry {
 public:
  // Gives the file system, which outlives the registry; called for each path.
  using Opener = std::function<Result<FileSystem*>()>;

  FileSystemRegistry();  // knows "file"
  void Register(std::string scheme, Opener opener);
  // Errors name the scheme and those that are known.
  Result<std::pair<FileSystem*, std::string>> Resolve(std::string_view uri) const;

 private:
  std::map<std::string, Opener, std::less<>> openers_;
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
// Writes a hidden temporary file beside `path` (unless files appear whole), syncs it, renames it
// over `path` and syncs the directory: after a crash the old or the new content is there, whole. On
// an error nothing of it stays behind.
Status WriteFileAtomically(FileSystem& file_system, const std::string& path,
                           std::string_view bytes);

}  // namespace castor::io
