// The lock file of a process: who holds it lives.
#pragma once

#include <sys/types.h>

#include <string>

#include "base/status.h"
#include "platform/controller/decide.h"

namespace castor::platform {

// Owned by the server while it starts the process; destroying it leaves the lock to the process.
class ProcessLock {
 public:
  // kInvalidArgument: a process has it.
  static Result<ProcessLock> Take(const std::string& path);
  ProcessLock(ProcessLock&& other) noexcept;
  ProcessLock& operator=(ProcessLock&&) = delete;
  ~ProcessLock();
  int fd() const { return fd_; }

 private:
  explicit ProcessLock(int fd) : fd_(fd) {}
  int fd_;
};

struct LockHolder {
  ProcessState state = ProcessState::kNeverStarted;
  pid_t pid = 0;  // 0: not known yet, or never started
};

LockHolder FindHolder(const std::string& path);

}  // namespace castor::platform
