// The note that a run leaves in its checkpoint folder when it ends and deletes its checkpoints, so
// that the older snapshots it went on from are not taken for the latest ones
// (spec/checkpoint-format.md).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "io/file_system.h"
#include "runtime/checkpoint/snapshot_metadata.h"

namespace castor::runtime {

inline constexpr std::string_view kRunEndFile = "_ended";

struct RunEnd {
  std::string run;
  std::vector<SnapshotName> ancestors;
};

Status WriteRunEnd(io::FileSystem& files, const std::string& directory, const RunEnd& end);
// Nothing if the directory holds no such note.
Result<std::optional<RunEnd>> ReadRunEnd(io::FileSystem& files, const std::string& directory);

}  // namespace castor::runtime
