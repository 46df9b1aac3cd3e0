#include "cli/planner/bundle_cache.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <vector>

#include "io/file_system.h"

namespace castor::cli {

std::optional<std::string> BundleCache::Find(const std::string& key) const {
  std::string path = PathOf(key);
  // The time of modification is the time of last use.
  if (::utimensat(AT_FDCWD, path.c_str(), nullptr, 0) != 0) return std::nullopt;
  return path;
}

std::optional<std::string> BundleCache::Put(const std::string& key,
                                            const std::string& bundle) const {
  std::string path = PathOf(key);
  if (!io::WriteFileAtomically(io::LocalFileSystem(), path, bundle).ok()) return std::nullopt;
  Shrink();
  return path;
}

void BundleCache::Shrink() const {
  io::FileSystem& files = io::LocalFileSystem();
  auto entries = files.List(folder_);
  if (!entries.ok()) return;
  std::sort(entries->begin(), entries->end(), [](const io::FileInfo& a, const io::FileInfo& b) {
    return a.modification_time_ms > b.modification_time_ms;
  });
  int64_t kept = 0;
  bool newest = true;
  for (const io::FileInfo& entry : *entries) {
    kept += entry.size;
    // The newest is about to be used, however large it is.
    if (kept > max_bytes_ && !newest) (void)files.DeleteFile(entry.path).ok();
    newest = false;
  }
}

}  // namespace castor::cli
