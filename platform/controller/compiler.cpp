#include "platform/controller/compiler.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <chrono>
#include <utility>

#include "cli/planner/compile_script.h"
#include "io/file_system.h"
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

Compiler::Compiler(cli::Paths paths, std::function<void(const std::string& key)> done)
    : paths_(std::move(paths)), done_(std::move(done)), thread_([this] { Work(); }) {}

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
  const auto compiled = cli::CompileScript(
      paths_, {.file = request.name, .text = request.of.sql, .name = request.name},
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
    {
      const std::lock_guard lock(mutex_);
      outcomes_[request.key] = std::move(outcome);
    }
    done_(request.key);
  }
}

}  // namespace castor::platform
