#include "platform/targets/snapshots.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

#include "io/file_system.h"

namespace castor::platform {
namespace {

std::vector<io::FileInfo> ListOf(const std::string& folder) {
  auto entries = io::LocalFileSystem().List(folder);
  return entries.ok() ? std::move(*entries) : std::vector<io::FileInfo>();
}

std::optional<int64_t> NumberOf(std::string_view name) {
  constexpr std::string_view kPrefix = "chk-";
  if (!name.starts_with(kPrefix)) return std::nullopt;
  name.remove_prefix(kPrefix.size());
  int64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return number;
}

}  // namespace

bool IsSnapshot(const std::string& path) {
  const auto exists = io::LocalFileSystem().Exists(io::JoinPath(path, "_metadata"));
  return exists.ok() && *exists;
}

bool IsFlinkSnapshot(const std::string& path) {
  // What every file of Flink's begins with.
  constexpr std::array<unsigned char, 4> kMagic = {0x49, 0x60, 0x67, 0x2d};
  std::array<unsigned char, kMagic.size()> first = {};
  const auto file = io::LocalFileSystem().OpenForRead(io::JoinPath(path, "_metadata"));
  if (!file.ok()) return false;
  const auto read = (*file)->ReadAt(0, first.data(), static_cast<int64_t>(first.size()));
  return read.ok() && first == kMagic;
}

std::string FindSavepoint(const std::string& folder) {
  for (const io::FileInfo& entry : ListOf(folder)) {
    if (io::BaseName(entry.path).starts_with("savepoint-") && IsSnapshot(entry.path)) {
      return entry.path;
    }
  }
  return "";
}

std::string FindLatestCheckpoint(const std::string& folder) {
  std::string latest;
  int64_t highest = -1;
  for (const io::FileInfo& run : ListOf(folder)) {
    for (const io::FileInfo& entry : ListOf(run.path)) {
      const auto number = NumberOf(io::BaseName(entry.path));
      if (!number || *number <= highest || !IsSnapshot(entry.path)) continue;
      highest = *number;
      latest = entry.path;
    }
  }
  return latest;
}

}  // namespace castor::platform
