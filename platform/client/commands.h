// The commands of `castor` that ask a server: apply, get, diff, logs, events, rollback. Each gives
// the exit code. Used by one thread.
#pragma once

#include <cstdint>
#include <string>

#include "platform/client/login.h"

namespace castor::platform {

struct ClientOptions {
  std::string server = "http://127.0.0.1:8080";
  std::string in = "default";  // namespace
  Login login;
  std::string file;        // of apply and diff; "-": standard input
  std::string deployment;  // by name
  int64_t version = 0;     // of rollback; 0: the last that has worked
  bool wait = false;
  int64_t timeout_seconds = 300;
  bool json = false;
  bool watch = false;
};

// Makes the deployment what the file says; what the file does not mention stays. With `wait` it
// returns when that is so, or cannot be.
int Apply(const ClientOptions& options);
// All deployments, or one.
int Get(const ClientOptions& options);
// What apply would change; 1 if that is anything.
int Diff(const ClientOptions& options);
int Logs(const ClientOptions& options);
int Events(const ClientOptions& options);
int RollBack(const ClientOptions& options);

}  // namespace castor::platform
