// A child process.
//
// Owned by one thread. Its descriptors other than the standard ones are closed.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/status.h"

namespace castor::cli {

struct ChildOptions {
  std::vector<std::string> command;  // the first is the program's path
  // What becomes of its standard output and error: the parent's unless said otherwise here.
  bool terminal_output = false;  // a terminal of its own, of the size of ours, to read from
  bool pipe_error = false;
  std::string log_file = {};  // for both; its input is then /dev/null and it outlives this process
  // A descriptor that it keeps, with whatever lock is on it, and into which it writes its process
  // id before anything else; -1: none.
  int lock = -1;
  std::vector<int> kept = {};  // more descriptors that it keeps
  // Signal it gets when this process dies, however that happens; 0: none.
  int signal_on_parent_death = 0;
};

class Child {
 public:
  static Result<Child> Start(const ChildOptions& options);
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  ~Child();  // closes the reading ends; the process goes on

  pid_t pid() const { return pid_; }
  // The reading ends; -1 without one, or after Close. Reading fails at the end of a terminal.
  int output() const { return output_; }
  int error() const { return error_; }
  void CloseOutput();
  void CloseError();

  void Kill(int signal) const;
  // The exit code (128 + n after signal n), once it has ended.
  std::optional<int> Poll();
  int Wait();

 private:
  Child() = default;

  pid_t pid_ = -1;
  int output_ = -1;
  int error_ = -1;
  std::optional<int> exit_code_;
};

}  // namespace castor::cli
