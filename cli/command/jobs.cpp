#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/command/command.h"
#include "cli/job/job_registry.h"
#include "cli/job/job_status.h"
#include "cli/job/status_text.h"
#include "cli/process/line_socket.h"
#include "cli/process/paths.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/progress.h"
#include "cli/terminal/terminal.h"

namespace castor::cli {
namespace {

constexpr int kStatusTimeoutMs = 5'000;

// A request to a job's worker; waits up to `timeout_ms` for the answer.
Result<std::string> Ask(const JobRecord& job, const std::string& request, int timeout_ms,
                        const std::string& what) {
  Result<LineSocket> connection = LineSocket::Connect(job.socket());
  if (!connection.ok()) {
    return Status::NotFound(
        fmt::format("job {} ({}) is not up yet, or about to end", job.id, job.name));
  }
  CASTOR_RETURN_NOT_OK(connection->Send(request));
  Progress progress(what, false);
  for (int waited = 0; timeout_ms < 0 || waited < timeout_ms; waited += Progress::kTickMs) {
    CASTOR_ASSIGN_OR_RETURN(auto answer, connection->Receive(Progress::kTickMs));
    if (answer) return std::move(*answer);
    progress.Tick();
  }
  return Status::Internal(fmt::format("job {} ({}) does not answer", job.id, job.name));
}

Result<JobStatus> AskStatus(const JobRecord& job) {
  CASTOR_ASSIGN_OR_RETURN(const std::string answer,
                          Ask(job, R"({"op":"status"})", kStatusTimeoutMs, "asking"));
  return ReadStatusAnswer(answer);
}

Result<JobRecord> Find(const JobsCommand& command) {
  CASTOR_ASSIGN_OR_RETURN(const Paths paths, FindPaths());
  return FindJob(paths.jobs(), command.job);
}

// One to end. A job of a deployment would be started again.
Result<JobRecord> FindToEnd(const JobsCommand& command) {
  CASTOR_ASSIGN_OR_RETURN(JobRecord job, Find(command));
  if (job.deployment.empty()) return job;
  return Status::InvalidArgument(
      fmt::format("job {} ({}) belongs to deployment {} of Castor Platform, which would start it "
                  "again; change the deployment's state instead",
                  job.id, job.name, job.deployment));
}

std::string TableRow(const JobRecord& job, const Result<JobStatus>& status) {
  if (!status.ok()) {
    return fmt::format("{:<8}{:<20} {:<11}", job.id, Fit(job.name, 20), "starting");
  }
  const Rates rates = RatesBetween(std::nullopt, *status);
  std::string state = status->state;
  for (char& c : state) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return fmt::format("{:<8}{:<20} {:<11}{:>9}{:>16}{:>11}", job.id, Fit(job.name, 20), state,
                     FormatClock(status->now_ms - status->started_at_ms),
                     FormatCount(status->records_in), FormatRate(rates.in));
}

nlohmann::ordered_json ToJson(const JobRecord& job, const Result<JobStatus>& status) {
  nlohmann::ordered_json json = {{"id", job.id},
                                 {"name", job.name},
                                 {"pid", job.pid},
                                 {"script", job.script},
                                 {"deployment", job.deployment},
                                 {"socket", job.socket()},
                                 {"startedAt", job.started_at_ms},
                                 {"state", status.ok() ? status->state : "STARTING"}};
  if (status.ok()) {
    json["recordsIn"] = status->records_in;
    json["recordsOut"] = status->records_out;
    json["restarts"] = status->restarts;
    json["completedCheckpoints"] = status->completed_checkpoints;
    json["failedCheckpoints"] = status->failed_checkpoints;
    json["lastCheckpoint"] = status->checkpoint_path;
    json["stateBytes"] = status->state_bytes;
  }
  return json;
}

// Savepoint, and stop with one: they take as long as the state is large.
int TakeSavepoint(const JobsCommand& command, const Result<JobRecord>& job, const char* op,
                  const std::string& what, const std::string& done) {
  if (!job.ok()) return Fail(job.status());
  nlohmann::json request = {{"op", op}};
  std::error_code ignored;
  // The worker has another working directory.
  if (!command.to.empty() && command.to.find("://") == std::string::npos) {
    request["directory"] = std::filesystem::absolute(command.to, ignored).lexically_normal();
  } else if (!command.to.empty()) {
    request["directory"] = command.to;
  }
  request["type"] = command.type;
  if (command.drain) request["drain"] = true;
  const auto answer = Ask(*job, request.dump(), LineSocket::kForever, what);
  if (!answer.ok()) return Fail(answer.status());
  const Result<std::string> path = ReadPathAnswer(*answer);
  if (!path.ok()) return Fail(path.status());
  const Style style = Style::Of(io::Stream::kError);
  Print(io::Stream::kError, style.Bold(job->name) + done + "\n");
  Print(io::Stream::kOutput, *path + "\n");
  return kSuccess;
}

}  // namespace

int List(const JobsCommand& command) {
  const Result<Paths> paths = FindPaths();
  if (!paths.ok()) return Fail(paths.status());
  const std::vector<JobRecord> jobs = ListJobs(paths->jobs());
  if (command.json) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const JobRecord& job : jobs) list.push_back(ToJson(job, AskStatus(job)));
    Print(io::Stream::kOutput, list.dump(2) + "\n");
    return kSuccess;
  }
  if (jobs.empty()) {
    Print(io::Stream::kError, "no job is running\n");
    return kSuccess;
  }
  const Style style = Style::Of(io::Stream::kOutput);
  std::string text = style.Dim(fmt::format("{:<8}{:<20} {:<11}{:>9}{:>16}{:>11}", "ID", "NAME",
                                           "STATE", "RUNNING", "ROWS IN", "AVERAGE")) +
                     "\n";
  for (const JobRecord& job : jobs) text += TableRow(job, AskStatus(job)) + "\n";
  Print(io::Stream::kOutput, text);
  return kSuccess;
}

int ShowStatus(const JobsCommand& command) {
  const Result<JobRecord> job = Find(command);
  if (!job.ok()) return Fail(job.status());
  const Result<JobStatus> status = AskStatus(*job);
  if (!status.ok()) return Fail(status.status());
  std::string text;
  for (const std::string& line : LiveLines(*status, RatesBetween(std::nullopt, *status), {}, "",
                                           Style::Of(io::Stream::kOutput))) {
    text += line + "\n";
  }
  Print(io::Stream::kOutput, text);
  return kSuccess;
}

int Savepoint(const JobsCommand& command) {
  return TakeSavepoint(command, Find(command), "savepoint", "taking a savepoint",
                       " goes on; its savepoint is");
}

int Stop(const JobsCommand& command) {
  return TakeSavepoint(command, FindToEnd(command), "stop", "stopping with a savepoint",
                       " stopped; its savepoint is");
}

int Cancel(const JobsCommand& command) {
  const Result<JobRecord> job = FindToEnd(command);
  if (!job.ok()) return Fail(job.status());
  const auto answer = Ask(*job, R"({"op":"cancel"})", kStatusTimeoutMs, "cancelling");
  if (!answer.ok()) return Fail(answer.status());
  if (const Status cancelled = ReadAnswer(*answer); !cancelled.ok()) return Fail(cancelled);
  Print(io::Stream::kError,
        Style::Of(io::Stream::kError).Bold(job->name) + " is being cancelled\n");
  return kSuccess;
}

}  // namespace castor::cli
