#include "runtime/checkpoint/snapshot_path.h"

#include <string_view>

#include "io/file_system.h"

namespace castor::runtime {
namespace {

constexpr std::string_view kHere = "./";
constexpr std::string_view kUp = "../";
constexpr int kLevelsUp = 2;

}  // namespace

std::string PathInSnapshot(const std::string& snapshot, const std::string& path) {
  std::string directory = snapshot;
  std::string way(kHere);
  for (int level = 0; level <= kLevelsUp; ++level) {
    const std::string inside = io::JoinPath(directory, "");
    if (path.starts_with(inside)) return way + path.substr(inside.size());
    directory = io::ParentDirectory(directory);
    way = level == 0 ? std::string(kUp) : way + std::string(kUp);
  }
  return path;
}

std::string ResolvePath(const std::string& snapshot, const std::string& stored) {
  std::string_view rest = stored;
  if (rest.starts_with(kHere)) return io::JoinPath(snapshot, rest.substr(kHere.size()));
  if (!rest.starts_with(kUp)) return stored;
  std::string directory = snapshot;
  for (; rest.starts_with(kUp); rest.remove_prefix(kUp.size())) {
    directory = io::ParentDirectory(directory);
  }
  return io::JoinPath(directory, rest);
}

}  // namespace castor::runtime
