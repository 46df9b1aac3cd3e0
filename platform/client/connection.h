// Requests to a server of the platform, as the commands of `castor` make them.
//
// Owned by one thread. An answer of 400 and more is an error with the server's message.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/status.h"

namespace castor::platform {

class Connection {
 public:
  // `server`: as in "http://127.0.0.1:8080". `token`: says who asks; empty: nobody.
  Connection(const std::string& server, std::string in, const std::string& token);
  ~Connection();

  // `path` is below /api/v1/namespaces/<namespace>/, query included.
  Result<nlohmann::json> Get(const std::string& path);
  Result<nlohmann::json> Post(const std::string& path, const nlohmann::json& body);
  Result<nlohmann::json> Patch(const std::string& path, const nlohmann::json& body);
  // All pages of a list. `path` has no query.
  Result<nlohmann::json> GetAll(const std::string& path, const std::string& query);
  // Gives each event to `take` as it comes, until that says that it has enough.
  Status Watch(const std::string& query, const std::function<bool(const nlohmann::json&)>& take);

 private:
  struct Library;
  std::string Address(const std::string& path) const;

  const std::unique_ptr<Library> library_;
  const std::string server_;
  const std::string in_;
};

// For a query.
std::string Encoded(const std::string& text);

}  // namespace castor::platform
