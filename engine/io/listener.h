// Accepts connections on a socket and serves each on a thread of its own. For a handful of
// connections: the control socket and the metrics port.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/status.h"

namespace castor::io {

class Listener {
 public:
  // Serves one connection; returns when the peer has closed it, or reading fails after Stop.
  using Handler = std::function<void(int connection)>;

  // Replaces a socket file that nobody listens on. Only this user may connect.
  static Result<std::unique_ptr<Listener>> OnUnixSocket(const std::string& path, Handler handler);
  // On the loopback interface; port 0 takes any free one.
  static Result<std::unique_ptr<Listener>> OnPort(int port, Handler handler);
  ~Listener();

  int port() const { return port_; }
  // No new connections and no new requests; waits for what is being answered.
  void Stop();

 private:
  Listener(int socket, Handler handler) : socket_(socket), handler_(std::move(handler)) {}
  void Start();
  void Accept();

  struct Connection {
    int fd;
    std::thread thread;
  };

  const int socket_;
  const Handler handler_;
  std::string path_;
  int port_ = 0;
  int wake_[2] = {-1, -1};  // a pipe that ends the accepting thread
  std::thread thread_;
  std::mutex mutex_;
  std::vector<Connection> connections_;
};

bool SendAll(int connection, const std::string& bytes);
// Reads up to and without the newline; false at the end.
bool ReceiveLine(int connection, std::string* buffer, std::string* line);

}  // namespace castor::io
