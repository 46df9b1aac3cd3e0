#include "cli/job/job_runner.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <memory>

#include "cli/job/job_report.h"
#include "cli/job/job_watch.h"
#include "cli/process/child.h"
#include "cli/process/signals.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/live_block.h"
#include "cli/terminal/sql_error.h"

namespace castor::cli {
namespace {

constexpr auto kLiveInterval = std::chrono::milliseconds(500);
constexpr auto kPlainInterval = std::chrono::seconds(10);

class JobRunner {
 public:
  JobRunner(const RunRequest& request, const JobRecord& record)
      : request_(request),
        record_(record),
        live_(!request.quiet && CanRedraw()),
        style_(Style::Of(io::Stream::kError)),
        watch_(record.socket(), live_ ? kLiveInterval : kPlainInterval) {}

  int Run();

 private:
  Status StartWorker();
  void Loop();
  void OnSignal(int signal);
  void ShowStatus();
  // Passes on what has come; false at the end.
  bool Relay(int fd, io::Stream stream);
  void RelayRest();
  int Conclude();
  void ShowError(const std::string& message);
  void ShowSummary(const std::optional<JobReport>& report, int code);
  std::string Hint() const;

  const RunRequest& request_;
  const JobRecord& record_;
  const bool live_;
  const Style style_;
  // Before the worker, which could end before anybody listens for it.
  Signals signals_{SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGWINCH};
  JobWatch watch_;
  std::unique_ptr<Child> worker_;
  LiveBlock block_;
  int cancels_ = 0;
};

int JobRunner::Run() {
  if (const Status started = StartWorker(); !started.ok()) return Fail(started);
  Loop();
  RelayRest();
  return Conclude();
}

Status JobRunner::StartWorker() {
  ChildOptions options;
  options.command = request_.worker;
  options.command.insert(options.command.end(),
                         {"--control", record_.socket(), "--report", record_.report()});
  options.terminal_output = live_ && io::IsTerminal(io::Stream::kOutput);
  options.pipe_error = live_;
  // However this process ends, its job does not go on unseen.
  // Killed, not cancelled: a cancelled job deletes its checkpoints, and whoever lost the command
  // wants them.
  options.signal_on_parent_death = SIGKILL;
  CASTOR_ASSIGN_OR_RETURN(Child worker, Child::Start(options));
  worker_ = std::make_unique<Child>(std::move(worker));
  return Status::OK();
}

void JobRunner::Loop() {
  while (!worker_->Poll()) {
    if (!request_.quiet) watch_.Tick();
    std::array<pollfd, 4> watched = {{{signals_.fd(), POLLIN, 0},
                                      {worker_->output(), POLLIN, 0},
                                      {worker_->error(), POLLIN, 0},
                                      {watch_.fd(), POLLIN, 0}}};
    if (::poll(watched.data(), watched.size(), request_.quiet ? -1 : watch_.MsToNext()) <= 0) {
      continue;
    }
    while (const auto signal = signals_.Take()) OnSignal(*signal);
    if (watched[1].revents != 0 && !Relay(worker_->output(), io::Stream::kOutput)) {
      worker_->CloseOutput();
    }
    if (watched[2].revents != 0 && !Relay(worker_->error(), io::Stream::kError)) {
      worker_->CloseError();
    }
    if (watched[3].revents != 0 && watch_.OnReadable()) ShowStatus();
  }
}

void JobRunner::OnSignal(int signal) {
  if (signal == SIGWINCH && live_ && watch_.latest()) ShowStatus();
  if (signal != SIGINT && signal != SIGTERM && signal != SIGHUP) return;
  ++cancels_;
  constexpr int kPatience = 2;
  worker_->Kill(cancels_ > kPatience ? SIGKILL : SIGTERM);
  if (live_ && watch_.latest()) ShowStatus();
}

std::string JobRunner::Hint() const {
  if (cancels_ > 0) return "cancelling; Ctrl-C again to end at once";
  return fmt::format("Ctrl-C cancels; castor stop {} stops with a savepoint", record_.id);
}

void JobRunner::ShowStatus() {
  const JobStatus& status = *watch_.latest();
  if (live_) {
    block_.Draw(LiveLines(status, watch_.rates(), watch_.checkpoint_age(), Hint(), style_));
  } else {
    Print(io::Stream::kError, PlainLine(status, watch_.rates()) + "\n");
  }
}

bool JobRunner::Relay(int fd, io::Stream stream) {
  char buffer[65536];
  const ssize_t n = ::read(fd, buffer, sizeof(buffer));
  if (n > 0) block_.PrintAbove(stream, std::string_view(buffer, static_cast<size_t>(n)));
  return n > 0;
}

void JobRunner::RelayRest() {
  block_.Erase();
  while (worker_->output() >= 0 && Relay(worker_->output(), io::Stream::kOutput)) {
  }
  while (worker_->error() >= 0 && Relay(worker_->error(), io::Stream::kError)) {
  }
  block_.Flush();
}

// The engine names places as "... at line 12, column 3": these become the error's own.
bool TakePlace(SqlError* error) {
  std::string& message = error->message;
  const size_t at = message.find(" at line ");
  int length = 0;
  if (at == std::string::npos || std::sscanf(message.c_str() + at, " at line %d, column %d%n",
                                             &error->line, &error->column, &length) != 2) {
    return false;
  }
  message.erase(at, static_cast<size_t>(length));
  return true;
}

void JobRunner::ShowError(const std::string& message) {
  SqlError error = {.message = WithoutDefaults(message), .hint = ""};
  if (!request_.script_text.empty() && TakePlace(&error)) {
    Print(io::Stream::kError,
          RenderSqlError(error, request_.script_file, request_.script_text, style_));
  } else {
    Print(io::Stream::kError,
          style_.Bold("castor: ") + style_.Red("error: ") + style_.Bold(error.message) + "\n");
  }
}

void JobRunner::ShowSummary(const std::optional<JobReport>& report, int code) {
  // The worker's last word if it had one, else the last that was heard.
  const std::optional<JobStatus>& status =
      report && report->status ? report->status : watch_.latest();
  if (request_.quiet || !status) return;
  std::string verb = style_.Red("failed");
  if (code == kSuccess) {
    verb = style_.Green(status->state == "STOPPED" ? "stopped" : "finished");
  } else if (code == kCancelled) {
    verb = style_.Yellow("cancelled");
  }
  Print(io::Stream::kError, SummaryLine(*status, verb, style_) + "\n");
  if (code != kSuccess && !status->checkpoint_path.empty()) {
    Print(io::Stream::kError, "last checkpoint: " + status->checkpoint_path + "\n");
  }
}

int JobRunner::Conclude() {
  const int code = worker_->Wait();
  const std::optional<JobReport> report = ReadJobReport(record_.report());
  constexpr int kKilledBase = 128;
  if (report && !report->error.empty()) {
    ShowError(report->error);
  } else if (!report && code > kKilledBase && code != kCancelled) {
    ShowError(fmt::format("the worker ended by signal {} ({})", code - kKilledBase,
                          ::strsignal(code - kKilledBase)));
  }
  ShowSummary(report, code);
  if (!report && code > kKilledBase && code != kCancelled) return kJobFailed;
  return code;
}

}  // namespace

int RunJob(const RunRequest& request, const JobRecord& record) {
  return JobRunner(request, record).Run();
}

}  // namespace castor::cli
