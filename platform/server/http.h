// A request and its answer, whatever library carries them.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"

namespace castor::platform {

// Reads a body piece by piece, each of which it hands to the function, until that fails: its
// status.
using BodyReader = std::function<Status(const std::function<Status(std::string_view)>&)>;

struct HttpRequest {
  std::string method;  // "GET"
  std::string path;    // without the query, percent-decoded
  std::map<std::string, std::string> query;
  std::map<std::string, std::string> headers;  // by name in lower case
  std::string body;
  // Of a body of type application/octet-stream, which is not in `body`. To be called once, or
  // never, and before the answer.
  BodyReader read_body = {};
  std::string remote_address = {};  // of who is connected; a proxy's, if there is one
  bool is_encrypted = false;        // by TLS, to this server
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers = {};  // besides those of every answer
  // If there is one, the body comes from it in pieces until it gives none: it may wait a second for
  // a piece, and gives an empty one if nothing has come.
  std::function<std::optional<std::string>()> next_piece = {};
};

// The answer to a request that was no HTTP that could be read: `status` and what is wrong with it.
using HttpRefusal = std::function<HttpResponse(int status, const std::string& message)>;

// Called from many threads at once.
using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

}  // namespace castor::platform
