// A folder for what serves one process only: made at its start, gone at its end.
//
// Under `state.backend.gemini.local.dir`, else the first of Flink's `io.tmp.dirs`; without these
// options under TMPDIR or /tmp. Its owner
// holds a lock in it, so that what a killed process has left is told from what is in use: making a
// folder deletes those of the same user that nobody holds. Not thread-safe.
#pragma once

#include <memory>
#include <string>

#include "base/configuration.h"

namespace castor::runtime {

class ScratchFolder {
 public:
  // `name` is of no other folder.
  static Result<std::unique_ptr<ScratchFolder>> Make(const Configuration& configuration,
                                                     const std::string& name);
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  ScratchFolder(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}

  const std::string path_;
  const int lock_;  // a descriptor
};

}  // namespace castor::runtime
