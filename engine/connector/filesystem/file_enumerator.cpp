#include "connector/filesystem/file_enumerator.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace castor::connector::filesystem {
namespace {

// Large files are cut so that every subtask gets some, but not below the size at which opening a
// range is noticed.
constexpr int64_t kMinSplitBytes = int64_t{16} << 20;
constexpr int64_t kMaxSplitBytes = int64_t{256} << 20;
constexpr int64_t kSplitsPerSubtask = 4;

bool IsHidden(std::string_view path) {
  const std::string_view name = io::BaseName(path);
  return !name.empty() && (name[0] == '.' || name[0] == '_');
}

}  // namespace

Result<std::unique_ptr<FileEnumerator>> FileEnumerator::Make(const SourceOptions* options,
                                                             int32_t parallelism,
                                                             std::string_view restored) {
  CASTOR_ASSIGN_OR_RETURN(PathPattern pattern, PathPattern::Compile(options->path_pattern));
  std::unique_ptr<FileEnumerator> enumerator(
      new FileEnumerator(options, std::max(parallelism, 1), std::move(pattern)));
  if (!restored.empty()) CASTOR_RETURN_NOT_OK(enumerator->Restore(restored));
  return enumerator;
}

Status FileEnumerator::Restore(std::string_view state) {
  const nlohmann::json json = nlohmann::json::parse(state, nullptr, false);
  if (!json.is_object() || !json.contains("discovered") || !json["discovered"].is_boolean() ||
      !json.contains("seen") || !json["seen"].is_array()) {
    return Status::Corruption("state of the file enumerator of table " + options_->table +
                              " cannot be read");
  }
  discovered_ = json["discovered"].get<bool>();
  for (const nlohmann::json& path : json["seen"]) {
    if (path.is_string()) seen_.insert(path.get<std::string>());
  }
  return Status::OK();
}

std::string FileEnumerator::Snapshot() const {
  const nlohmann::json state = {{"discovered", discovered_}, {"seen", seen_}};
  return state.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<Discovery> FileEnumerator::Discover() {
  const bool continuous = options_->monitor_interval_ms > 0;
  Discovery discovery;
  discovery.finished = !continuous;
  if (!continuous && discovered_) return discovery;

  CASTOR_ASSIGN_OR_RETURN(std::vector<std::string> roots, Roots());
  std::vector<io::FileInfo> files;
  for (const std::string& root : roots) {
    Result<io::FileInfo> info = options_->file_system->Stat(root);
    if (!info.ok()) {
      // A watched directory may come later, and a partition go between planning and now.
      const bool missing = info.status().code() == StatusCode::kNotFound;
      if (missing && (continuous || !options_->partition_keys.empty())) continue;
      return info.status().WithContext("table " + options_->table + ", option 'path'");
    }
    CASTOR_RETURN_NOT_OK(FindFiles(*info, &files));
  }
  if (continuous) {
    std::erase_if(files, [&](const io::FileInfo& file) { return !seen_.insert(file.path).second; });
  }
  for (const io::FileInfo& file : files) CASTOR_RETURN_NOT_OK(CheckReadable(file));
  AddSplits(files, &discovery.splits);
  discovered_ = true;
  return discovery;
}

Result<std::vector<std::string>> FileEnumerator::Roots() const {
  std::vector<std::string> roots;
  if (options_->partition_keys.empty()) {
    roots.push_back(options_->path);
  } else if (options_->pruned) {
    for (const PartitionSpec& spec : options_->partitions) {
      std::string relative = PartitionPath(spec, options_->default_partition);
      roots.push_back(io::JoinPath(options_->path, relative.substr(0, relative.size() - 1)));
    }
  } else {
    CASTOR_ASSIGN_OR_RETURN(bool exists, options_->file_system->Exists(options_->path));
    if (!exists && options_->monitor_interval_ms <= 0) {
      return Status::NotFound("table " + options_->table + ", option 'path': '" + options_->path +
                              "' does not exist");
    }
    if (exists) {
      CASTOR_RETURN_NOT_OK(FindPartitions(options_->path, options_->partition_keys.size(), &roots));
    }
  }
  return roots;
}

Status FileEnumerator::FindPartitions(const std::string& directory, size_t levels,
                                      std::vector<std::string>* roots) const {
  CASTOR_ASSIGN_OR_RETURN(std::vector<io::FileInfo> entries,
                          options_->file_system->List(directory));
  for (const io::FileInfo& entry : entries) {
    if (!entry.is_directory || IsHidden(entry.path)) continue;
    if (levels > 1) {
      CASTOR_RETURN_NOT_OK(FindPartitions(entry.path, levels - 1, roots));
    } else {
      roots->push_back(entry.path);
    }
  }
  return Status::OK();
}

Status FileEnumerator::FindFiles(const io::FileInfo& info, std::vector<io::FileInfo>* files) const {
  if (IsHidden(info.path)) return Status::OK();
  if (!info.is_directory) {
    if (pattern_.Matches(info.path)) files->push_back(info);
    return Status::OK();
  }
  Result<std::vector<io::FileInfo>> entries = options_->file_system->List(info.path);
  if (!entries.ok()) {
    // Another process may have removed the directory since it was listed.
    if (entries.status().code() == StatusCode::kNotFound) return Status::OK();
    return entries.status();
  }
  for (const io::FileInfo& entry : *entries) CASTOR_RETURN_NOT_OK(FindFiles(entry, files));
  return Status::OK();
}

Status FileEnumerator::CheckReadable(const io::FileInfo& file) const {
  for (const char* suffix : {".gz", ".gzip", ".deflate", ".bz2", ".xz", ".zst"}) {
    if (file.path.ends_with(suffix) && !options_->format->is_bulk()) {
      return Status::Unsupported("table " + options_->table + ": '" + file.path +
                                 "' is compressed, which is not supported; unpack it, or leave it "
                                 "out with option 'source.path.regex-pattern'");
    }
  }
  return Status::OK();
}

void FileEnumerator::AddSplits(const std::vector<io::FileInfo>& files,
                               std::vector<Split>* splits) const {
  int64_t total = 0;
  for (const io::FileInfo& file : files) total += file.size;
  const int64_t target = std::clamp(total / (int64_t{parallelism_} * kSplitsPerSubtask),
                                    kMinSplitBytes, kMaxSplitBytes);
  const bool cut = parallelism_ > 1 && options_->format->splittable();
  for (const io::FileInfo& file : files) {
    FileSplit split;
    split.path = file.path;
    if (file.path.size() > options_->path.size()) {
      split.relative = file.path.substr(options_->path.size() + (options_->path == "/" ? 0 : 1));
    }
    split.file_size = file.size;
    split.modification_time_ms = file.modification_time_ms;
    const int64_t pieces = cut ? std::max<int64_t>(file.size / target, 1) : 1;
    for (int64_t i = 0; i < pieces; ++i) {
      split.start = file.size / pieces * i;
      split.end = i + 1 == pieces ? file.size : file.size / pieces * (i + 1);
      splits->push_back(split.ToSplit());
    }
  }
}

}  // namespace castor::connector::filesystem
