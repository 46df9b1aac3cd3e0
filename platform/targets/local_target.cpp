#include "platform/targets/local_target.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/job/job_report.h"
#include "cli/process/child.h"
#include "io/file_system.h"
#include "platform/metadata/store.h"
#include "platform/targets/job_files.h"
#include "platform/targets/process_lock.h"
#include "platform/targets/snapshots.h"

namespace castor::platform {
namespace {

constexpr int64_t kStatusIntervalMs = 500;
constexpr int64_t kMaxLogBytes = 256 << 10;
constexpr size_t kSocketJobDigits = 13;

// Another process would meet the same.
bool IsFinal(const std::string& code) {
  return code == "invalid argument" || code == "not found" || code == "unsupported" ||
         code == "incompatible" || code == "corruption" || code == "data error";
}

}  // namespace

Result<std::unique_ptr<LocalTarget>> LocalTarget::Open(const std::string& data_folder,
                                                       const cli::Paths& paths,
                                                       FlinkInstallation flink) {
  std::unique_ptr<LocalTarget> target(new LocalTarget(data_folder, paths, std::move(flink)));
  constexpr int64_t kManyGenerations = 1'000'000;
  const std::string longest =
      target->SocketOf({std::string(kSocketJobDigits, '0'), kManyGenerations});
  if (longest.size() > cli::MaxSocketPath()) {
    return Status::InvalidArgument(
        fmt::format("the data directory's path is {} characters too long: jobs have sockets in it",
                    longest.size() - cli::MaxSocketPath()));
  }
  for (const char* folder : {"jobs", "savepoints", "run"}) {
    CASTOR_RETURN_NOT_OK(io::LocalFileSystem().MakeDirectories(io::JoinPath(data_folder, folder)));
  }
  return target;
}

std::string LocalTarget::FolderOf(const Attempt& attempt) const {
  return fmt::format("{}/{}", JobFolder(data_, attempt.job), attempt.generation);
}

std::string LocalTarget::SocketOf(const Attempt& attempt) const {
  return fmt::format("{}/run/{}-{}.sock", data_, attempt.job.substr(0, kSocketJobDigits),
                     attempt.generation);
}

std::string LocalTarget::SavepointFolder(const std::string& id) const {
  return fmt::format("{}/savepoints/{}", data_, id);
}

Result<std::string> LocalTarget::ReadLog(const Attempt& attempt) const {
  std::ifstream file(FolderOf(attempt) + "/log", std::ios::binary);
  if (!file) return std::string();  // it has said nothing, or was never started
  file.seekg(0, std::ios::end);
  const auto size = static_cast<int64_t>(file.tellg());
  const int64_t start = std::max<int64_t>(0, size - kMaxLogBytes);
  file.seekg(start);
  std::string text(static_cast<size_t>(size - start), '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  // Not from the middle of a line.
  return start == 0 ? text : text.substr(std::min(text.find('\n') + 1, text.size()));
}

// An entry for `castor list`. A job runs without one, too.
std::optional<cli::JobEntry> LocalTarget::Register(const LaunchRequest& request) const {
  cli::JobRecord record;
  record.name = request.name;
  record.deployment = request.deployment;
  record.started_at_ms = NowMs();
  auto entry = cli::JobEntry::Create(registry_, std::move(record));
  if (!entry.ok()) {
    std::fprintf(stderr, "castor list will not show job %s: %s\n", request.attempt.job.c_str(),
                 entry.status().message().c_str());
    return std::nullopt;
  }
  ::unlink(entry->record().socket().c_str());
  (void)!::symlink(SocketOf(request.attempt).c_str(), entry->record().socket().c_str());
  return std::move(*entry);
}

// What every process that runs a job is told.
std::vector<std::string> LocalTarget::WorkerCommand(const LaunchRequest& request) const {
  std::vector<std::string> command = {request.on_flink ? flink_cluster_ : worker_,
                                      request.on_flink ? "--program" : "--bundle",
                                      request.bundle,
                                      "--name",
                                      request.name,
                                      "--control",
                                      SocketOf(request.attempt),
                                      "--report",
                                      FolderOf(request.attempt) + "/report",
                                      "--parallelism",
                                      std::to_string(request.parallelism),
                                      "--checkpoint-dir",
                                      CheckpointFolder(data_, request.attempt.job)};
  if (!request.on_flink) {
    command.insert(
        command.end(),
        {"--set",
         "execution.checkpointing.externalized-checkpoint-retention=RETAIN_ON_CANCELLATION"});
  }
  if (!request.restore_from.empty()) {
    command.insert(command.end(), {"--from", request.restore_from});
  }
  if (request.allow_non_restored_state) command.emplace_back("--allow-non-restored-state");
  return command;
}

Result<std::vector<std::string>> LocalTarget::FlinkCommand(const LaunchRequest& request,
                                                           int lock) const {
  if (flink_.home.empty()) {
    return Status::InvalidArgument(
        "job " + request.attempt.job +
        " runs on Apache Flink, and this server has none: start it with --flink-home");
  }
  std::vector<std::string> command = WorkerCommand(request);
  command.insert(command.end(),
                 {"--flink-home", flink_.home, "--folder", FolderOf(request.attempt) + "/flink",
                  "--lock", std::to_string(lock)});
  if (!flink_.state_backend.empty()) {
    command.insert(command.end(), {"--state-backend", flink_.state_backend});
  }
  return command;
}

Status LocalTarget::Launch(const LaunchRequest& request) {
  const std::string folder = FolderOf(request.attempt);
  CASTOR_RETURN_NOT_OK(io::LocalFileSystem().MakeDirectories(folder));
  CASTOR_ASSIGN_OR_RETURN(const ProcessLock lock, ProcessLock::Take(folder + "/lock"));
  cli::ChildOptions options;
  if (request.on_flink) {
    CASTOR_ASSIGN_OR_RETURN(options.command, FlinkCommand(request, lock.fd()));
  } else {
    options.command = WorkerCommand(request);
  }
  options.log_file = folder + "/log";
  options.lock = lock.fd();
  std::optional<cli::JobEntry> entry = Register(request);
  if (entry) options.kept.push_back(entry->fd());
  CASTOR_RETURN_NOT_OK(cli::Child::Start(options).status());
  if (entry) entry->Leave();
  return Status::OK();
}

void LocalTarget::AskStatus(const Attempt& attempt, Conversation* conversation) {
  if (!conversation->socket) {
    auto connected = cli::LineSocket::Connect(SocketOf(attempt));
    if (!connected.ok()) return;  // not up yet, or about to end
    conversation->socket = std::move(*connected);
    conversation->asked = false;
  }
  if (conversation->asked) {
    auto answer = conversation->socket->Receive(0);
    if (answer.ok() && !answer->has_value()) return;
    conversation->asked = false;
    if (!answer.ok()) {
      conversation->socket.reset();
      return;
    }
    auto status = cli::ReadStatusAnswer(**answer);
    if (status.ok()) conversation->status = std::make_shared<cli::JobStatus>(std::move(*status));
  }
  const bool started = conversation->status && conversation->status->state == "RUNNING";
  if (started && NowMs() - conversation->asked_at < kStatusIntervalMs) return;
  conversation->asked = conversation->socket->Send(R"({"op":"status"})").ok();
  conversation->asked_at = NowMs();
  if (!conversation->asked) conversation->socket.reset();
}

void LocalTarget::ReadEnd(const Attempt& attempt, Observed* observed) const {
  const auto report = cli::ReadJobReport(FolderOf(attempt) + "/report");
  if (!report) {
    observed->message = "the worker was killed";
    return;
  }
  if (report->error_code == "process lost") {  // as if it had been killed itself
    observed->message = report->error;
  } else if (!report->error.empty()) {
    observed->end = IsFinal(report->error_code) ? JobEnd::kRefused : JobEnd::kFailed;
    observed->message = report->error;
  } else if (report->status && report->status->state == "CANCELED") {
    observed->end = JobEnd::kCancelled;
    observed->message = "the worker was told to end";
  } else {
    observed->end = JobEnd::kFinished;
  }
}

void LocalTarget::Observe(const Attempt& attempt, Observed* observed,
                          std::shared_ptr<const cli::JobStatus>* status) {
  observed->process = FindHolder(FolderOf(attempt) + "/lock").state;
  if (observed->process == ProcessState::kGone) ReadEnd(attempt, observed);
  if (observed->process != ProcessState::kAlive) return;
  Conversation& conversation = conversations_[SocketOf(attempt)];
  AskStatus(attempt, &conversation);
  *status = conversation.status;
  if (conversation.status) {
    observed->running = conversation.status->state == "RUNNING";
    observed->running_ms = conversation.status->now_ms - conversation.status->started_at_ms;
  }
  observed->cancel_asked = conversation.cancelled;
}

Status LocalTarget::AskSavepoint(const Attempt& attempt, const Savepoint& savepoint) {
  CASTOR_ASSIGN_OR_RETURN(cli::LineSocket socket, cli::LineSocket::Connect(SocketOf(attempt)));
  const nlohmann::json request = {{"op", savepoint.stop ? "stop" : "savepoint"},
                                  {"directory", SavepointFolder(savepoint.id)}};
  CASTOR_RETURN_NOT_OK(socket.Send(request.dump()));
  savepoints_.insert_or_assign(savepoint.id, SavepointRequest{std::move(socket), std::nullopt});
  return Status::OK();
}

void LocalTarget::ObserveSavepoint(const Savepoint& savepoint, Observed* observed) {
  observed->savepoint_path = FindSavepoint(SavepointFolder(savepoint.id));
  const auto found = savepoints_.find(savepoint.id);
  if (found == savepoints_.end()) return;
  SavepointRequest& request = found->second;
  if (!request.answer) {
    auto line = request.socket.Receive(0);
    if (!line.ok()) {
      request.answer = Result<std::string>(line.status());
    } else if (*line) {
      request.answer = cli::ReadPathAnswer(**line);
    }
  }
  if (!request.answer) {
    observed->savepoint_answer = AnswerState::kPending;
  } else if (request.answer->ok()) {
    observed->savepoint_answer = AnswerState::kDone;
    observed->savepoint_path = **request.answer;
  } else {
    observed->savepoint_answer = AnswerState::kFailed;
    observed->message = request.answer->status().message();
  }
}

Status LocalTarget::AskCancel(const Attempt& attempt) {
  const LockHolder holder = FindHolder(FolderOf(attempt) + "/lock");
  // A signal reaches a job that does not listen yet, too.
  if (holder.state == ProcessState::kAlive && holder.pid > 0) {
    conversations_[SocketOf(attempt)].cancelled = ::kill(holder.pid, SIGTERM) == 0;
  }
  return Status::OK();
}

void LocalTarget::Kill(const Attempt& attempt) {
  const LockHolder holder = FindHolder(FolderOf(attempt) + "/lock");
  if (holder.state == ProcessState::kAlive && holder.pid > 0) ::kill(holder.pid, SIGKILL);
}

std::string LocalTarget::LatestCheckpoint(const std::string& job) {
  return FindLatestCheckpoint(CheckpointFolder(data_, job));
}

Status LocalTarget::DeleteSavepoint(const std::string& id) {
  std::error_code error;
  std::filesystem::remove_all(SavepointFolder(id), error);
  if (!error) return Status::OK();
  return Status::IoError("cannot delete " + SavepointFolder(id) + ": " + error.message());
}

void LocalTarget::Forget(const Attempt& attempt) { conversations_.erase(SocketOf(attempt)); }

void LocalTarget::ForgetSavepoint(const std::string& id) { savepoints_.erase(id); }

}  // namespace castor::platform
