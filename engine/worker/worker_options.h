// The command line of castor-worker.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/configuration.h"

namespace castor::worker {

// Exit codes, the same for `castor run`.
enum ExitCode : int {
  kSuccess = 0,      // finished, or stopped with a savepoint
  kJobFailed = 1,    // while running
  kUsage = 2,        // command line, bundle, options or tables are wrong
  kUnsupported = 3,  // the job needs something the engine does not have, named in the error
  kBadSnapshot = 4,  // it is damaged, foreign, or does not fit the job
  kCancelled = 130,
};

struct WorkerOptions {
  std::string bundle_path;
  bool explain = false;
  bool check = false;  // whether the job could be made; nothing is run
  std::string control_socket;
  std::string report_path;
  std::string name;                                  // of the job; empty: the bundle's
  int32_t metrics_port = -1;                         // -1: none
  bool quiet = false;                                // what happens meanwhile is not told
  int threads = 0;                                   // 0: one per core
  std::map<std::string, std::string> configuration;  // on top of the bundle's
};

// `*done` is set when there is nothing more to do: --help, or an error that has been printed.
WorkerOptions ParseCommandLine(int argc, char** argv, bool* done, int* exit_code);

// The bundle's configuration with the command line's on top.
Configuration Effective(const Configuration& bundle, const WorkerOptions& options);

}  // namespace castor::worker
