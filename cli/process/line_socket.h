// A Unix-domain socket that carries a document a line: to the planner, and to workers.
//
// Owned by one thread. Errors name the socket's path; kNotFound: nobody listens there.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"

namespace castor::cli {

class LineSocket {
 public:
  static constexpr int kForever = -1;

  static Result<LineSocket> Connect(const std::string& path);
  LineSocket(LineSocket&& other) noexcept;
  LineSocket& operator=(LineSocket&& other) noexcept;
  ~LineSocket();

  int fd() const { return fd_; }
  // Adds the newline.
  Status Send(std::string_view line);
  // The next line; nothing when it has not come within the time. The peer's end is an error.
  Result<std::optional<std::string>> Receive(int timeout_ms);

 private:
  LineSocket(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}

  int fd_;
  std::string path_;
  std::string received_;
};

// The longest path a socket can have; longer ones are refused by Connect.
size_t MaxSocketPath();

}  // namespace castor::cli
