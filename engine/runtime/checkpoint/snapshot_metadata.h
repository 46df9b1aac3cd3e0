// The table of contents of a snapshot: the `_metadata` file (spec/checkpoint-format.md).
//
// Plain values. Reading tells apart what is corrupt, what is foreign (Flink's own snapshots say so)
// and what is of another format version.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "runtime/checkpoint/snapshot_name.h"
#include "state/snapshot.h"

namespace castor::runtime {

inline constexpr std::string_view kMetadataFile = "_metadata";

// One file: its sections stand one after the other.
struct FileRecord {
  std::string name;
  int64_t bytes = 0;
  uint64_t checksum = 0;                                  // XXH64, seed 0
  std::vector<std::pair<std::string, int64_t>> sections;  // name and bytes
  // What its keyed state consists of besides, in order; snapshots may have them in common.
  std::vector<state::StateFile> shared;
};

// Of subtask `subtask` of the operator at `index`: its file, and what its store is called by.
inline std::string InstanceName(size_t index, int32_t subtask) {
  return "op" + std::to_string(index) + "-" + std::to_string(subtask);
}

// One operator (node of the plan), or one source's or sink's coordinator.
struct OperatorRecord {
  std::string uid;
  std::vector<std::string> aliases;
  std::string fingerprint;
  std::string description;  // for messages
  std::string place;        // the same with the place in the script; not stored: scripts change
  int32_t parallelism = 1;
  std::map<int32_t, FileRecord> instances;  // by subtask; those with nothing to say are missing
  std::optional<FileRecord> coordinator;
};

struct SnapshotMetadata {
  int64_t id = 0;
  std::string kind;  // "checkpoint" or "savepoint"
  std::string job;
  std::string run;  // of the job; unlike its name, no other run has it
  // What the run went on from, and what that run had gone on from: the nearest first.
  std::vector<SnapshotName> ancestors;
  int64_t time_ms = 0;
  int32_t max_parallelism = 128;
  std::vector<OperatorRecord> operators;

  // Of the files that are its own, and of the shared ones, each counted once.
  int64_t OwnByteSize() const;
  int64_t SharedByteSize() const;
  std::vector<state::StateFile> SharedFiles() const;
};

// `directory` is the snapshot's: where shared files lie is told from there.
std::string EncodeMetadata(const SnapshotMetadata& metadata, const std::string& directory);
Result<SnapshotMetadata> DecodeMetadata(std::string_view bytes, const std::string& directory);

}  // namespace castor::runtime
