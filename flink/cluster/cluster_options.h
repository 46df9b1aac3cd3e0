// The command line of castor-flink-cluster: the worker's, where it has the same
// (spec/worker-control.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace castor::flink {

struct ClusterOptions {
  std::string program;        // file
  std::string flink_home;     // Flink as it is distributed: lib/, opt/
  std::string state_backend;  // jar of Gemini; empty: Flink's own backend
  std::string folder;         // for what the processes need; made anew
  std::string log;            // file to which this process writes
  std::string name;
  std::string control_socket;
  std::string report;
  std::string checkpoint_dir;
  std::string restore_from;  // empty: the beginning
  bool allow_non_restored_state = false;
  int64_t parallelism = 1;
  int lock = -1;  // a descriptor that the processes keep, so that it tells whether all have gone
};

// Nothing if there is nothing to run: `exit_code` says how it ended.
std::optional<ClusterOptions> ParseCommandLine(int argc, char** argv, int* exit_code);

}  // namespace castor::flink
