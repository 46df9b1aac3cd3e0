#include "platform/targets/process_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace castor::platform {

Result<ProcessLock> ProcessLock::Take(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) {
    return Status::IoError("cannot open " + path + ": " + std::generic_category().message(errno));
  }
  ProcessLock lock(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    return Status::InvalidArgument(path + " is held by a process that lives");
  }
  return lock;
}

ProcessLock::ProcessLock(ProcessLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

ProcessLock::~ProcessLock() {
  if (fd_ >= 0) ::close(fd_);
}

LockHolder FindHolder(const std::string& path) {
  LockHolder holder;
  const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0) return holder;
  char text[32] = {};
  (void)!::pread(fd, text, sizeof(text) - 1, 0);
  holder.pid = static_cast<pid_t>(std::strtol(text, nullptr, 10));
  // One of our own children that has ended is gone for good only when that was taken notice of.
  if (holder.pid > 0) (void)::waitpid(holder.pid, nullptr, WNOHANG);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    holder.state = ProcessState::kAlive;
  } else if (holder.pid > 0) {
    holder.state = ProcessState::kGone;
  }
  ::close(fd);
  return holder;
}

}  // namespace castor::platform
