// Serves HTTP on the loopback interface, each request on a thread of a bounded pool.
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

class HttpServer {
 public:
  // Answers in pieces that may be under way at once; whoever makes them keeps to it.
  static constexpr size_t kMaxStreams = 64;
  // Of a body that is read piece by piece; others have 4 MiB.
  static constexpr size_t kMaxStreamedBytes = size_t{1} << 30;

  // Port 0 takes any free one. kInvalidArgument: somebody has the port.
  static Result<std::unique_ptr<HttpServer>> Listen(int port, HttpHandler handler,
                                                    HttpRefusal refuse);
  // Answers what has been asked, and takes no more.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  int port() const { return port_; }

 private:
  struct Library;
  HttpServer();

  std::unique_ptr<Library> library_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace castor::platform
