#include "gemini/soak/kept_checkpoint.h"

#include <cstring>
#include <utility>

#include "io/file_system.h"

namespace castor::gemini {
namespace {

struct Header {
  uint32_t attempt;
  uint32_t versions;
};

std::set<std::string> FilesOf(const Checkpoint& checkpoint) {
  std::set<std::string> files;
  for (const CheckpointRun& run : checkpoint.runs) {
    files.insert(run.path);
    for (const std::string& values : run.values) {
      if (!values.empty()) files.insert(values);
    }
  }
  return files;
}

}  // namespace

KeptCheckpoint::KeptCheckpoint(const std::filesystem::path& folder) : folder_(folder) {
  std::filesystem::create_directories(folder);
}

std::string KeptCheckpoint::run_prefix() const {
  return folder_ / (std::to_string(attempt_) + "-");
}

Result<std::optional<KeptCheckpoint::Content>> KeptCheckpoint::Load() {
  std::optional<Content> content;
  if (std::filesystem::exists(path())) {
    CASTOR_ASSIGN_OR_RETURN(const std::string bytes,
                            io::ReadWholeFile(io::LocalFileSystem(), path()));
    Header header;
    std::memcpy(&header, bytes.data(), sizeof(header));
    content.emplace();
    content->versions.resize(header.versions);
    const size_t size = header.versions * sizeof(uint32_t);
    std::memcpy(content->versions.data(), bytes.data() + sizeof(header), size);
    CASTOR_ASSIGN_OR_RETURN(
        content->checkpoint,
        DecodeCheckpoint(std::string_view(bytes).substr(sizeof(header) + size)));
    named_ = FilesOf(content->checkpoint);
    attempt_ = header.attempt + 1;
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    if (entry.path() != path() && !named_.contains(entry.path())) {
      std::filesystem::remove(entry.path());
    }
  }
  return content;
}

Status KeptCheckpoint::Keep(const Checkpoint& checkpoint, const std::vector<uint32_t>& versions) {
  const Header header{attempt_, static_cast<uint32_t>(versions.size())};
  std::string bytes(reinterpret_cast<const char*>(&header), sizeof(header));
  bytes.append(reinterpret_cast<const char*>(versions.data()), versions.size() * sizeof(uint32_t));
  bytes += EncodeCheckpoint(checkpoint);
  CASTOR_RETURN_NOT_OK(io::WriteFileAtomically(io::LocalFileSystem(), path(), bytes));
  const std::lock_guard lock(mutex_);
  named_ = FilesOf(checkpoint);
  std::erase_if(released_, [this](const std::string& file) {
    return !named_.contains(file) && std::filesystem::remove(file);
  });
  return Status::OK();
}

void KeptCheckpoint::Release(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (named_.contains(path)) {
    released_.insert(path);
  } else {
    std::filesystem::remove(path);
  }
}

}  // namespace castor::gemini
