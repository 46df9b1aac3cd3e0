#include "runtime/job/state_cache.h"

#include <utility>

namespace castor::runtime {

// What is still to be brought.
struct StateCache::Ahead {
  std::vector<std::string> paths;
  size_t next = 0;
  int64_t from = 0;  // of the next one
};

Result<std::unique_ptr<StateCache>> StateCache::Make(const Configuration& configuration,
                                                     const state::GeminiOptions& options,
                                                     io::FileSystem* remote,
                                                     const std::string& name) {
  CASTOR_ASSIGN_OR_RETURN(auto folder, ScratchFolder::Make(configuration, name));
  CASTOR_ASSIGN_OR_RETURN(auto file,
                          io::MakeScratchFile(io::JoinPath(folder->path(), "state-cache")));
  return std::unique_ptr<StateCache>(
      new StateCache(std::move(folder), std::move(file), options, remote));
}

StateCache::StateCache(std::unique_ptr<ScratchFolder> folder, std::unique_ptr<io::ScratchFile> file,
                       const state::GeminiOptions& options, io::FileSystem* remote)
    : folder_(std::move(folder)),
      pages_(std::move(file),
             {options.page_bytes, options.cache_bytes, options.cache_preserved_bytes}),
      files_(remote, &pages_, options.ahead_bytes) {}

void StateCache::FetchAhead(IoPool* io, std::vector<std::string> paths) {
  if (paths.empty()) return;
  FetchSome(io, std::make_shared<Ahead>(Ahead{std::move(paths)}));
}

// What cannot be read is the concern of whoever needs it.
void StateCache::FetchSome(IoPool* io, std::shared_ptr<Ahead> ahead) {
  io->Submit([this, io, ahead = std::move(ahead)] {
    const Result<bool> more = files_.FetchAhead(ahead->paths[ahead->next], &ahead->from);
    if (!more.ok() || !*more) {
      ++ahead->next;
      ahead->from = 0;
    }
    if (ahead->next < ahead->paths.size() && pages_.Room() > 0) FetchSome(io, ahead);
  });
}

}  // namespace castor::runtime
