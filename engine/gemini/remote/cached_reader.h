// A remote file that is read through the cache of pages. Thread-safe.
//
// The remote file is opened when something is missing for the first time.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "gemini/remote/page_cache.h"
#include "io/file_system.h"

namespace castor::gemini {

class CachedReader final : public io::ReadableFile {
 public:
  struct Parts {
    std::string path;
    uint64_t number = 0;  // in the cache
    int64_t size = 0;
    uint32_t pages_ahead = 1;          // of one request, at most
    PageCache* cache = nullptr;        // not owned
    io::FileSystem* remote = nullptr;  // not owned
  };

  explicit CachedReader(Parts parts) : parts_(std::move(parts)) {}

  Result<int64_t> ReadAt(int64_t offset, void* target, int64_t bytes) override;
  Result<int64_t> Size() override { return parts_.size; }
  const std::string& path() const override { return parts_.path; }

  // Brings those of the next `pages_ahead` pages that are missing, in one request.
  Status FetchFrom(uint32_t page);

 private:
  // The part of a read that lies in one page.
  struct Piece {
    uint32_t page = 0;
    int32_t offset = 0;
    int32_t bytes = 0;
  };

  // Reads the missing page `first` from the remote file, and with it as many of those up to `last`
  // and of what is worth while ahead as are missing, too. Returns the bytes of the pages.
  Result<std::string> Fetch(uint32_t first, uint32_t last);
  std::atomic<uint64_t>& StreamAt(uint32_t page);
  uint32_t CountMissing(uint32_t first, uint32_t most) const;
  Result<std::string> ReadRemote(uint32_t first, uint32_t pages);
  Result<io::ReadableFile*> Remote();

  int64_t page_bytes() const { return parts_.cache->page_bytes(); }
  uint32_t pages() const;

  const Parts parts_;
  std::mutex mutex_;
  std::unique_ptr<io::ReadableFile> remote_;
  // Who may be reading on, as merges and scans do: where the last request has ended, in the upper
  // half, and for how many pages it was. A guess, since several threads read. Who has read on
  // before is not pushed out by lookups, unless all have.
  std::array<std::atomic<uint64_t>, 4> streams_{};
  std::atomic<uint32_t> turn_{0};
};

}  // namespace castor::gemini
