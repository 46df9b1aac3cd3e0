// A snapshot to start from: matches its operators with a job's and hands out their parts.
//
// Operators match by uid or alias, and their fingerprints must be equal. What the job has no place
// for is refused, all of it by name, or dropped when the user allows that; what the snapshot does
// not have starts empty. Not thread-safe.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/checkpoint/cut.h"
#include "runtime/checkpoint/snapshot_directory.h"

namespace castor::runtime {

class RestoredSnapshot {
 public:
  static Result<std::unique_ptr<RestoredSnapshot>> Open(io::FileSystem& files, std::string path);

  const SnapshotMetadata& metadata() const { return metadata_; }
  const std::string& path() const { return path_; }

  // `operators` are the job's. `dropped` (what was allowed to be left behind) is for the log.
  Status Match(const std::vector<OperatorRecord>& operators, bool allow_non_restored,
               std::vector<std::string>* dropped);

  // All below: by the uid in the job. `use` is called for each old instance that has the section,
  // in order of subtask; the bytes live only as long as the call.
  using Use = std::function<Status(int32_t subtask, std::string_view bytes)>;
  Status ForEach(const std::string& uid, const std::string& section, const Use& use) const;
  // Keyed state of the old instances that held any of `groups`, whose files are there.
  using UseKeyed = std::function<Status(int32_t subtask, state::StoredState stored)>;
  Status ForEachKeyed(const std::string& uid, KeyGroupRange groups, const UseKeyed& use) const;
  // What the operator's coordinator stored; empty when there is nothing.
  Result<StoredFile> Coordinator(const std::string& uid) const;

 private:
  RestoredSnapshot(io::FileSystem& files, std::string path)
      : files_(files), path_(std::move(path)) {}

  const OperatorRecord* Find(const std::string& uid) const;
  Status CheckShared(const FileRecord& file) const;
  Status UseSection(int32_t subtask, const FileRecord& file, const std::string& section,
                    const Use& use) const;

  io::FileSystem& files_;
  const std::string path_;
  SnapshotMetadata metadata_;
  std::map<std::string, const OperatorRecord*> matched_;  // by the job's uid
};

}  // namespace castor::runtime
