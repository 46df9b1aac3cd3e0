// Asks a job manager over its REST API. Thread-safe: each request has a connection of its own.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/status.h"

namespace castor::flink {

class RestClient {
 public:
  explicit RestClient(int port) : port_(port) {}

  int port() const { return port_; }
  // kNotFound: there is no such thing, or not yet; kIoError: it does not answer; else what it says.
  Result<nlohmann::json> Get(const std::string& path) const;
  Result<nlohmann::json> Post(const std::string& path, const nlohmann::json& body) const;
  Status Patch(const std::string& path) const;

 private:
  const int port_;
};

// The innermost cause that a Java stack trace tells, as in "java.io.IOException: No space left".
std::string RootCause(const std::string& stack_trace);

}  // namespace castor::flink
