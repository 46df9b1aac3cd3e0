// A snapshot on its way into a directory, and snapshots that are there.
//
// A directory is a snapshot once its `_metadata` has been renamed into place and the directory
// synced (or written, where files appear whole); until then it is garbage that nobody reads. Files
// are written on any thread, each by one.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "io/file_system.h"
#include "runtime/checkpoint/snapshot_file.h"

namespace castor::runtime {

class SnapshotDirectory {
 public:
  // Makes the directory, empty.
  static Result<std::unique_ptr<SnapshotDirectory>> Create(io::FileSystem& files, std::string path);

  // A new file with the sections, in order of name; more may follow.
  Result<std::unique_ptr<SnapshotFile>> Open(const std::string& name,
                                             const std::map<std::string, std::string>& sections);
  // Writes and syncs a file of these sections.
  Result<FileRecord> Write(const std::string& name,
                           const std::map<std::string, std::string>& sections);
  // Has `shared` files of `files` in the directory as well, and says where. Thread-safe.
  Status TakeIn(io::FileSystem& files, std::vector<state::StateFile>* shared);
  // Makes the snapshot visible. All files are written.
  Status Complete(const SnapshotMetadata& metadata);
  // Removes what was written, as well as can be.
  void Discard();

  const std::string& path() const { return path_; }

 private:
  SnapshotDirectory(io::FileSystem& files, std::string path)
      : files_(files), path_(std::move(path)) {}

  io::FileSystem& files_;
  const std::string path_;
  std::mutex mutex_;
  std::map<std::string, std::string> taken_in_;  // from where to where
};

// One stored file, verified. `section` is empty when the file has none of that name.
struct StoredFile {
  std::string bytes;
  std::vector<std::pair<std::string, int64_t>> sections;

  std::string_view section(std::string_view name) const;
};
Result<StoredFile> ReadStoredFile(io::FileSystem& files, const std::string& directory,
                                  const FileRecord& file);

struct LocatedSnapshot {
  std::string path;
  SnapshotMetadata metadata;
};
Result<SnapshotMetadata> ReadMetadata(io::FileSystem& files, const std::string& directory);

// `_metadata` goes first, so that a half-deleted snapshot is never taken for one.
Status DeleteSnapshot(io::FileSystem& files, const std::string& directory);

}  // namespace castor::runtime
