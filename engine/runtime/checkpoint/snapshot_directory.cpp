#include "runtime/checkpoint/snapshot_directory.h"

#include <utility>

#include "base/fault_point.h"
#include "io/checksum.h"
#include "runtime/checkpoint/fault_points.h"

namespace castor::runtime {
namespace {

constexpr std::string_view kTemporaryMetadata = "._metadata.inprogress";

}  // namespace

Result<std::unique_ptr<SnapshotDirectory>> SnapshotDirectory::Create(io::FileSystem& files,
                                                                     std::string path) {
  CASTOR_RETURN_NOT_OK(files.DeleteRecursively(path));
  CASTOR_RETURN_NOT_OK(files.MakeDirectories(path));
  return std::unique_ptr<SnapshotDirectory>(new SnapshotDirectory(files, std::move(path)));
}

Result<std::unique_ptr<SnapshotFile>> SnapshotDirectory::Open(
    const std::string& name, const std::map<std::string, std::string>& sections) {
  CASTOR_RETURN_NOT_OK(FaultPoint(fault::kBeforeStateWrite));
  CASTOR_ASSIGN_OR_RETURN(auto opened, files_.OpenForWrite(io::JoinPath(path_, name)));
  auto file = std::make_unique<SnapshotFile>(name, std::move(opened));
  for (const auto& [section, bytes] : sections) {
    file->BeginSection(section);
    CASTOR_RETURN_NOT_OK(file->Append(bytes));
  }
  return file;
}

Result<FileRecord> SnapshotDirectory::Write(const std::string& name,
                                            const std::map<std::string, std::string>& sections) {
  CASTOR_ASSIGN_OR_RETURN(auto file, Open(name, sections));
  return file->Finish();
}

Status SnapshotDirectory::TakeIn(io::FileSystem& files, std::vector<state::StateFile>* shared) {
  const std::lock_guard lock(mutex_);
  for (state::StateFile& file : *shared) {
    const std::string target = io::JoinPath(path_, "state-" + std::to_string(taken_in_.size()));
    const auto [taken, is_new] = taken_in_.try_emplace(file.path, target);
    if (is_new) CASTOR_RETURN_NOT_OK(io::LinkOrCopy(files, file.path, files_, target));
    file.path = taken->second;
  }
  return Status::OK();
}

Status SnapshotDirectory::Complete(const SnapshotMetadata& metadata) {
  CASTOR_RETURN_NOT_OK(FaultPoint(fault::kBeforeMetadataWrite));
  const std::string target = io::JoinPath(path_, kMetadataFile);
  const bool whole = files_.FilesAppearWhole(path_);
  const std::string written = whole ? target : io::JoinPath(path_, kTemporaryMetadata);
  CASTOR_ASSIGN_OR_RETURN(auto file, files_.OpenForWrite(written));
  CASTOR_RETURN_NOT_OK(file->Append(EncodeMetadata(metadata, path_)));
  CASTOR_RETURN_NOT_OK(file->Sync());
  CASTOR_RETURN_NOT_OK(file->Close());
  CASTOR_RETURN_NOT_OK(files_.SyncDirectory(path_));
  CASTOR_RETURN_NOT_OK(FaultPoint(fault::kBeforeMetadataRename));
  if (!whole) CASTOR_RETURN_NOT_OK(files_.Rename(written, target));
  CASTOR_RETURN_NOT_OK(FaultPoint(fault::kBeforeDirectorySync));
  return files_.SyncDirectory(path_);
}

void SnapshotDirectory::Discard() {
  // What cannot be removed is without metadata and means nothing.
  [[maybe_unused]] const Status ignored = DeleteSnapshot(files_, path_);
}

std::string_view StoredFile::section(std::string_view name) const {
  size_t at = 0;
  for (const auto& [section, size] : sections) {
    const auto length = static_cast<size_t>(size);
    if (section == name) return std::string_view(bytes).substr(at, length);
    at += length;
  }
  return {};
}

Result<StoredFile> ReadStoredFile(io::FileSystem& files, const std::string& directory,
                                  const FileRecord& record) {
  const std::string path = io::JoinPath(directory, record.name);
  Result<std::string> bytes = io::ReadWholeFile(files, path);
  if (bytes.status().code() == StatusCode::kNotFound) {
    return Status::Corruption("snapshot " + directory + " is damaged: " + path +
                              " is missing; a snapshot is moved or copied as a whole folder");
  }
  if (!bytes.ok()) return bytes.status().WithContext("snapshot " + directory);
  if (static_cast<int64_t>(bytes->size()) != record.bytes) {
    return Status::Corruption("snapshot " + directory + " is damaged: " + path + " has " +
                              std::to_string(bytes->size()) + " bytes instead of " +
                              std::to_string(record.bytes));
  }
  if (io::Checksum(*bytes) != record.checksum) {
    return Status::Corruption("snapshot " + directory + " is damaged: the checksum of " + path +
                              " does not match");
  }
  return StoredFile{std::move(*bytes), record.sections};
}

Result<SnapshotMetadata> ReadMetadata(io::FileSystem& files, const std::string& directory) {
  const std::string path = io::JoinPath(directory, kMetadataFile);
  CASTOR_ASSIGN_OR_RETURN(const bool exists, files.Exists(path));
  if (!exists) {
    return Status::NotFound(directory + " is not a snapshot: it has no file " +
                            std::string(kMetadataFile));
  }
  CASTOR_ASSIGN_OR_RETURN(const std::string bytes, io::ReadWholeFile(files, path));
  return DecodeMetadata(bytes, directory);
}

Status DeleteSnapshot(io::FileSystem& files, const std::string& directory) {
  CASTOR_RETURN_NOT_OK(files.DeleteFile(io::JoinPath(directory, kMetadataFile)));
  return files.DeleteRecursively(directory);
}

}  // namespace castor::runtime
