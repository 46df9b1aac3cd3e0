#include "runtime/job/scratch_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "io/file_system.h"

namespace castor::runtime {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "castor-job-";
constexpr const char* kLock = "lock";

std::string ParentOf(const Configuration& configuration) {
  std::string directories = configuration.GetString("state.backend.gemini.local.dir", "");
  if (directories.empty()) directories = configuration.GetString("io.tmp.dirs", "");
  if (!directories.empty()) return directories.substr(0, directories.find_first_of(",|:"));
  const char* folder = std::getenv("TMPDIR");
  return folder != nullptr ? folder : "/tmp";
}

bool IsOwn(const std::string& path) {
  struct stat info;
  return ::lstat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode) && info.st_uid == ::geteuid();
}

// A folder without a lock is just being made, or its maker was killed at that very moment: it is
// left alone.
void DeleteIfLeft(const std::string& folder) {
  const int lock = ::open((fs::path(folder) / kLock).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (lock < 0) return;
  std::error_code ignored;
  if (::flock(lock, LOCK_EX | LOCK_NB) == 0) fs::remove_all(folder, ignored);
  ::close(lock);
}

void DeleteLeft(const std::string& parent) {
  std::error_code error;
  for (fs::directory_iterator each(parent, error), end; !error && each != end;
       each.increment(error)) {
    const bool named = each->path().filename().string().starts_with(kPrefix);
    if (named && IsOwn(each->path())) DeleteIfLeft(each->path());
  }
}

// The lock is taken under another name, so that nobody finds it free.
Result<int> Lock(const std::string& folder) {
  const std::string path = io::JoinPath(folder, kLock), hidden = io::JoinPath(folder, ".lock");
  const int lock = ::open(hidden.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (lock < 0) {
    const bool full = errno == ENOSPC || errno == EDQUOT;
    const std::string message = "cannot create '" + hidden + "'";
    return full ? Status::ResourceExhausted(message) : Status::IoError(message);
  }
  if (::flock(lock, LOCK_EX | LOCK_NB) == 0 && ::rename(hidden.c_str(), path.c_str()) == 0) {
    return lock;
  }
  ::close(lock);
  return Status::IoError("cannot lock '" + path + "'");
}

}  // namespace

Result<std::unique_ptr<ScratchFolder>> ScratchFolder::Make(const Configuration& configuration,
                                                           const std::string& name) {
  const std::string parent = fs::absolute(ParentOf(configuration)).lexically_normal();
  DeleteLeft(parent);
  const std::string path = io::JoinPath(parent, std::string(kPrefix) + name);
  CASTOR_RETURN_NOT_OK(io::LocalFileSystem().MakeDirectories(path));
  const Result<int> lock = Lock(path);
  if (lock.ok()) return std::unique_ptr<ScratchFolder>(new ScratchFolder(path, *lock));
  [[maybe_unused]] const Status ignored = io::LocalFileSystem().DeleteRecursively(path);
  return lock.status();
}

ScratchFolder::~ScratchFolder() {
  [[maybe_unused]] const Status ignored = io::LocalFileSystem().DeleteRecursively(path_);
  ::close(lock_);
}

}  // namespace castor::runtime
