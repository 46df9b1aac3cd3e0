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
#include "runtime/checkpoint/snapshot_directory.h"

namespace castor::runtime {

// The snapshots on the line of the one that is meant that the path covers, oldest first, itself
// last. kNotFound: there is no snapshot. kInvalidArgument: one must be named.
Result<std::vector<LocatedSnapshot>> FindSnapshot(io::FileSystem& files, const std::string& path);

}  // namespace castor::runtime
