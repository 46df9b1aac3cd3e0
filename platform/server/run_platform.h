// The program castor-platform: server, reconciler and database in one process.
#pragma once

#include <string>

#include "platform/server/http_server.h"

namespace castor::platform {

struct PlatformOptions {
  std::string data_dir;
  Endpoint endpoint = {.address = "127.0.0.1", .port = 8080};
  std::string flink_home;           // folder of a distribution; empty: no Flink
  std::string flink_state_backend;  // jar; empty: the one of this build, if there is one
};

// Until SIGINT or SIGTERM; jobs go on. The exit code.
int RunPlatform(const PlatformOptions& options);

}  // namespace castor::platform
