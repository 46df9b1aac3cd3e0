#include "io/listener.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace castor::io {
namespace {

constexpr int kBacklog = 16;

Status SystemError(const std::string& what) {
  return Status::IoError(what + ": " + std::strerror(errno));
}

// Something accepts connections there.
bool IsAlive(const sockaddr_un& address) {
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return false;
  const bool alive =
      ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  ::close(probe);
  return alive;
}

}  // namespace

Result<std::unique_ptr<Listener>> Listener::OnUnixSocket(const std::string& path, Handler handler) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    return Status::InvalidArgument("control socket " + path + ": the path is longer than " +
                                   std::to_string(sizeof(address.sun_path) - 1) + " bytes");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  if (IsAlive(address)) {
    return Status::InvalidArgument("control socket " + path + " belongs to a running process");
  }
  ::unlink(path.c_str());
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return SystemError("control socket " + path);
  std::unique_ptr<Listener> listener(new Listener(fd, std::move(handler)));
  listener->path_ = path;
  const mode_t former = ::umask(0077);
  const int bound = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  ::umask(former);
  if (bound != 0 || ::listen(fd, kBacklog) != 0) return SystemError("control socket " + path);
  listener->Start();
  return listener;
}

Result<std::unique_ptr<Listener>> Listener::OnPort(int port, Handler handler) {
  const std::string what = "port " + std::to_string(port);
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return SystemError(what);
  std::unique_ptr<Listener> listener(new Listener(fd, std::move(handler)));
  const int yes = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
      ::listen(fd, kBacklog) != 0) {
    return SystemError(what);
  }
  socklen_t size = sizeof(address);
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  listener->port_ = ntohs(address.sin_port);
  listener->Start();
  return listener;
}

Listener::~Listener() {
  Stop();
  ::close(socket_);
  for (const int fd : wake_) {
    if (fd >= 0) ::close(fd);
  }
  if (!path_.empty()) ::unlink(path_.c_str());
}

void Listener::Start() {
  if (::pipe(wake_) != 0) return;
  thread_ = std::thread([this] { Accept(); });
}

void Listener::Accept() {
  while (true) {
    pollfd watched[2] = {{socket_, POLLIN, 0}, {wake_[0], POLLIN, 0}};
    if (::poll(watched, 2, -1) < 0 && errno != EINTR) return;
    if (watched[1].revents != 0) return;
    if (watched[0].revents == 0) continue;
    const int fd = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    const std::lock_guard lock(mutex_);
    connections_.push_back({fd, std::thread([this, fd] { handler_(fd); })});
  }
}

void Listener::Stop() {
  if (!thread_.joinable()) return;
  const char byte = 0;
  [[maybe_unused]] const ssize_t written = ::write(wake_[1], &byte, 1);
  thread_.join();
  const std::lock_guard lock(mutex_);
  for (Connection& connection : connections_) {
    ::shutdown(connection.fd, SHUT_RD);
    connection.thread.join();
    ::close(connection.fd);
  }
  connections_.clear();
}

bool SendAll(int connection, const std::string& bytes) {
  size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t n = ::send(connection, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    sent += static_cast<size_t>(n);
  }
  return true;
}

bool ReceiveLine(int connection, std::string* buffer, std::string* line) {
  constexpr size_t kLongest = 1 << 20;
  while (true) {
    const size_t end = buffer->find('\n');
    if (end != std::string::npos) {
      *line = buffer->substr(0, end);
      buffer->erase(0, end + 1);
      return true;
    }
    if (buffer->size() > kLongest) return false;
    char chunk[4096];
    const ssize_t n = ::recv(connection, chunk, sizeof(chunk), 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    buffer->append(chunk, static_cast<size_t>(n));
  }
}

}  // namespace castor::io
