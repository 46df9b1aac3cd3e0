#include "cli/planner/planner.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdlib>

#include "cli/planner/digest.h"
#include "cli/process/child.h"
#include "cli/terminal/progress.h"
#include "io/file_system.h"

namespace castor::cli {
namespace {

using SteadyClock = std::chrono::steady_clock;

// The jar that the program runs, as its own script finds it.
std::string JarOf(const std::string& program) {
  if (const char* set = std::getenv("CASTOR_PLANNER_JAR"); set != nullptr && *set != '\0') {
    return set;
  }
  return io::ParentDirectory(program) + "/target/castor-planner.jar";
}

// Path, size and time of a file.
void AddFile(const std::string& path, Digest* digest) {
  digest->Add(path);
  struct stat info = {};
  if (::stat(path.c_str(), &info) != 0) return;
  digest->Add(fmt::format("{} {}.{}", info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec));
}

Result<std::string> IdentityOf(const std::string& jar, const std::string& options) {
  Digest digest;
  AddFile(jar, &digest);
  if (!options.empty()) {
    CASTOR_ASSIGN_OR_RETURN(const auto files, io::LocalFileSystem().List(options));
    for (const io::FileInfo& file : files) AddFile(file.path, &digest);
  }
  return digest.Hex();
}

// The last lines of the log, indented.
std::string TailOf(const std::string& path) {
  constexpr size_t kLines = 10;
  Result<std::string> log = io::ReadWholeFile(io::LocalFileSystem(), path);
  if (!log.ok() || log->empty()) return "";
  std::string_view text = *log;
  while (text.ends_with('\n')) text.remove_suffix(1);
  size_t start = text.size();
  for (size_t i = 0; i < kLines && start != std::string_view::npos && start > 0; ++i) {
    start = text.rfind('\n', start - 1);
  }
  if (start != std::string_view::npos && start > 0) text.remove_prefix(start + 1);
  std::string tail = "\n  ";
  for (const char c : text) tail += c == '\n' ? std::string("\n  ") : std::string(1, c);
  return tail;
}

}  // namespace

Result<Planner> Planner::Find(const Paths& paths, bool quiet) {
  if (paths.planner.empty()) {
    return Status::Internal(
        "the planner is missing: no planner/castor-planner above this program. Set CASTOR_PLANNER, "
        "or run a compiled job (castor run job.json), which needs none");
  }
  Planner planner;
  planner.program_ = paths.planner;
  planner.options_ = paths.options;
  CASTOR_ASSIGN_OR_RETURN(planner.identity_, IdentityOf(JarOf(paths.planner), paths.options));
  planner.socket_ = paths.runtime + "/planner-" + planner.identity_.substr(0, 8) + ".sock";
  planner.log_ = paths.runtime + "/planner.log";
  planner.quiet_ = quiet;
  return planner;
}

Status Planner::NotStarted(const std::string& what) const {
  const std::string tail = TailOf(log_);
  return Status::Internal("the planner " + what + (tail.empty() ? "" : ":" + tail));
}

Result<LineSocket> Planner::Launch() {
  ChildOptions options;
  options.command = {program_, "--socket", socket_};
  if (!options_.empty()) options.command.insert(options.command.end(), {"--options", options_});
  options.log_file = log_;
  CASTOR_ASSIGN_OR_RETURN(Child process, Child::Start(options));
  Progress progress("starting the planner", quiet_);
  const auto deadline = SteadyClock::now() + std::chrono::milliseconds(kStartTimeoutMs);
  while (SteadyClock::now() < deadline) {
    Result<LineSocket> connected = LineSocket::Connect(socket_);
    if (connected.ok()) return connected;
    // Code 0: another process was faster and holds the lock; its socket will come.
    if (const auto code = process.Poll(); code && *code != 0) return NotStarted("cannot start");
    progress.Tick();
    constexpr int kPauseMs = 10;
    ::poll(nullptr, 0, kPauseMs);
  }
  return NotStarted(fmt::format("did not start within {} seconds", kStartTimeoutMs / 1000));
}

Result<LineSocket> Planner::ConnectOrStart() {
  Result<LineSocket> connected = LineSocket::Connect(socket_);
  if (connected.ok() || connected.status().code() != StatusCode::kNotFound) return connected;
  return Launch();
}

Result<std::string> Planner::Ask(const std::string& request) {
  // The process may leave between two requests because it was idle: then it is started again.
  constexpr int kAttempts = 2;
  for (int attempt = 1;; ++attempt) {
    CASTOR_ASSIGN_OR_RETURN(LineSocket connection, ConnectOrStart());
    Progress progress("planning", quiet_);
    Status status = connection.Send(request);
    for (int waited = 0; status.ok() && waited < kAnswerTimeoutMs; waited += Progress::kTickMs) {
      auto answer = connection.Receive(Progress::kTickMs);
      status = answer.status();
      if (answer.ok() && answer->has_value()) return std::move(**answer);
      progress.Tick();
    }
    if (status.ok()) {
      return NotStarted(fmt::format("gave no answer for {} seconds", kAnswerTimeoutMs / 1000));
    }
    if (attempt == kAttempts) return NotStarted("ended while it was asked");
  }
}

Result<std::optional<std::string>> Planner::AskIfRunning(const std::string& request) {
  Result<LineSocket> connection = LineSocket::Connect(socket_);
  if (!connection.ok()) return std::optional<std::string>();
  CASTOR_RETURN_NOT_OK(connection->Send(request));
  constexpr int kTimeoutMs = 10'000;
  CASTOR_ASSIGN_OR_RETURN(auto answer, connection->Receive(kTimeoutMs));
  if (!answer) return Status::Internal("the planner does not answer; its log is " + log_);
  return answer;
}

}  // namespace castor::cli
