// POSIX files.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>

#include "io/file_system.h"

namespace castor::io {
namespace {

Status SystemError(const char* action, const std::string& path, int error) {
  std::string message = std::string("cannot ") + action + " '" + path +
                        "': " + std::generic_category().message(error);
  if (error == ENOENT) return Status::NotFound(std::move(message));
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) {
    return Status::ResourceExhausted(
        std::move(message) + "; make room there, then start again from the last checkpoint");
  }
  return Status::IoError(std::move(message));
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  int Close() {
    int result = fd_ >= 0 ? ::close(fd_) : 0;
    fd_ = -1;
    return result;
  }

 private:
  int fd_;
};

int OpenRetrying(const std::string& path, int flags, mode_t mode = 0) {
  int fd;
  do {
    fd = ::open(path.c_str(), flags | O_CLOEXEC, mode);
  } while (fd < 0 && errno == EINTR);
  return fd;
}

class LocalReadableFile final : public ReadableFile {
 public:
  LocalReadableFile(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}

  Result<int64_t> ReadAt(int64_t offset, void* target, int64_t bytes) override {
    int64_t done = 0;
    while (done < bytes) {
      ssize_t n = ::pread(fd_.get(), static_cast<char*>(target) + done,
                          static_cast<size_t>(bytes - done), offset + done);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return SystemError("read", path_, errno);
      if (n == 0) break;
      done += n;
    }
    return done;
  }

  Result<int64_t> Size() override {
    struct stat info;
    if (::fstat(fd_.get(), &info) != 0) return SystemError("stat", path_, errno);
    return static_cast<int64_t>(info.st_size);
  }

  const std::string& path() const override { return path_; }

 private:
  const std::string path_;
  Descriptor fd_;
};

class LocalWritableFile final : public WritableFile {
 public:
  LocalWritableFile(std::string path, int fd, int64_t size)
      : path_(std::move(path)), fd_(fd), size_(size) {}

  Status Append(std::string_view bytes) override {
    while (!bytes.empty()) {
      ssize_t n = ::write(fd_.get(), bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return SystemError("write", path_, errno);
      bytes.remove_prefix(static_cast<size_t>(n));
      size_ += n;
    }
    return Status::OK();
  }

  Status Sync() override {
    if (::fdatasync(fd_.get()) != 0) return SystemError("sync", path_, errno);
    return Status::OK();
  }

  Status Close() override {
    if (fd_.Close() != 0) return SystemError("close", path_, errno);
    return Status::OK();
  }

  int64_t size() const override { return size_; }
  const std::string& path() const override { return path_; }

 private:
  const std::string path_;
  Descriptor fd_;
  int64_t size_;
};

FileInfo ToFileInfo(std::string path, const struct stat& info) {
  return {std::move(path), static_cast<int64_t>(info.st_size),
          static_cast<int64_t>(info.st_mtim.tv_sec) * 1000 + info.st_mtim.tv_nsec / 1'000'000,
          S_ISDIR(info.st_mode)};
}

// The stat of `path`; nothing if it does not exist.
Result<std::optional<struct stat>> TryStat(const std::string& path) {
  struct stat info;
  if (::stat(path.c_str(), &info) == 0) return std::optional<struct stat>(info);
  if (errno == ENOENT || errno == ENOTDIR) return std::optional<struct stat>();
  return SystemError("stat", path, errno);
}

class LocalFiles final : public FileSystem {
 public:
  Result<std::unique_ptr<ReadableFile>> OpenForRead(const std::string& path) override {
    int fd = OpenRetrying(path, O_RDONLY);
    if (fd < 0) return SystemError("open", path, errno);
    return std::unique_ptr<ReadableFile>(std::make_unique<LocalReadableFile>(path, fd));
  }

  Result<std::unique_ptr<WritableFile>> OpenForWrite(const std::string& path) override {
    int fd = OpenRetrying(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (fd < 0) return SystemError("create", path, errno);
    return std::unique_ptr<WritableFile>(std::make_unique<LocalWritableFile>(path, fd, 0));
  }

  Result<std::unique_ptr<WritableFile>> OpenForAppend(const std::string& path,
                                                      int64_t bytes) override {
    const int fd = OpenRetrying(path, O_WRONLY | O_APPEND);
    if (fd < 0) return SystemError("open", path, errno);
    auto file = std::make_unique<LocalWritableFile>(path, fd, bytes);
    struct stat info;
    if (::fstat(fd, &info) != 0) return SystemError("stat", path, errno);
    if (info.st_size < bytes) {
      return Status::Corruption("'" + path + "' has " + std::to_string(info.st_size) +
                                " bytes instead of at least " + std::to_string(bytes));
    }
    if (::ftruncate(fd, bytes) != 0) return SystemError("truncate", path, errno);
    return std::unique_ptr<WritableFile>(std::move(file));
  }

  Result<FileInfo> Stat(const std::string& path) override {
    struct stat info;
    if (::stat(path.c_str(), &info) != 0) return SystemError("stat", path, errno);
    return ToFileInfo(path, info);
  }

  Result<bool> Exists(const std::string& path) override {
    CASTOR_ASSIGN_OR_RETURN(std::optional<struct stat> info, TryStat(path));
    return info.has_value();
  }

  Result<std::vector<FileInfo>> List(const std::string& directory) override {
    DIR* stream = ::opendir(directory.c_str());
    if (stream == nullptr) return SystemError("list", directory, errno);
    std::unique_ptr<DIR, int (*)(DIR*)> closer(stream, ::closedir);
    std::vector<FileInfo> entries;
    while (true) {
      errno = 0;
      const dirent* entry = ::readdir(stream);
      if (entry == nullptr) break;
      std::string_view name = entry->d_name;
      if (name == "." || name == "..") continue;
      std::string path = JoinPath(directory, name);
      CASTOR_ASSIGN_OR_RETURN(std::optional<struct stat> info, TryStat(path));
      // Gone since readdir: another process may rename or delete at any time.
      if (info) entries.push_back(ToFileInfo(std::move(path), *info));
    }
    if (errno != 0) return SystemError("list", directory, errno);
    std::sort(entries.begin(), entries.end(),
              [](const FileInfo& a, const FileInfo& b) { return a.path < b.path; });
    return entries;
  }

  Status MakeDirectories(const std::string& path) override {
    CASTOR_ASSIGN_OR_RETURN(std::optional<struct stat> info, TryStat(path));
    if (info) {
      if (S_ISDIR(info->st_mode)) return Status::OK();
      return SystemError("make directory", path, ENOTDIR);
    }
    const std::string parent = ParentDirectory(path);
    if (parent != path) CASTOR_RETURN_NOT_OK(MakeDirectories(parent));
    // EEXIST: another writer made it at the same time.
    if (::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST) {
      return SystemError("make directory", path, errno);
    }
    return SyncDirectory(parent);
  }

  Status Rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) {
      return SystemError("rename", from + "' to '" + to, errno);
    }
    return Status::OK();
  }

  Status DeleteFile(const std::string& path) override {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) return SystemError("delete", path, errno);
    return Status::OK();
  }

  Status DeleteRecursively(const std::string& path) override {
    struct stat info;
    if (::lstat(path.c_str(), &info) != 0) {
      return errno == ENOENT ? Status::OK() : SystemError("delete", path, errno);
    }
    if (!S_ISDIR(info.st_mode)) return DeleteFile(path);
    CASTOR_ASSIGN_OR_RETURN(std::vector<FileInfo> entries, List(path));
    for (const FileInfo& entry : entries) CASTOR_RETURN_NOT_OK(DeleteRecursively(entry.path));
    if (::rmdir(path.c_str()) != 0 && errno != ENOENT) return SystemError("delete", path, errno);
    return Status::OK();
  }

  Status SyncDirectory(const std::string& path) override {
    Descriptor directory(OpenRetrying(path, O_RDONLY | O_DIRECTORY));
    if (directory.get() < 0) return SystemError("open directory", path, errno);
    if (::fsync(directory.get()) != 0) return SystemError("sync directory", path, errno);
    return Status::OK();
  }

  Status Link(const std::string& from, const std::string& to) override {
    if (::link(from.c_str(), to.c_str()) == 0) return Status::OK();
    const int error = errno;
    const std::string both = from + "' to '" + to;
    // EPERM: the file system has no links, or the system protects those of others' files.
    if (error == EXDEV || error == EPERM || error == EMLINK || error == EOPNOTSUPP) {
      return Status::Unsupported(SystemError("link", both, error).message());
    }
    return SystemError("link", both, error);
  }
};

}  // namespace

FileSystem& LocalFileSystem() {
  static LocalFiles local;
  return local;
}

}  // namespace castor::io
