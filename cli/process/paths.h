// Where the command finds its parts and keeps its files.
#pragma once

#include <string>

#include "base/status.h"

namespace castor::cli {

struct Paths {
  std::string worker;         // the program castor-worker
  std::string platform;       // the program castor-platform
  std::string flink_cluster;  // the program castor-flink-cluster
  std::string planner;        // the program castor-planner; empty if there is none
  std::string
      options;  // folder with option files of connectors from outside; empty if there is none
  std::string bundles;  // cached bundles
  std::string runtime;  // sockets, locks and logs of processes of this user

  std::string jobs() const { return runtime + "/jobs"; }
};

// Makes the folders, which only their user can enter. $XDG_CACHE_HOME (else ~/.cache) and
// $XDG_RUNTIME_DIR (else the cache) say where.
Result<Paths> FindPaths();

}  // namespace castor::cli
