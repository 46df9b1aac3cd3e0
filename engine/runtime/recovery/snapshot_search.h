// Which snapshot a path means.
//
// A path that is a snapshot means itself. A folder means the latest of the snapshots in it or in
// its folders (a run's folder, a checkpoint directory, a folder of savepoints) if they all lie on
// one line: each run of the job went on from the one before, and nothing but the latest is left to
// go on from. Snapshots tell by their run and its ancestors; a run that has deleted its own leaves
// a note behind (run_end.h). Where that leaves more than one, or none, the error names what there
// is.
#pragma once

#include <string>
#include <vector>

#include "io/file_system.h"
#include "runtime/checkpoint/snapshot_metadata.h"

namespace castor::runtime {

struct FoundSnapshot {
  std::string path;
  SnapshotMetadata metadata;
  // All on its line that the path covers, oldest first, itself last.
  std::vector<std::string> line;
};

// kNotFound: there is no snapshot. kInvalidArgument: one must be named.
Result<FoundSnapshot> FindSnapshot(io::FileSystem& files, const std::string& path);

}  // namespace castor::runtime
