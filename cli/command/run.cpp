#include <unistd.h>

#include <chrono>
#include <filesystem>

#include "cli/command/command.h"
#include "cli/command/job_source.h"
#include "cli/job/job_registry.h"
#include "cli/job/job_runner.h"
#include "cli/terminal/exit_code.h"
#include "io/file_system.h"

namespace castor::cli {
namespace {

// Paths are noted in snapshots and shown by others, who have another working directory.
std::string Absolute(const std::string& path) {
  if (path.empty() || path.find("://") != std::string::npos) return path;
  std::error_code ignored;
  return std::filesystem::absolute(path, ignored).lexically_normal().string();
}

std::vector<std::string> WorkerCommand(const Paths& paths, const RunCommand& command,
                                       const std::string& bundle, const std::string& name) {
  std::vector<std::string> line = {paths.worker, "--bundle", bundle, "--name", name};
  const auto add = [&line](const char* option, const std::string& value) {
    if (!value.empty()) line.insert(line.end(), {option, value});
  };
  for (const auto& [key, value] : command.input.settings) add("--set", key + "=" + value);
  add("--parallelism", command.parallelism > 0 ? std::to_string(command.parallelism) : "");
  add("--from", Absolute(command.from));
  add("--claim-mode", command.claim_mode);
  add("--checkpoint-dir", Absolute(command.checkpoint_dir));
  add("--checkpoint-interval", command.checkpoint_interval);
  add("--memory", command.memory);
  add("--metrics-port", command.metrics_port >= 0 ? std::to_string(command.metrics_port) : "");
  add("--output", command.output);
  if (command.quiet) line.emplace_back("--quiet");
  if (command.allow_non_restored_state) line.emplace_back("--allow-non-restored-state");
  return line;
}

Result<JobEntry> NoteJob(const Paths& paths, const RunCommand& command, const std::string& name) {
  JobRecord record;
  record.name = name;
  if (command.input.sql.empty() && command.input.file != "-") {
    record.script = Absolute(command.input.file);
  }
  record.pid = ::getpid();
  record.started_at_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                             std::chrono::system_clock::now().time_since_epoch())
                             .count();
  return JobEntry::Create(paths.jobs(), std::move(record));
}

}  // namespace

int Run(const RunCommand& command) {
  const Result<Paths> paths = FindPaths();
  if (!paths.ok()) return Fail(paths.status());
  JobSource source;
  if (const int code = ReadJobSource(*paths, command.input, {.quiet = command.quiet}, &source);
      code != kSuccess) {
    return code;
  }
  const Result<JobEntry> entry = NoteJob(*paths, command, source.name);
  if (!entry.ok()) return Fail(entry.status());
  std::string bundle = source.bundle_path;
  if (bundle.empty()) {
    bundle = entry->record().bundle();
    const Status written = io::WriteFileAtomically(io::LocalFileSystem(), bundle, source.bundle);
    if (!written.ok()) return Fail(written);
  }
  RunRequest request;
  request.worker = WorkerCommand(*paths, command, bundle, source.name);
  request.script_file = source.file;
  request.script_text = source.script;
  request.quiet = command.quiet;
  return RunJob(request, entry->record());
}

}  // namespace castor::cli
