// A file of this process's own that is written anywhere in it: for what is kept elsewhere, too, and
// need not survive.
//
// Made new and empty; deleted with the object. Reads and writes of different ranges may run at the
// same time, on any thread. All calls may block; errors are as those of FileSystem.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"

namespace castor::io {

class ScratchFile {
 public:
  virtual ~ScratchFile() = default;
  virtual Status WriteAt(int64_t offset, std::string_view bytes) = 0;
  // Fewer bytes than asked for only at the end of what has been written.
  virtual Result<int64_t> ReadAt(int64_t offset, void* target, int64_t bytes) = 0;
  // Of the disk that it lies on, for anybody.
  virtual Result<int64_t> FreeBytes() = 0;
};

// On this machine; its folder must exist.
Result<std::unique_ptr<ScratchFile>> MakeScratchFile(const std::string& path);

}  // namespace castor::io
