#include "flink/cluster/cluster_options.h"

#include <CLI/CLI.hpp>

namespace castor::flink {

std::optional<ClusterOptions> ParseCommandLine(int argc, char** argv, int* exit_code) {
  ClusterOptions options;
  CLI::App app("Runs one job in a cluster of Apache Flink of its own.", "castor-flink-cluster");
  app.add_option("--program", options.program, "What to run (spec/flink-program.md)")->required();
  app.add_option("--flink-home", options.flink_home, "Folder of a distribution of Flink")
      ->required();
  app.add_option("--state-backend", options.state_backend, "The jar of Gemini for Flink");
  app.add_option("--folder", options.folder, "Folder for the processes' files")->required();
  app.add_option("--log", options.log, "File that has the output of this process");
  app.add_option("--name", options.name, "The job's name")->required();
  app.add_option("--control", options.control_socket, "Path of the control socket")->required();
  app.add_option("--report", options.report, "Where to write how the job ended")->required();
  app.add_option("--checkpoint-dir", options.checkpoint_dir, "Where checkpoints go")->required();
  app.add_option("--from", options.restore_from, "The snapshot to go on from");
  app.add_flag("--allow-non-restored-state", options.allow_non_restored_state,
               "State that no operator wants may be left behind");
  app.add_option("--parallelism,-p", options.parallelism, "Subtasks per operator")
      ->check(CLI::Range(1, 32'768));
  app.add_option("--lock", options.lock, "A descriptor that the processes keep");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    constexpr int kUsage = 2;
    *exit_code = app.exit(error) == 0 ? 0 : kUsage;
    return std::nullopt;
  }
  return options;
}

}  // namespace castor::flink
