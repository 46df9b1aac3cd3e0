#include "worker/worker_options.h"

#include <CLI/CLI.hpp>
#include <vector>

namespace castor::worker {
namespace {

constexpr const char* kFooter =
    "Exit codes: 0 finished or stopped with a savepoint, 1 the job failed, 2 wrong command line, "
    "bundle, option or table, 3 not supported, 4 the snapshot is damaged or does not fit, 130 "
    "cancelled.\n"
    "SIGINT and SIGTERM cancel the job; a second one ends the process at once.";

bool AddSettings(const std::vector<std::string>& settings, WorkerOptions* options) {
  for (const std::string& setting : settings) {
    const size_t equals = setting.find('=');
    if (equals == std::string::npos || equals == 0) {
      std::fprintf(stderr, "error: --set %s: expected key=value\n", setting.c_str());
      return false;
    }
    options->configuration[setting.substr(0, equals)] = setting.substr(equals + 1);
  }
  return true;
}

}  // namespace

WorkerOptions ParseCommandLine(int argc, char** argv, bool* done, int* exit_code) {
  WorkerOptions options;
  std::vector<std::string> settings;
  std::map<std::string, std::string> named;  // by configuration key
  CLI::App app("Runs one planned Castor job.", "castor-worker");
  app.footer(kFooter);
  app.add_option("--bundle", options.bundle_path, "The job bundle (JSON)")->required();
  app.add_option("--parallelism,-p", named["parallelism.default"], "Subtasks per operator");
  app.add_option("--set", settings, "An option, key=value; may be repeated");
  app.add_option("--from", named["execution.state-recovery.path"],
                 "Start from this snapshot, or from the latest one in this directory");
  app.add_option("--claim-mode", named["execution.state-recovery.claim-mode"],
                 "Who deletes that snapshot: NO_CLAIM (you, the default) or CLAIM (the job)");
  app.add_flag_callback(
      "--allow-non-restored-state",
      [&named] { named["execution.state-recovery.ignore-unclaimed-state"] = "true"; },
      "Leave behind state that fits nowhere in the job");
  app.add_option("--checkpoint-dir", named["execution.checkpointing.dir"], "Where checkpoints go");
  app.add_option("--checkpoint-interval", named["execution.checkpointing.interval"],
                 "Time between checkpoints, e.g. 10s");
  app.add_option("--memory", named["castor.memory"], "Memory limit, e.g. 2gb");
  app.add_option("--metrics-port", options.metrics_port, "Serve Prometheus metrics on this port");
  app.add_option("--control", options.control_socket, "Path of the control socket");
  app.add_option("--report", options.report_path,
                 "File to which the end is written, instead of errors to standard error");
  app.add_option("--name", options.name, "The job's name, instead of the bundle's");
  app.add_option("--output", named["castor.collect.output"], "How rows of a SELECT are shown")
      ->check(CLI::IsMember({"table", "changelog", "json", "csv"}));
  app.add_option("--threads", options.threads, "Worker threads; the default is one per core");
  app.add_flag("--quiet", options.quiet, "Tell errors only");
  app.add_flag("--explain", options.explain, "Show the plan, run nothing");
  app.add_flag("--check", options.check, "Make the job, run nothing");
  *done = true;
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    *exit_code = code == 0 ? kSuccess : kUsage;
    return options;
  }
  if (!AddSettings(settings, &options)) {
    *exit_code = kUsage;
    return options;
  }
  for (auto& [key, value] : named) {
    if (!value.empty()) options.configuration[key] = value;
  }
  *done = false;
  return options;
}

Configuration Effective(const Configuration& bundle, const WorkerOptions& options) {
  Configuration effective = bundle;
  for (const auto& [key, value] : options.configuration) effective.Set(key, value);
  return effective;
}

}  // namespace castor::worker
