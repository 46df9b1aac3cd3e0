#include "cli/process/child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace castor::cli {
namespace {

std::string SystemMessage(int error) { return std::generic_category().message(error); }

struct Pipe {
  int read = -1;
  int write = -1;
  Status Open() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) {
      return Status::IoError("cannot make a pipe: " + SystemMessage(errno));
    }
    read = ends[0];
    write = ends[1];
    return Status::OK();
  }
  // A terminal that passes bytes on as they are: what writes to it lays out its lines for our own.
  Status OpenTerminal() {
    read = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    char name[128];
    if (read >= 0 && ::grantpt(read) == 0 && ::unlockpt(read) == 0 &&
        ::ptsname_r(read, name, sizeof(name)) == 0) {
      write = ::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    }
    if (write < 0) return Status::IoError("cannot make a terminal: " + SystemMessage(errno));
    termios settings = {};
    ::tcgetattr(write, &settings);
    ::cfmakeraw(&settings);
    ::tcsetattr(write, TCSANOW, &settings);
    winsize size = {};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) ::ioctl(write, TIOCSWINSZ, &size);
    return Status::OK();
  }
  void CloseWrite() {
    if (write >= 0) ::close(write);
    write = -1;
  }
};

// Across exec. System calls only.
void Keep(int descriptor) { ::fcntl(descriptor, F_SETFD, 0); }

// Marked with this process's id.
void KeepLock(int lock) {
  char digits[16];
  size_t start = sizeof(digits);
  for (pid_t rest = ::getpid(); rest > 0; rest /= 10) {
    digits[--start] = static_cast<char>('0' + rest % 10);
  }
  (void)!::pwrite(lock, digits + start, sizeof(digits) - start, 0);
  Keep(lock);
}

// Runs in the child between fork and exec: system calls only.
void BecomeChild(const ChildOptions& options, const Pipe& output, const Pipe& error, pid_t parent) {
  if (options.lock >= 0) KeepLock(options.lock);
  for (const int descriptor : options.kept) Keep(descriptor);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  if (!options.log_file.empty()) {
    ::setsid();
    const int null = ::open("/dev/null", O_RDONLY);
    const int log = ::open(options.log_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::dup2(null, STDIN_FILENO);
    ::dup2(log, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    ::close(null);
    ::close(log);
  } else {
    // A group of its own: Ctrl-C reaches the parent alone, which passes it on once.
    ::setpgid(0, 0);
  }
  if (output.write >= 0) ::dup2(output.write, STDOUT_FILENO);
  if (error.write >= 0) ::dup2(error.write, STDERR_FILENO);
  if (options.signal_on_parent_death != 0) {
    ::prctl(PR_SET_PDEATHSIG, options.signal_on_parent_death);
    if (::getppid() != parent) ::_exit(127);  // it died before
  }
}

int ExitCode(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

Result<Child> Child::Start(const ChildOptions& options) {
  std::vector<char*> arguments;
  for (const std::string& argument : options.command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  Pipe output, error, failure;
  if (options.terminal_output) CASTOR_RETURN_NOT_OK(output.OpenTerminal());
  if (options.pipe_error) CASTOR_RETURN_NOT_OK(error.Open());
  CASTOR_RETURN_NOT_OK(failure.Open());
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) return Status::IoError("cannot start a process: " + SystemMessage(errno));
  if (pid == 0) {
    BecomeChild(options, output, error, parent);
    ::execv(arguments[0], arguments.data());
    const int reason = errno;
    (void)!::write(failure.write, &reason, sizeof(reason));
    ::_exit(127);
  }
  output.CloseWrite();
  error.CloseWrite();
  failure.CloseWrite();
  Child child;
  child.pid_ = pid;
  child.output_ = output.read;
  child.error_ = error.read;
  // The pipe closes itself when exec succeeds.
  int reason = 0;
  const ssize_t n = ::read(failure.read, &reason, sizeof(reason));
  ::close(failure.read);
  if (n == sizeof(reason)) {
    child.Wait();
    return Status::Internal("cannot run " + options.command[0] + ": " + SystemMessage(reason));
  }
  return child;
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      output_(std::exchange(other.output_, -1)),
      error_(std::exchange(other.error_, -1)),
      exit_code_(other.exit_code_) {}

Child::~Child() {
  CloseOutput();
  CloseError();
}

void Child::CloseOutput() {
  if (output_ >= 0) ::close(std::exchange(output_, -1));
}

void Child::CloseError() {
  if (error_ >= 0) ::close(std::exchange(error_, -1));
}

void Child::Kill(int signal) const {
  if (!exit_code_) ::kill(pid_, signal);
}

std::optional<int> Child::Poll() {
  int status = 0;
  if (!exit_code_ && ::waitpid(pid_, &status, WNOHANG) == pid_) exit_code_ = ExitCode(status);
  return exit_code_;
}

int Child::Wait() {
  int status = 0;
  while (!exit_code_) {
    if (::waitpid(pid_, &status, 0) == pid_) {
      exit_code_ = ExitCode(status);
    } else if (errno != EINTR) {
      exit_code_ = 127;
    }
  }
  return *exit_code_;
}

}  // namespace castor::cli
