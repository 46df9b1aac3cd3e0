#include "platform/targets/job_files.h"

#include <algorithm>

#include "io/file_system.h"
#include "platform/targets/process_lock.h"

namespace castor::platform {
namespace {

std::vector<io::FileInfo> FoldersIn(const std::string& folder) {
  auto entries = io::LocalFileSystem().List(folder);
  if (!entries.ok()) return {};
  std::erase_if(*entries, [](const io::FileInfo& entry) { return !entry.is_directory; });
  return std::move(*entries);
}

}  // namespace

std::string JobFolder(const std::string& data, const std::string& job) {
  return data + "/jobs/" + job;
}

std::string CheckpointFolder(const std::string& data, const std::string& job) {
  return JobFolder(data, job) + "/checkpoints";
}

std::vector<std::string> JobsWithFolders(const std::string& data) {
  std::vector<std::string> jobs;
  for (const io::FileInfo& folder : FoldersIn(data + "/jobs")) {
    jobs.emplace_back(io::BaseName(folder.path));
  }
  return jobs;
}

bool IsHeld(const std::string& data, const std::string& job) {
  const auto attempts = FoldersIn(JobFolder(data, job));
  return std::any_of(attempts.begin(), attempts.end(), [](const io::FileInfo& attempt) {
    return FindHolder(attempt.path + "/lock").state == ProcessState::kAlive;
  });
}

}  // namespace castor::platform
