#include "platform/targets/find_flink.h"

#include <unistd.h>

#include <filesystem>

#include "io/file_system.h"

namespace castor::platform {
namespace {

constexpr std::string_view kGemini = "flink-statebackend-gemini";

// <folder>/<prefix>*.jar, not one of sources or tests; empty if there is none.
std::string FindJar(const std::string& folder, std::string_view prefix) {
  const auto entries = io::LocalFileSystem().List(folder);
  if (!entries.ok()) return "";
  for (const io::FileInfo& entry : *entries) {
    const std::string_view name = io::BaseName(entry.path);
    const bool is_other = name.ends_with("-sources.jar") || name.ends_with("-tests.jar");
    if (name.starts_with(prefix) && name.ends_with(".jar") && !is_other) return entry.path;
  }
  return "";
}

// In a checkout the program is some folders below the one that holds flink/.
std::string FindBuilt() {
  std::error_code error;
  std::string folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  constexpr int kLevels = 4;
  for (int i = 0; i < kLevels; ++i) {
    if (std::string jar = FindJar(folder + "/flink/state-backend/target", kGemini); !jar.empty()) {
      return jar;
    }
    folder = io::ParentDirectory(folder);
  }
  return "";
}

}  // namespace

Result<FlinkInstallation> FindFlink(const std::string& home, const std::string& state_backend) {
  FlinkInstallation found;
  if (home.empty()) return found;
  std::error_code error;
  found.home = std::filesystem::absolute(home, error).lexically_normal().string();
  if (found.home.ends_with('/')) found.home.pop_back();
  if (FindJar(found.home + "/lib", "flink-dist").empty()) {
    return Status::InvalidArgument("--flink-home " + home +
                                   " is no folder of a distribution of Apache Flink: it has no "
                                   "lib/flink-dist-*.jar");
  }
  found.state_backend = state_backend;
  if (found.state_backend.empty()) found.state_backend = FindJar(found.home + "/lib", kGemini);
  if (found.state_backend.empty()) found.state_backend = FindBuilt();
  if (!state_backend.empty() && ::access(state_backend.c_str(), R_OK) != 0) {
    return Status::InvalidArgument("--flink-state-backend " + state_backend + " is not there");
  }
  return found;
}

}  // namespace castor::platform
