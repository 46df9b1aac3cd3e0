// Files of a remote file system, with pages of them in a cache on local disk.
//
// Reading asks the cache page by page; what is missing is read from the remote file in one request,
// a page for lookups, and ever more pages ahead for who reads on where it has stopped. What is
// written goes to the remote file and, page by page, to the cache, so that what has just been
// written is not read back from afar. A file that is known, because it was written or read here
// before, is opened without asking for it. For files that are written once and never changed.
//
// Thread-safe, as are the files for reading. The cache outlives it and its files.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "gemini/remote/page_cache.h"
#include "io/forwarding_file_system.h"

namespace castor::gemini {

class CachedFiles final : public io::ForwardingFileSystem {
 public:
  // None is owned. `ahead_bytes`: of one request to the remote file, at most; a page at least.
  CachedFiles(io::FileSystem* remote, PageCache* cache, int64_t ahead_bytes);

  Result<std::unique_ptr<io::ReadableFile>> OpenForRead(const std::string& path) override;
  Result<std::unique_ptr<io::WritableFile>> OpenForWrite(const std::string& path) override;
  Status DeleteFile(const std::string& path) override;

  // Brings what is missing of the next `ahead_bytes` of the file behind `*from`, which moves on,
  // as long as no other page has to go for it. False: the end of the file, or of the room.
  Result<bool> FetchAhead(const std::string& path, int64_t* from);

 private:
  struct Known {
    uint64_t number = 0;  // in the cache
    int64_t size = 0;
  };
  class Writer;

  Result<Known> Find(const std::string& path);
  void Remember(const std::string& path, Known known);
  void Forget(const std::string& path);

  PageCache* const cache_;
  const uint32_t pages_ahead_;
  std::mutex mutex_;
  std::map<std::string, Known> known_;  // by path
};

}  // namespace castor::gemini
