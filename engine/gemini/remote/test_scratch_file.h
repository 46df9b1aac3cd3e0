// A scratch file in memory that refuses when it is told to.
#pragma once

#include <algorithm>
#include <cstring>
#include <functional>
#include <mutex>
#include <string>

#include "io/scratch_file.h"

namespace castor::gemini {

// What a test sets and looks at, shared with the file that the cache owns.
struct TestDisk {
  std::mutex mutex;
  std::string bytes;
  size_t most = SIZE_MAX;  // bytes that the disk has
  bool says_most = true;   // else that there is a lot
  std::function<bool()> fails = [] { return false; };
};

class TestScratchFile final : public io::ScratchFile {
 public:
  explicit TestScratchFile(TestDisk* disk) : disk_(*disk) {}

  Status WriteAt(int64_t offset, std::string_view bytes) override {
    const std::lock_guard lock(disk_.mutex);
    const auto at = static_cast<size_t>(offset);
    if (disk_.fails()) return Status::IoError("as told");
    if (at + bytes.size() > disk_.most) return Status::ResourceExhausted("full");
    disk_.bytes.resize(std::max(disk_.bytes.size(), at + bytes.size()));
    std::memcpy(disk_.bytes.data() + at, bytes.data(), bytes.size());
    return Status::OK();
  }
  Result<int64_t> ReadAt(int64_t offset, void* target, int64_t bytes) override {
    const std::lock_guard lock(disk_.mutex);
    if (disk_.fails()) return Status::IoError("as told");
    const size_t at = std::min(static_cast<size_t>(offset), disk_.bytes.size());
    const size_t count = std::min(static_cast<size_t>(bytes), disk_.bytes.size() - at);
    std::memcpy(target, disk_.bytes.data() + at, count);
    return static_cast<int64_t>(count);
  }
  Result<int64_t> FreeBytes() override {
    const std::lock_guard lock(disk_.mutex);
    constexpr size_t kLarge = size_t{1} << 40;
    const size_t most = disk_.says_most ? std::min(disk_.most, kLarge) : kLarge;
    return static_cast<int64_t>(most - disk_.bytes.size());
  }

 private:
  TestDisk& disk_;
};

}  // namespace castor::gemini
