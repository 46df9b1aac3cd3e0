#include "io/routed_file_system.h"

namespace castor::io {

bool RoutedFileSystem::FilesAppearWhole(const std::string& path) const {
  const auto found = registry_->Resolve(path);
  return found.ok() && found->first->FilesAppearWhole(found->second);
}

Result<std::unique_ptr<ReadableFile>> RoutedFileSystem::OpenForRead(const std::string& path) {
  CASTOR_ASSIGN_OR_RETURN(const auto found, registry_->Resolve(path));
  return found.first->OpenForRead(found.second);
}

Result<std::unique_ptr<WritableFile>> RoutedFileSystem::OpenForWrite(const std::string& path) {
  CASTOR_ASSIGN_OR_RETURN(const auto found, registry_->Resolve(path));
  return found.first->OpenForWrite(found.second);
}

Result<std::unique_ptr<WritableFile>> RoutedFileSystem::OpenForAppend(const std::string& path,
                                                                      int64_t bytes) {
  CASTOR_ASSIGN_OR_RETURN(const auto found, registry_->Resolve(path));
  return found.first->OpenForAppend(found.second, bytes);
}

Result<FileInfo> RoutedFileSystem::Stat(const std::string& path) {
  CASTOR_ASSIGN_OR_RETURN(const auto found, registry_->Resolve(path));
  return found.first->Stat(found.second);
}

Result<bool> RoutedFileSystem::Exists(const std::string& path) {
  CASTOR_ASSIGN_OR_RETURN(const auto found, registry_->Resolve(path));
  return found.first->Exists(found.second);
}

Result<std::vector<FileInfo>> RoutedFileSystem::List(const std::string& directory) {
  CASTOR_ASSIGN_OR_RETURN(const auto found, registry_->Resolve(directory));
  return found.first->List(found.second);
}

Status RoutedFileSystem::MakeDirectories(const std::string& path) {
  CASTOR_ASSIGN_OR_RETURN(const auto found, registry_->Resolve(path));
  return found.first->MakeDirectories(found.second);
}

Status RoutedFileSystem::Rename(const std::string& from, const std::string& to) {
  CASTOR_ASSIGN_OR_RETURN(const auto source, registry_->Resolve(from));
  CASTOR_ASSIGN_OR_RETURN(const auto target, registry_->Resolve(to));
  if (source.first == target.first) return source.first->Rename(source.second, target.second);
  return Status::Unsupported("cannot rename '" + from + "' to '" + to +
                             "': they are in two file systems");
}

Status RoutedFileSystem::Link(const std::string& from, const std::string& to) {
  CASTOR_ASSIGN_OR_RETURN(const auto source, registry_->Resolve(from));
  CASTOR_ASSIGN_OR_RETURN(const auto target, registry_->Resolve(to));
  if (source.first == target.first) return source.first->Link(source.second, target.second);
  return Status::Unsupported("cannot link '" + from + "' to '" + to +
                             "': they are in two file systems");
}

Status RoutedFileSystem::DeleteFile(const std::string& path) {
  CASTOR_ASSIGN_OR_RETURN(const auto found, registry_->Resolve(path));
  return found.first->DeleteFile(found.second);
}

Status RoutedFileSystem::DeleteRecursively(const std::string& path) {
  CASTOR_ASSIGN_OR_RETURN(const auto found, registry_->Resolve(path));
  return found.first->DeleteRecursively(found.second);
}

Status RoutedFileSystem::SyncDirectory(const std::string& path) {
  CASTOR_ASSIGN_OR_RETURN(const auto found, registry_->Resolve(path));
  return found.first->SyncDirectory(found.second);
}

}  // namespace castor::io
