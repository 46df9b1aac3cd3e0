// Files of state that lie on a remote file system, with a cache of them on local disk. Lives as
// long as the job, so that a restarted attempt finds what the one before has read and written.
//
// Thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/io_pool.h"
#include "gemini/remote/cached_files.h"
#include "runtime/job/scratch_folder.h"
#include "state/gemini_options.h"

namespace castor::runtime {

class StateCache {
 public:
  // Its file is in a scratch folder that `name` is for. `remote` is not owned.
  static Result<std::unique_ptr<StateCache>> Make(const Configuration& configuration,
                                                  const state::GeminiOptions& options,
                                                  io::FileSystem* remote, const std::string& name);

  io::FileSystem* files() { return &files_; }
  // All is as never read.
  void Clear() { pages_.Clear(); }
  // Brings the files, one after the other, as long as there is room; a piece at a time, behind
  // what waits for the pool. Not after the pool has stopped.
  void FetchAhead(IoPool* io, std::vector<std::string> paths);

 private:
  struct Ahead;

  StateCache(std::unique_ptr<ScratchFolder> folder, std::unique_ptr<io::ScratchFile> file,
             const state::GeminiOptions& options, io::FileSystem* remote);
  void FetchSome(IoPool* io, std::shared_ptr<Ahead> ahead);

  const std::unique_ptr<ScratchFolder> folder_;
  gemini::PageCache pages_;
  gemini::CachedFiles files_;
};

}  // namespace castor::runtime
