#include "cli/process/paths.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "cli/process/line_socket.h"
#include "io/file_system.h"

namespace castor::cli {
namespace {

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// The folder of this program, with links resolved: bin/castor is one.
Result<std::string> ProgramFolder() {
  char path[4096];
  const ssize_t n = ::readlink("/proc/self/exe", path, sizeof(path));
  if (n <= 0) return Status::Internal("cannot find this program's own path");
  return io::ParentDirectory(std::string_view(path, static_cast<size_t>(n)));
}

// In a checkout the program is some folders below the one that holds planner/.
std::string FindPlanner(std::string folder) {
  if (const std::string set = Environment("CASTOR_PLANNER"); !set.empty()) return set;
  constexpr int kLevels = 4;
  for (int i = 0; i < kLevels; ++i) {
    const std::string candidate = folder + "/planner/castor-planner";
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
    folder = io::ParentDirectory(folder);
  }
  return "";
}

// Beside bin/, where a build with such connectors puts them.
std::string FindOptions(const std::string& program_folder) {
  const std::string folder = io::ParentDirectory(program_folder) + "/share/castor/options";
  return ::access(folder.c_str(), R_OK | X_OK) == 0 ? folder : "";
}

Status MakePrivate(const std::string& folder) {
  CASTOR_RETURN_NOT_OK(io::LocalFileSystem().MakeDirectories(folder));
  struct stat info = {};
  if (::stat(folder.c_str(), &info) != 0 || info.st_uid != ::geteuid()) {
    return Status::InvalidArgument(folder + " belongs to another user; set XDG_CACHE_HOME and " +
                                   "XDG_RUNTIME_DIR to folders of your own");
  }
  if ((info.st_mode & 0077) != 0 && ::chmod(folder.c_str(), 0700) != 0) {
    return Status::IoError("cannot protect " + folder + ": " +
                           std::generic_category().message(errno));
  }
  return Status::OK();
}

Result<std::string> CacheFolder() {
  if (const std::string set = Environment("XDG_CACHE_HOME"); !set.empty()) return set + "/castor";
  const std::string home = Environment("HOME");
  if (home.empty()) {
    return Status::InvalidArgument("neither HOME nor XDG_CACHE_HOME is set: nowhere to keep files");
  }
  return home + "/.cache/castor";
}

// Room for the names of sockets in it.
bool FitsSockets(const std::string& folder) {
  constexpr size_t kLongestName = 32;
  return folder.size() + kLongestName <= MaxSocketPath();
}

}  // namespace

Result<Paths> FindPaths() {
  Paths paths;
  CASTOR_ASSIGN_OR_RETURN(const std::string program, ProgramFolder());
  CASTOR_ASSIGN_OR_RETURN(const std::string cache, CacheFolder());
  paths.worker = program + "/castor-worker";
  paths.platform = program + "/castor-platform";
  paths.flink_cluster = program + "/castor-flink-cluster";
  paths.planner = FindPlanner(program);
  paths.options = FindOptions(program);
  paths.bundles = cache + "/bundles";
  const std::string runtime = Environment("XDG_RUNTIME_DIR");
  const bool usable = !runtime.empty() && ::access(runtime.c_str(), W_OK | X_OK) == 0 &&
                      FitsSockets(runtime + "/castor/jobs");
  paths.runtime = usable ? runtime + "/castor" : cache + "/run";
  CASTOR_RETURN_NOT_OK(MakePrivate(paths.bundles));
  CASTOR_RETURN_NOT_OK(MakePrivate(paths.runtime));
  CASTOR_RETURN_NOT_OK(MakePrivate(paths.jobs()));
  return paths;
}

}  // namespace castor::cli
