// Serves HTTP, or HTTPS, each request on a thread of a bounded pool.
//
// Thread-safe. The handler is called from many threads at once; what it throws becomes status 500.
// What cannot be read as a request is answered by `refuse`.
#pragma once

#include <memory>
#include <string>
#include <thread>

#include "base/status.h"
#include "platform/server/http.h"

namespace castor::platform {

struct Endpoint {
  std::string address = "127.0.0.1";  // to listen on
  int port = 0;                       // 0: any free one
  // Files in PEM; both or none. With them it speaks TLS alone.
  std::string certificate = {};
  std::string key = {};

  bool is_encrypted() const { return !certificate.empty(); }
  // Nothing from another machine gets here.
  bool is_local() const;
};

class HttpServer {
 public:
  // Answers in pieces that may be under way at once; whoever makes them keeps to it.
  static constexpr size_t kMaxStreams = 64;
  // Of a body that is read piece by piece; others have 4 MiB.
  static constexpr size_t kMaxStreamedBytes = size_t{1} << 30;

  // kInvalidArgument: somebody has the port, this machine has not the address, or the certificate
  // cannot be used.
  static Result<std::unique_ptr<HttpServer>> Listen(const Endpoint& endpoint, HttpHandler handler,
                                                    HttpRefusal refuse);
  // Answers what has been asked, and takes no more.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  int port() const { return port_; }
  // As in "http://127.0.0.1:8080".
  const std::string& url() const { return url_; }

 private:
  struct Library;
  explicit HttpServer(const Endpoint& endpoint);

  std::unique_ptr<Library> library_;
  int port_ = 0;
  std::string url_;
  std::thread thread_;
};

}  // namespace castor::platform
