// The last checkpoint of a state, on disk, with what the model was at its cut; and the files of the
// state, of which none is deleted that the checkpoint on disk names. What a host is to a store.
//
// Thread-safe, but for Load, which comes first.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/status.h"
#include "gemini/store/checkpoint.h"

namespace castor::gemini {

class KeptCheckpoint {
 public:
  struct Content {
    Checkpoint checkpoint;
    std::vector<uint32_t> versions;  // the model
  };

  // `folder` is the state's.
  explicit KeptCheckpoint(const std::filesystem::path& folder);

  // Nothing if there is none. Files that it does not name are what a killed process left, and go.
  Result<std::optional<Content>> Load();
  // For the runs of this process: no other has given files such names that still are there.
  std::string run_prefix() const;
  // Replaces the one before as soon as it is durable.
  Status Keep(const Checkpoint& checkpoint, const std::vector<uint32_t>& versions);
  // Nobody in this process needs the file.
  void Release(const std::string& path);

 private:
  std::string path() const { return folder_ / "checkpoint"; }

  const std::filesystem::path folder_;
  uint32_t attempt_ = 0;
  std::mutex mutex_;
  std::set<std::string> named_;     // by the checkpoint on disk
  std::set<std::string> released_;  // of these
};

}  // namespace castor::gemini
