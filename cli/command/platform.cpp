#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "cli/command/command.h"
#include "cli/process/paths.h"
#include "cli/terminal/exit_code.h"

namespace castor::cli {

int Platform(const PlatformCommand& command) {
  const Result<Paths> paths = FindPaths();
  if (!paths.ok()) return Fail(paths.status());
  const std::string port = std::to_string(command.port);
  ::execl(paths->platform.c_str(), paths->platform.c_str(), "--data-dir", command.data_dir.c_str(),
          "--port", port.c_str(), nullptr);
  return Fail(Status::Internal("cannot run " + paths->platform + ": " +
                               std::generic_category().message(errno)));
}

}  // namespace castor::cli
