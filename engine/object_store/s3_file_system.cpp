#include "object_store/s3_file_system.h"

#include <arrow/filesystem/s3fs.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "arrow_memory/charged_pool.h"
#include "object_store/s3_error.h"
#include "object_store/s3_files.h"

namespace castor::object_store {
namespace {

constexpr double kConnectSeconds = 3;

// A path taken apart.
struct Location {
  std::string scheme;  // with "://"
  std::string key;     // bucket/key, as Arrow names objects
};

Result<Location> Locate(const std::string& path) {
  const size_t mark = path.find("://");
  const size_t start = mark == std::string::npos ? 0 : mark + 3;
  Location location{path.substr(0, start), path.substr(start)};
  while (location.key.ends_with('/')) location.key.pop_back();
  if (start == 0 || location.key.empty() || location.key.front() == '/') {
    return Status::InvalidArgument("'" + path + "' names no bucket; it must be like s3://bucket/" +
                                   "path");
  }
  return location;
}

io::FileInfo ToFileInfo(const Location& location, const arrow::fs::FileInfo& info) {
  io::FileInfo file;
  file.path = location.scheme + info.path();
  file.is_directory = info.type() == arrow::fs::FileType::Directory;
  if (file.is_directory) return file;
  file.size = info.size();
  file.modification_time_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(info.mtime().time_since_epoch())
          .count();
  return file;
}

class S3Files final : public io::FileSystem {
 public:
  explicit S3Files(std::shared_ptr<arrow::fs::S3FileSystem> store) : store_(std::move(store)) {}

  bool FilesAppearWhole(const std::string&) const override { return true; }

  Result<std::unique_ptr<io::ReadableFile>> OpenForRead(const std::string& path) override {
    CASTOR_ASSIGN_OR_RETURN(const Location location, Locate(path));
    auto object = store_->OpenInputFile(location.key);
    if (!object.ok()) return Explain("open", path, object.status());
    return std::unique_ptr<io::ReadableFile>(
        std::make_unique<S3ReadableFile>(path, *std::move(object)));
  }

  Result<std::unique_ptr<io::WritableFile>> OpenForWrite(const std::string& path) override {
    CASTOR_ASSIGN_OR_RETURN(Location location, Locate(path));
    return std::unique_ptr<io::WritableFile>(
        std::make_unique<S3WritableFile>(path, std::move(location.key), store_));
  }

  Result<std::unique_ptr<io::WritableFile>> OpenForAppend(const std::string& path,
                                                          int64_t) override {
    return Status::Unsupported("cannot append to '" + path + "': objects are written once, whole");
  }

  Result<io::FileInfo> Stat(const std::string& path) override {
    CASTOR_ASSIGN_OR_RETURN(const Location location, Locate(path));
    CASTOR_ASSIGN_OR_RETURN(const arrow::fs::FileInfo info, Find(path, location));
    if (info.type() == arrow::fs::FileType::NotFound) {
      return Status::NotFound("cannot find '" + path + "': there is no such object");
    }
    return ToFileInfo(location, info);
  }

  Result<bool> Exists(const std::string& path) override {
    CASTOR_ASSIGN_OR_RETURN(const Location location, Locate(path));
    CASTOR_ASSIGN_OR_RETURN(const arrow::fs::FileInfo info, Find(path, location));
    return info.type() != arrow::fs::FileType::NotFound;
  }

  Result<std::vector<io::FileInfo>> List(const std::string& directory) override {
    CASTOR_ASSIGN_OR_RETURN(const Location location, Locate(directory));
    arrow::fs::FileSelector selector;
    selector.base_dir = location.key;
    selector.allow_not_found = true;
    const auto listed = store_->GetFileInfo(selector);
    if (!listed.ok()) return Explain("list", directory, listed.status());
    std::vector<io::FileInfo> entries;
    entries.reserve(listed->size());
    for (const arrow::fs::FileInfo& info : *listed) entries.push_back(ToFileInfo(location, info));
    std::sort(entries.begin(), entries.end(),
              [](const io::FileInfo& a, const io::FileInfo& b) { return a.path < b.path; });
    return entries;
  }

  // There is nothing to make, but a bucket that must be there: better said now than by the first
  // file.
  Status MakeDirectories(const std::string& path) override {
    CASTOR_ASSIGN_OR_RETURN(Location location, Locate(path));
    location.key.resize(std::min(location.key.find('/'), location.key.size()));
    const auto found = store_->GetFileInfo(location.key);
    if (!found.ok()) {
      // S3 gives no reason when it is asked whether something is there, but when it is to list.
      const auto listed = List(path);
      return listed.ok() ? Explain("reach", path, found.status()) : listed.status();
    }
    const arrow::fs::FileInfo& bucket = *found;
    if (bucket.type() != arrow::fs::FileType::NotFound) return Status::OK();
    return Status::NotFound("cannot make directory '" + path + "': there is no bucket '" +
                            location.key + "'; make it, or correct the path");
  }

  Status Rename(const std::string& from, const std::string& to) override {
    CASTOR_ASSIGN_OR_RETURN(const Location source, Locate(from));
    CASTOR_ASSIGN_OR_RETURN(const Location target, Locate(to));
    const arrow::Status moved = store_->Move(source.key, target.key);
    return moved.ok() ? Status::OK() : Explain("rename", from + "' to '" + to, moved);
  }

  Status DeleteFile(const std::string& path) override {
    CASTOR_ASSIGN_OR_RETURN(const Location location, Locate(path));
    return Deleted(path, store_->DeleteFile(location.key));
  }

  Status DeleteRecursively(const std::string& path) override {
    CASTOR_ASSIGN_OR_RETURN(const Location location, Locate(path));
    CASTOR_ASSIGN_OR_RETURN(const arrow::fs::FileInfo info, Find(path, location));
    if (info.type() == arrow::fs::FileType::NotFound) return Status::OK();
    const bool directory = info.type() == arrow::fs::FileType::Directory;
    return Deleted(path,
                   directory ? store_->DeleteDir(location.key) : store_->DeleteFile(location.key));
  }

  Status SyncDirectory(const std::string&) override { return Status::OK(); }

  // A copy that the store makes itself, which serves as well: neither of the two is changed later.
  // What the store cannot do the caller can, byte by byte (copies of more than 5 GB among it).
  Status Link(const std::string& from, const std::string& to) override {
    CASTOR_ASSIGN_OR_RETURN(const Location source, Locate(from));
    CASTOR_ASSIGN_OR_RETURN(const Location target, Locate(to));
    const arrow::Status copied = store_->CopyFile(source.key, target.key);
    if (copied.ok()) return Status::OK();
    const Status failed = Explain("copy", from + "' to '" + to, copied);
    return failed.code() == StatusCode::kNotFound ? failed : Status::Unsupported(failed.message());
  }

 private:
  Result<arrow::fs::FileInfo> Find(const std::string& path, const Location& location) {
    auto info = store_->GetFileInfo(location.key);
    if (!info.ok()) return Explain("look at", path, info.status());
    return *std::move(info);
  }

  static Status Deleted(const std::string& path, const arrow::Status& result) {
    if (result.ok()) return Status::OK();
    Status status = Explain("delete", path, result);
    return status.code() == StatusCode::kNotFound ? Status::OK() : status;
  }

  const std::shared_ptr<arrow::fs::S3FileSystem> store_;
};

void SetCredentials(const S3Settings& settings, arrow::fs::S3Options* options) {
  if (settings.anonymous) {
    options->ConfigureAnonymousCredentials();
  } else if (!settings.access_key.empty()) {
    options->ConfigureAccessKey(settings.access_key, settings.secret_key);
  } else {
    options->ConfigureDefaultCredentials();
  }
}

// Stores of other makers may not know the checksums that the SDK sends behind the bytes since 2025,
// and it takes this setting from the environment only. Files that matter have checksums of ours.
void SendPlainBodies() {
  ::setenv("AWS_REQUEST_CHECKSUM_CALCULATION", "when_required", /*overwrite=*/0);
}

Status Start() {
  if (arrow::fs::IsS3Initialized()) return Status::OK();
  arrow::fs::S3GlobalOptions options = arrow::fs::S3GlobalOptions::Defaults();
  if (std::getenv("ARROW_S3_LOG_LEVEL") == nullptr) options.log_level = arrow::fs::S3LogLevel::Off;
  const arrow::Status started = arrow::fs::InitializeS3(options);
  return started.ok() ? Status::OK()
                      : Status::Internal("cannot start the S3 client: " + started.message());
}

}  // namespace

Result<std::unique_ptr<io::FileSystem>> OpenS3(const S3Settings& settings) {
  if (!settings.endpoint.empty()) SendPlainBodies();
  CASTOR_RETURN_NOT_OK(Start());
  arrow::fs::S3Options options;
  options.region = settings.region;
  options.endpoint_override = settings.endpoint;
  if (!settings.endpoint_scheme.empty()) options.scheme = settings.endpoint_scheme;
  options.connect_timeout = kConnectSeconds;
  options.request_timeout = settings.silence_seconds;
  options.retry_strategy =
      arrow::fs::S3RetryStrategy::GetAwsStandardRetryStrategy(settings.attempts);
  options.background_writes = false;  // they would have no bound
  options.allow_delayed_open = true;  // a small object is one request
  SetCredentials(settings, &options);
  const arrow::io::IOContext context(arrow_memory::ChargedPool());
  auto store = arrow::fs::S3FileSystem::Make(options, context);
  if (!store.ok()) return Status::Internal("cannot open S3: " + store.status().message());
  return std::unique_ptr<io::FileSystem>(std::make_unique<S3Files>(*std::move(store)));
}

void StopS3() {
  // An error here has nobody left to concern.
  [[maybe_unused]] const arrow::Status ignored = arrow::fs::EnsureS3Finalized();
}

}  // namespace castor::object_store
