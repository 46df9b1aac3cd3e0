#include "cli/job/job_registry.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>
#include <utility>

#include "io/file_system.h"

namespace castor::cli {
namespace {

using Json = nlohmann::json;

constexpr size_t kIdDigits = 6;
// The end of an entry's name until it is whole.
constexpr std::string_view kDraft = ".new";

std::string EntryPath(const JobRecord& record) { return record.folder + "/" + record.id + ".json"; }

std::string RandomId() {
  uint32_t random = 0;
  if (::getrandom(&random, sizeof(random), 0) != sizeof(random)) {
    random = static_cast<uint32_t>(::getpid());
  }
  return fmt::format("{:06x}", random & 0xFFFFFF);
}

Json ToJson(const JobRecord& record) {
  return {{"id", record.id},         {"name", record.name},
          {"script", record.script}, {"deployment", record.deployment},
          {"pid", record.pid},       {"startedAt", record.started_at_ms}};
}

void RemoveFiles(const JobRecord& record) {
  for (const std::string& path :
       {record.socket(), record.report(), record.bundle(), EntryPath(record)}) {
    ::unlink(path.c_str());
  }
}

// The `castor run` of a job, or its worker, holds a lock on its entry.
bool IsAlive(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0) return false;
  const bool free = ::flock(fd, LOCK_EX | LOCK_NB) == 0;
  ::close(fd);
  return !free;
}

// Makes the entry, under its own name only when it is locked and whole: until then it would look
// dead to others. Gives the file that is locked, or -1 and `errno`.
int Note(const JobRecord& record) {
  const std::string text = ToJson(record).dump(-1, ' ', false, Json::error_handler_t::replace);
  const std::string draft = EntryPath(record) + std::string(kDraft);
  const int fd = ::open(draft.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return fd;
  if (::flock(fd, LOCK_EX) == 0 &&
      ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
      ::rename(draft.c_str(), EntryPath(record).c_str()) == 0) {
    return fd;
  }
  const int reason = errno;
  ::close(fd);
  errno = reason;
  return -1;
}

std::optional<JobRecord> ReadRecord(const std::string& folder, const std::string& path) {
  const Result<std::string> text = io::ReadWholeFile(io::LocalFileSystem(), path);
  if (!text.ok()) return std::nullopt;
  JobRecord record;
  record.folder = folder;
  try {
    const Json json = Json::parse(*text);
    record.id = json.value("id", "");
    record.name = json.value("name", "");
    record.script = json.value("script", "");
    record.deployment = json.value("deployment", "");
    record.pid = json.value("pid", int64_t{0});
    record.started_at_ms = json.value("startedAt", int64_t{0});
  } catch (const Json::exception&) {
    return std::nullopt;  // of something else
  }
  return record;
}

std::string Candidates(const std::vector<JobRecord>& jobs) {
  std::string text;
  for (const JobRecord& job : jobs) text += fmt::format("\n  {}  {}", job.id, job.name);
  return text;
}

}  // namespace

Result<JobEntry> JobEntry::Create(const std::string& folder, JobRecord record) {
  record.folder = folder;
  while (true) {
    do {
      record.id = RandomId();
    } while (::access(EntryPath(record).c_str(), F_OK) == 0);
    const int fd = Note(record);
    if (fd >= 0) return JobEntry(fd, std::move(record));
    // Somebody has looked at the draft before it was locked, and taken it for a dead one's.
    if (errno == ENOENT && ::access(folder.c_str(), F_OK) == 0) continue;
    return Status::IoError("cannot note the job in " + folder + ": " +
                           std::generic_category().message(errno));
  }
}

JobEntry::JobEntry(JobEntry&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), record_(std::move(other.record_)) {}

JobEntry::~JobEntry() {
  if (fd_ < 0) return;
  RemoveFiles(record_);
  ::close(fd_);
}

void JobEntry::Leave() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

std::vector<JobRecord> ListJobs(const std::string& folder) {
  std::vector<JobRecord> jobs;
  auto entries = io::LocalFileSystem().List(folder);
  if (!entries.ok()) return jobs;
  for (const io::FileInfo& file : *entries) {
    // Any file of a job leads to its entry: a worker may write its report when that has gone.
    JobRecord dead;
    dead.folder = folder;
    dead.id = std::string(io::BaseName(file.path).substr(0, kIdDigits));
    const std::string entry = EntryPath(dead);
    if (file.path == entry + std::string(kDraft)) {
      if (!IsAlive(file.path)) ::unlink(file.path.c_str());
      continue;
    }
    if (file.path != entry && IsAlive(entry)) continue;
    if (!IsAlive(entry)) {
      RemoveFiles(dead);
      continue;
    }
    if (auto record = ReadRecord(folder, entry)) jobs.push_back(std::move(*record));
  }
  std::sort(jobs.begin(), jobs.end(), [](const JobRecord& a, const JobRecord& b) {
    return a.started_at_ms < b.started_at_ms;
  });
  return jobs;
}

Result<JobRecord> FindJob(const std::string& folder, const std::string& selector) {
  const std::vector<JobRecord> jobs = ListJobs(folder);
  if (jobs.empty()) return Status::NotFound("no job is running");
  std::vector<JobRecord> found;
  for (const JobRecord& job : jobs) {
    if (job.id.starts_with(selector) || job.name == selector) found.push_back(job);
  }
  if (found.size() == 1) return found.front();
  if (selector.empty()) {
    return Status::InvalidArgument("several jobs are running; say which:" + Candidates(jobs));
  }
  if (found.empty()) {
    return Status::NotFound("no running job has the id or name '" + selector +
                            "'; there are:" + Candidates(jobs));
  }
  return Status::InvalidArgument("'" + selector +
                                 "' means several jobs; give the id:" + Candidates(found));
}

}  // namespace castor::cli
