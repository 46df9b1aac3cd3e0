#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <vector>

#include "cli/command/command.h"
#include "cli/process/paths.h"
#include "cli/terminal/exit_code.h"

namespace castor::cli {

namespace {

// `castor platform backup` is a command of its own beside that which serves.
PlatformCommand OwnCommand(PlatformCommand command) {
  auto& given = command.arguments;
  const bool is_own = command.name == "serve" && !given.empty() &&
                      (given.front() == "backup" || given.front() == "restore");
  if (!is_own) return command;
  command.name = given.front();
  given.erase(given.begin());
  return command;
}

}  // namespace

int Platform(const PlatformCommand& given) {
  const PlatformCommand command = OwnCommand(given);
  const Result<Paths> paths = FindPaths();
  if (!paths.ok()) return Fail(paths.status());
  std::vector<char*> arguments = {const_cast<char*>(paths->platform.c_str()),
                                  const_cast<char*>(command.name.c_str())};
  for (const std::string& argument : command.arguments) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  ::execv(arguments[0], arguments.data());
  return Fail(Status::Internal("cannot run " + paths->platform + ": " +
                               std::generic_category().message(errno)));
}

}  // namespace castor::cli
