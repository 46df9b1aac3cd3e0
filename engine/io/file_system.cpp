#include "io/file_system.h"

namespace castor::io {

FileSystemRegistry::FileSystemRegistry() {
  Register("file", [] { return &LocalFileSystem(); });
}

void FileSystemRegistry::Register(std::string scheme, Opener opener) {
  openers_[std::move(scheme)] = std::move(opener);
}

Result<std::pair<FileSystem*, std::string>> FileSystemRegistry::Resolve(
    std::string_view uri) const {
  // "file:/a" is what Java's URI prints for "file:///a"; both mean "/a".
  size_t colon = uri.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 >= uri.size() ||
      uri[colon + 1] != '/') {
    return std::make_pair(&LocalFileSystem(), std::string(uri));
  }
  std::string_view scheme = uri.substr(0, colon);
  auto found = openers_.find(scheme);
  if (found == openers_.end()) {
    std::string known;
    for (const auto& [name, unused] : openers_) known += (known.empty() ? "" : ", ") + name;
    return Status::Unsupported("no file system for scheme '" + std::string(scheme) + "' of path '" +
                               std::string(uri) + "'; known are: " + known);
  }
  CASTOR_ASSIGN_OR_RETURN(FileSystem * file_system, found->second());
  if (scheme != "file") return std::make_pair(file_system, std::string(uri));
  std::string_view path = uri.substr(colon + 1);
  if (path.substr(0, 2) == "//") path.remove_prefix(2);
  return std::make_pair(file_system, std::string(path));
}

std::string JoinPath(std::string_view directory, std::string_view name) {
  std::string path(directory);
  if (!path.empty() && path.back() != '/') path += '/';
  path += name;
  return path;
}

std::string_view BaseName(std::string_view path) {
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string ParentDirectory(std::string_view path) {
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(path.substr(0, slash == 0 ? 1 : slash));
}

Result<std::string> ReadWholeFile(FileSystem& file_system, const std::string& path) {
  CASTOR_ASSIGN_OR_RETURN(std::unique_ptr<ReadableFile> file, file_system.OpenForRead(path));
  CASTOR_ASSIGN_OR_RETURN(int64_t size, file->Size());
  std::string bytes(static_cast<size_t>(size), '\0');
  CASTOR_ASSIGN_OR_RETURN(int64_t read, file->ReadAt(0, bytes.data(), size));
  bytes.resize(static_cast<size_t>(read));
  return bytes;
}

namespace {

Status WriteDurably(FileSystem& file_system, const std::string& path, std::string_view bytes) {
  CASTOR_ASSIGN_OR_RETURN(std::unique_ptr<WritableFile> file, file_system.OpenForWrite(path));
  CASTOR_RETURN_NOT_OK(file->Append(bytes));
  CASTOR_RETURN_NOT_OK(file->Sync());
  return file->Close();
}

Status Copy(FileSystem& from_files, const std::string& from, FileSystem& to_files,
            const std::string& to) {
  constexpr int64_t kPiece = 1 << 20;
  CASTOR_ASSIGN_OR_RETURN(const auto source, from_files.OpenForRead(from));
  CASTOR_ASSIGN_OR_RETURN(const auto target, to_files.OpenForWrite(to));
  std::string piece(kPiece, '\0');
  for (int64_t at = 0;;) {
    CASTOR_ASSIGN_OR_RETURN(const int64_t read, source->ReadAt(at, piece.data(), kPiece));
    CASTOR_RETURN_NOT_OK(target->Append({piece.data(), static_cast<size_t>(read)}));
    if (read < kPiece) break;
    at += read;
  }
  CASTOR_RETURN_NOT_OK(target->Sync());
  return target->Close();
}

}  // namespace

Status WriteFileAtomically(FileSystem& file_system, const std::string& path,
                           std::string_view bytes) {
  if (file_system.FilesAppearWhole(path)) return WriteDurably(file_system, path, bytes);
  const std::string directory = ParentDirectory(path);
  const std::string temporary = JoinPath(directory, "." + std::string(BaseName(path)) + ".tmp");
  Status status = WriteDurably(file_system, temporary, bytes);
  if (status.ok()) status = file_system.Rename(temporary, path);
  if (!status.ok()) {
    // The first error is the one to report; a leftover that cannot be removed either is hidden.
    Status ignored = file_system.DeleteFile(temporary);
    (void)ignored;
    return status;
  }
  return file_system.SyncDirectory(directory);
}

Status FileSystem::Link(const std::string& from, const std::string& to) {
  return Status::Unsupported("cannot link '" + from + "' to '" + to +
                             "': the file system has no links");
}

Status LinkOrCopy(FileSystem& from_files, const std::string& from, FileSystem& to_files,
                  const std::string& to) {
  if (&from_files == &to_files) {
    Status linked = from_files.Link(from, to);
    if (linked.code() != StatusCode::kUnsupported) return linked;
  }
  return Copy(from_files, from, to_files, to);
}

}  // namespace castor::io
