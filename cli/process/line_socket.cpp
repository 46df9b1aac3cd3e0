#include "cli/process/line_socket.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <system_error>
#include <utility>

namespace castor::cli {
namespace {

using SteadyClock = std::chrono::steady_clock;

Status SystemError(const std::string& what) {
  return Status::IoError(what + ": " + std::generic_category().message(errno));
}

int MsUntil(SteadyClock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now());
  return left.count() > 0 ? static_cast<int>(left.count()) : 0;
}

}  // namespace

size_t MaxSocketPath() { return sizeof(sockaddr_un::sun_path) - 1; }

Result<LineSocket> LineSocket::Connect(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() > MaxSocketPath()) {
    return Status::InvalidArgument(path + " is too long for a socket; set XDG_RUNTIME_DIR to a " +
                                   "shorter path");
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return SystemError("cannot make a socket");
  LineSocket connected(fd, path);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return Status::NotFound("nobody listens on " + path);
  }
  return connected;
}

LineSocket::LineSocket(LineSocket&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      path_(std::move(other.path_)),
      received_(std::move(other.received_)) {}

LineSocket& LineSocket::operator=(LineSocket&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(path_, other.path_);
  std::swap(received_, other.received_);
  return *this;
}

LineSocket::~LineSocket() {
  if (fd_ >= 0) ::close(fd_);
}

Status LineSocket::Send(std::string_view line) {
  const std::string bytes = std::string(line) + "\n";
  for (size_t sent = 0; sent < bytes.size();) {
    const ssize_t n = ::send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return SystemError("cannot write to " + path_);
    sent += static_cast<size_t>(n);
  }
  return Status::OK();
}

Result<std::optional<std::string>> LineSocket::Receive(int timeout_ms) {
  const auto deadline = SteadyClock::now() + std::chrono::milliseconds(timeout_ms);
  size_t searched = 0;
  while (true) {
    if (const size_t end = received_.find('\n', searched); end != std::string::npos) {
      std::string line = received_.substr(0, end);
      received_.erase(0, end + 1);
      return std::optional(std::move(line));
    }
    searched = received_.size();
    pollfd readable = {fd_, POLLIN, 0};
    const int ready = ::poll(&readable, 1, timeout_ms < 0 ? -1 : MsUntil(deadline));
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) return std::optional<std::string>();
    char buffer[65536];
    const ssize_t n = ::recv(fd_, buffer, sizeof(buffer), 0);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return SystemError("cannot read from " + path_);
    if (n == 0) return Status::IoError("the other side of " + path_ + " has gone");
    received_.append(buffer, static_cast<size_t>(n));
  }
}

}  // namespace castor::cli
