// The token with which a command asks a server. Stateless.
#pragma once

#include <string>

#include "base/status.h"

namespace castor::platform {

struct Login {
  std::string data_dir;    // of a server of this machine; empty: that which has the port
  std::string token_file;  // instead of CASTOR_TOKEN
};

// In this order: --token-file, CASTOR_TOKEN, the local token of the server. That is sent to this
// machine only. Empty: there is none. kInvalidArgument: what was said cannot be.
Result<std::string> FindToken(const Login& login, const std::string& server);

// The port, if `server` is on this machine, as in "http://127.0.0.1:8080"; else 0.
int LocalPort(const std::string& server);

}  // namespace castor::platform
