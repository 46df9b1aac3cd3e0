#include "io/console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <mutex>
#include <system_error>

namespace castor::io {
namespace {

int DescriptorOf(Stream stream) {
  return stream == Stream::kOutput ? STDOUT_FILENO : STDERR_FILENO;
}

}  // namespace

Status WriteToConsole(Stream stream, std::string_view text) {
  // One lock for both: they mostly lead to the same screen.
  static std::mutex mutex;
  std::lock_guard<std::mutex> lock(mutex);
  while (!text.empty()) {
    const ssize_t n = ::write(DescriptorOf(stream), text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      return Status::IoError(std::string("cannot write to standard ") +
                             (stream == Stream::kOutput ? "output: " : "error: ") +
                             std::generic_category().message(errno));
    }
    text.remove_prefix(static_cast<size_t>(n));
  }
  return Status::OK();
}

bool IsTerminal(Stream stream) { return ::isatty(DescriptorOf(stream)) == 1; }

int TerminalWidth(Stream stream, int fallback) {
  winsize size = {};
  if (::ioctl(DescriptorOf(stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return fallback;
  return size.ws_col;
}

}  // namespace castor::io
