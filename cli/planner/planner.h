// The planner's background process (spec/planner-protocol.md): found, started on demand, asked.
//
// One process a user and planner build: a rebuilt planner has another identity and so another
// socket, and the old process leaves when it has been idle. Two commands may start it at once: the
// second process leaves at its lock. Not thread-safe.
#pragma once

#include <optional>
#include <string>

#include "base/status.h"
#include "cli/process/line_socket.h"
#include "cli/process/paths.h"

namespace castor::cli {

class Planner {
 public:
  static constexpr int kStartTimeoutMs = 60'000;
  static constexpr int kAnswerTimeoutMs = 300'000;

  // `quiet`: no progress on the terminal.
  static Result<Planner> Find(const Paths& paths, bool quiet);

  // Changes with the planner's build and what it is given at start.
  const std::string& identity() const { return identity_; }
  const std::string& socket() const { return socket_; }
  const std::string& log() const { return log_; }

  // One request, one answer; starts the process if it does not run. Errors end with what it logged
  // last.
  Result<std::string> Ask(const std::string& request);
  // Without starting it: nothing if it does not run.
  Result<std::optional<std::string>> AskIfRunning(const std::string& request);

 private:
  Planner() = default;
  Result<LineSocket> ConnectOrStart();
  Result<LineSocket> Launch();
  Status NotStarted(const std::string& what) const;

  std::string program_;
  std::string options_;  // folder; may be empty
  std::string identity_;
  std::string socket_;
  std::string log_;
  bool quiet_ = false;
};

}  // namespace castor::cli
