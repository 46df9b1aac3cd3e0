#include "io/scratch_file.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace castor::io {
namespace {

Status Failure(const char* action, const std::string& path, int error) {
  std::string message = std::string("cannot ") + action + " '" + path +
                        "': " + std::generic_category().message(error);
  const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
  return full ? Status::ResourceExhausted(std::move(message)) : Status::IoError(std::move(message));
}

class LocalScratchFile final : public ScratchFile {
 public:
  LocalScratchFile(std::string path, int file) : path_(std::move(path)), file_(file) {}
  ~LocalScratchFile() override {
    ::close(file_);
    ::unlink(path_.c_str());
  }
  LocalScratchFile(const LocalScratchFile&) = delete;
  LocalScratchFile& operator=(const LocalScratchFile&) = delete;

  Status WriteAt(int64_t offset, std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t n = ::pwrite(file_, bytes.data(), bytes.size(), offset);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return Failure("write", path_, errno);
      bytes.remove_prefix(static_cast<size_t>(n));
      offset += n;
    }
    return Status::OK();
  }

  Result<int64_t> ReadAt(int64_t offset, void* target, int64_t bytes) override {
    int64_t done = 0;
    while (done < bytes) {
      const ssize_t n = ::pread(file_, static_cast<char*>(target) + done,
                                static_cast<size_t>(bytes - done), offset + done);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return Failure("read", path_, errno);
      if (n == 0) break;
      done += n;
    }
    return done;
  }

  Result<int64_t> FreeBytes() override {
    struct statvfs disk;
    if (::fstatvfs(file_, &disk) != 0) return Failure("look at the disk of", path_, errno);
    return static_cast<int64_t>(disk.f_bavail) * static_cast<int64_t>(disk.f_frsize);
  }

 private:
  const std::string path_;
  const int file_;
};

}  // namespace

Result<std::unique_ptr<ScratchFile>> MakeScratchFile(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return Failure("create", path, errno);
  return std::unique_ptr<ScratchFile>(std::make_unique<LocalScratchFile>(path, file));
}

}  // namespace castor::io
