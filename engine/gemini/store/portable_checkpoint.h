// Checkpoints whose files may be moved: a description that names its files by number, beside them
// (spec/gemini-checkpoint.md). Stateless, thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "gemini/store/store.h"

namespace castor::gemini {

struct CheckpointFile {
  std::string path;
  int64_t bytes = 0;
};

struct PortableCheckpoint {
  std::string description;
  std::vector<CheckpointFile> files;
};

// A file that several runs need, or a run that is there more than once because it came from
// instances of other key groups, is one file.
PortableCheckpoint MakePortable(const LiveCheckpoint& checkpoint);

// The checkpoint with its files where `path_of` says. kCorruption: the bytes are none, or name a
// file that is not among the first `files`.
Result<Checkpoint> PlaceFiles(std::string_view description, size_t files,
                              const std::function<std::string(size_t file)>& path_of);

}  // namespace castor::gemini
