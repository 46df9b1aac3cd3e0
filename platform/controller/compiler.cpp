#include "platform/controller/compiler.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <chrono>
#include <utility>

#include "cli/job/job_report.h"
#include "cli/planner/compile_script.h"
#include "cli/process/child.h"
#include "io/file_system.h"
#include "platform/controller/flink_program.h"
#include "platform/metadata/fill_template.h"

namespace castor::platform {
namespace {

std::string MessageOf(const cli::SqlError& error) {
  std::string message = error.message;
  if (error.line > 0) {
    message = fmt::format("line {}, column {}: {}", error.line, error.column, message);
  }
  if (!error.hint.empty()) message += "; " + error.hint;
  return message;
}

// The planner's process is our child if it was started here, and leaves when it has been idle.
// Nobody else asks how a child of ours has ended: jobs are asked by their locks.
void ReapChildren() {
  while (::waitpid(-1, nullptr, WNOHANG) > 0) {
  }
}

}  // namespace

Compiler::Compiler(Parts parts, std::function<void(const std::string& key)> done)
    : parts_(std::move(parts)), done_(std::move(done)), thread_([this] { Work(); }) {}

Compiler::~Compiler() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Compiler::Ask(Request request) {
  {
    const std::lock_guard lock(mutex_);
    outcomes_[request.key] = std::nullopt;
    queue_.push_back(std::move(request));
  }
  changed_.notify_all();
}

bool Compiler::IsAsked(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  const auto found = outcomes_.find(key);
  return found != outcomes_.end() && !found->second;
}

std::optional<Compiler::Outcome> Compiler::FindOutcome(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  const auto found = outcomes_.find(key);
  return found == outcomes_.end() ? std::nullopt : found->second;
}

void Compiler::Forget(const std::string& key) {
  const std::lock_guard lock(mutex_);
  outcomes_.erase(key);
}

Compiler::Outcome Compiler::Compile(const Request& request) const {
  if (request.of.kind != ArtifactKind::kSql) {
    return CompileForFlink(request, "only Apache Flink runs what is no SQL script");
  }
  if (request.of.engine == EngineChoice::kFlink) return CompileForFlink(request, "engine is flink");
  Outcome native = CompileNative(request);
  if (request.of.engine == EngineChoice::kNative) {
    native.reason = "engine is native";
    return native;
  }
  if (native.retry) return native;
  std::string refusal = native.message;
  if (native.valid) {
    const Result<std::string> found = FindRefusal(request.bundle);
    if (!found.ok()) return {.retry = true, .message = found.status().message()};
    refusal = *found;
  }
  if (refusal.empty()) {
    native.reason = "the native engine supports all of the script";
    return native;
  }
  return CompileForFlink(request, "the native engine does not take it: " + refusal);
}

Result<std::string> Compiler::FindRefusal(const std::string& bundle) const {
  const std::string report = bundle + ".report";
  CASTOR_RETURN_NOT_OK(io::LocalFileSystem().DeleteFile(report));
  CASTOR_ASSIGN_OR_RETURN(cli::Child worker,
                          cli::Child::Start({.command = {parts_.paths.worker, "--check", "--bundle",
                                                         bundle, "--report", report}}));
  const int exit_code = worker.Wait();
  const auto said = cli::ReadJobReport(report);
  (void)io::LocalFileSystem().DeleteFile(report);
  if (said) return said->error;
  return Status::IoError(fmt::format(
      "castor-worker could not check the plan, and ended with exit code {}", exit_code));
}

Compiler::Outcome Compiler::CompileForFlink(const Request& request,
                                            const std::string& reason) const {
  Outcome outcome = {.engine = "FLINK", .reason = reason};
  if (!parts_.has_flink) {
    outcome.message =
        reason +
        "; and this server has no Apache Flink: start it with --flink-home, the folder "
        "of a distribution";
    return outcome;
  }
  const auto program = MakeFlinkProgram(request.of, *parts_.artifacts, request.in);
  Status status = program.status();
  if (program.ok()) {
    status = io::WriteFileAtomically(io::LocalFileSystem(), request.bundle, *program);
  }
  outcome.valid = status.ok();
  outcome.retry = !status.ok() && status.code() != StatusCode::kInvalidArgument;
  outcome.message = status.message();
  return outcome;
}

Compiler::Outcome Compiler::CompileNative(const Request& request) const {
  const auto compiled = cli::CompileScript(
      parts_.paths, {.file = request.name, .text = request.of.sql, .name = request.name},
      {.settings = request.of.configuration, .quiet = true});
  if (!compiled.ok()) {
    const bool wrong = compiled.status().code() == StatusCode::kInvalidArgument;
    return {.valid = false, .retry = !wrong, .message = compiled.status().message()};
  }
  if (const auto* error = std::get_if<cli::SqlError>(&*compiled)) {
    return {.valid = false, .message = MessageOf(*error)};
  }
  const Status written = io::WriteFileAtomically(io::LocalFileSystem(), request.bundle,
                                                 std::get<cli::Compiled>(*compiled).bundle);
  if (!written.ok()) return {.valid = false, .retry = true, .message = written.message()};
  return {.valid = true};
}

void Compiler::Work() {
  while (true) {
    Request request;
    {
      std::unique_lock lock(mutex_);
      constexpr auto kReapInterval = std::chrono::seconds(5);
      while (!changed_.wait_for(lock, kReapInterval,
                                [this] { return stopping_ || !queue_.empty(); })) {
        ReapChildren();
      }
      if (stopping_) return;
      request = std::move(queue_.front());
      queue_.pop_front();
    }
    Outcome outcome = Compile(request);
    outcome.message = WithoutSecrets(std::move(outcome.message), request.secrets);
    outcome.reason = WithoutSecrets(std::move(outcome.reason), request.secrets);
    {
      const std::lock_guard lock(mutex_);
      outcomes_[request.key] = std::move(outcome);
    }
    done_(request.key);
  }
}

}  // namespace castor::platform
