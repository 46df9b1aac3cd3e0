#include "gemini/store/run_files.h"

#include <utility>

#include "gemini/run/run_writer.h"
#include "gemini/tier/write_merge.h"

namespace castor::gemini {
namespace {

void NeverDurable(SortedRun*) {}  // a merge writes it anew in any case
void NeverDurable(ValueFile* values) { values->set_unreliable(); }

}  // namespace

// A file that is read, a SortedRun or a ValueFile, which is closed before it is released.
struct RunFiles::HeldFile {
  HeldFile(std::string path_of_file, std::shared_ptr<void> opened,
           std::shared_ptr<const Release> policy)
      : path(std::move(path_of_file)), file(std::move(opened)), release(std::move(policy)) {}
  HeldFile(const HeldFile&) = delete;
  HeldFile& operator=(const HeldFile&) = delete;
  ~HeldFile() {
    Synced();
    file.reset();
    if (*release) (*release)(path);
  }

  // The file is kept open, since it is the one that is told of what could not be written.
  void SyncLater(std::unique_ptr<io::WritableFile> written, Counter counter) {
    unsynced = std::move(written);
    unsynced_files = std::move(counter);
    ++*unsynced_files;
  }
  void Sync() {
    if (sync_failure.ok()) sync_failure = unsynced->Sync();
    if (!sync_failure.ok()) never_durable();
  }
  void Synced() {
    if (unsynced == nullptr) return;
    unsynced.reset();
    --*unsynced_files;
  }

  const std::string path;
  std::shared_ptr<void> file;
  std::function<void()> never_durable;
  const std::shared_ptr<const Release> release;
  std::unique_ptr<io::WritableFile> unsynced;
  Counter unsynced_files;
  Status sync_failure;
};

// The files of a run that is being written: the run's, then those of its values.
struct RunFiles::Draft {
  std::vector<std::string> paths;
  std::vector<std::unique_ptr<io::WritableFile>> files;
};

RunFiles::RunFiles(io::FileSystem* file_system, std::string prefix, uint32_t key_groups,
                   Release release, int64_t cache_bytes)
    : file_system_(file_system),
      prefix_(std::move(prefix)),
      options_{.key_groups = key_groups},
      release_(std::make_shared<const Release>(std::move(release))),
      cache_(std::make_shared<BlockCache>(cache_bytes)) {}

// The same for all who hold the file.
template <typename File>
std::shared_ptr<File> RunFiles::Hold(std::shared_ptr<File> file) {
  std::weak_ptr<HeldFile>& known = held_[file->path()];
  std::shared_ptr<HeldFile> held = known.lock();
  if (held == nullptr) {
    File* const opened = file.get();
    known = held = std::make_shared<HeldFile>(file->path(), std::move(file), release_);
    held->never_durable = [opened] { NeverDurable(opened); };
  }
  File* const opened = static_cast<File*>(held->file.get());
  return {std::move(held), opened};
}

RunSet::Run RunFiles::Hold(RunSet::Run run) {
  const std::lock_guard lock(mutex_);
  std::erase_if(held_, [](const auto& item) { return item.second.expired(); });
  run.file = Hold(std::move(run.file));
  for (std::shared_ptr<ValueFile>& values : run.values) {
    if (values != nullptr) values = Hold(std::move(values));
  }
  return run;
}

Result<std::unique_ptr<io::ReadableFile>> RunFiles::OpenCounting(const std::string& path) {
  CASTOR_ASSIGN_OR_RETURN(auto file, file_system_->OpenForRead(path));
  return std::unique_ptr<io::ReadableFile>(new CountingFile(std::move(file), bytes_read_));
}

Result<RunSet::Run> RunFiles::OpenRun(const std::string& path, PositionRange clip) {
  CASTOR_ASSIGN_OR_RETURN(auto file, OpenCounting(path));
  CASTOR_ASSIGN_OR_RETURN(const int64_t size, file->Size());
  CASTOR_ASSIGN_OR_RETURN(auto run, SortedRun::Open(std::move(file), cache_));
  if (run->key_groups() != options_.key_groups) {
    return Status::Incompatible(path + " has " + std::to_string(run->key_groups()) +
                                " key groups, not " + std::to_string(options_.key_groups));
  }
  return RunSet::Run{std::move(run), static_cast<uint64_t>(size), clip};
}

Result<std::shared_ptr<ValueFile>> RunFiles::OpenValues(const std::string& path,
                                                        const ValueFileInfo& info) {
  CASTOR_ASSIGN_OR_RETURN(auto file, OpenCounting(path));
  return ValueFile::Open(std::move(file), info);
}

Result<RunSet::Run> RunFiles::Open(const CheckpointRun& run, PositionRange clip) {
  CASTOR_ASSIGN_OR_RETURN(RunSet::Run opened, OpenRun(run.path, clip));
  CASTOR_ASSIGN_OR_RETURN(opened.filters, opened.file->ReadFilters());
  opened.dropped.insert(run.dropped.begin(), run.dropped.end());
  if (opened.bytes != run.bytes) {
    return Status::Corruption(run.path + " has " + std::to_string(opened.bytes) +
                              " bytes, not the " + std::to_string(run.bytes) +
                              " that the checkpoint says");
  }
  const std::vector<ValueFileInfo>& infos = opened.file->value_files();
  if (run.values.size() != infos.size()) {
    return Status::Corruption(run.path + " has " + std::to_string(infos.size()) +
                              " files of values, not the " + std::to_string(run.values.size()) +
                              " that the checkpoint says");
  }
  for (size_t i = 0; i < infos.size(); ++i) {
    std::shared_ptr<ValueFile>& values = opened.values.emplace_back();
    if (run.values[i].empty()) continue;
    CASTOR_ASSIGN_OR_RETURN(values, OpenValues(run.values[i], infos[i]));
  }
  return Hold(std::move(opened));
}

Result<RunSet::Run> RunFiles::Write(EntryBuffer* buffer) {
  return WriteRun([&](RunWriter* writer) { return buffer->WriteTo(writer); }, Codec::kLz4Deltas,
                  /*sync=*/true);
}

Result<RunSet::Run> RunFiles::WriteUnsynced(EntryBuffer* buffer) {
  return WriteRun([&](RunWriter* writer) { return buffer->WriteTo(writer); }, Codec::kLz4Deltas,
                  /*sync=*/false);
}

Result<RunSet::Run> RunFiles::Merge(const RunSet::Merge& merge, ValueSizes* sizes) {
  const auto content = [&](RunWriter* writer) {
    const Status status = WriteMerge(merge, writer);
    *sizes = writer->value_sizes();
    return status;
  };
  // A local disk gives blocks faster than Zstandard restores them; an object store does not.
  const bool well = merge.complete && file_system_->FilesAppearWhole(prefix_);
  return WriteRun(content, well ? Codec::kZstdDeltas : Codec::kLz4Deltas, /*sync=*/true);
}

std::vector<std::shared_ptr<RunFiles::HeldFile>> RunFiles::Unsynced() {
  std::vector<std::shared_ptr<HeldFile>> files;  // let go of without the lock
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [path, known] : held_) {
      if (std::shared_ptr<HeldFile> held = known.lock()) files.push_back(std::move(held));
    }
  }
  std::erase_if(files, [](const auto& held) { return held->unsynced == nullptr; });
  return files;
}

Status RunFiles::Sync() {
  const std::vector<std::shared_ptr<HeldFile>> files = Unsynced();
  for (const std::shared_ptr<HeldFile>& held : files) held->Sync();
  for (const std::shared_ptr<HeldFile>& held : files) CASTOR_RETURN_NOT_OK(held->sync_failure);
  if (!files.empty()) {
    CASTOR_RETURN_NOT_OK(file_system_->SyncDirectory(io::ParentDirectory(prefix_)));
  }
  for (const std::shared_ptr<HeldFile>& held : files) {
    CASTOR_RETURN_NOT_OK(held->unsynced->Close());
    held->Synced();
  }
  return Status::OK();
}

Result<RunSet::Run> RunFiles::WriteRun(const Content& content, Codec codec, bool sync) {
  Draft draft;
  Result<RunSet::Run> run = WriteDraft(content, codec, sync, &draft);
  if (!run.ok()) {
    for (const std::string& path : draft.paths) {
      // The first failure is the one to be told.
      [[maybe_unused]] const Status deleted = file_system_->DeleteFile(path);
    }
  }
  return run;
}

Result<RunSet::Run> RunFiles::WriteDraft(const Content& content, Codec codec, bool sync,
                                         Draft* draft) {
  const auto new_file = [&] {
    draft->paths.push_back(prefix_ + std::to_string(next_++));
    return file_system_->OpenForWrite(draft->paths.back());
  };
  CASTOR_ASSIGN_OR_RETURN(auto file, new_file());
  RunWriterOptions options = options_;
  options.separate_from = separate_from_;
  options.codec = compress_ ? codec : Codec::kNone;
  RunWriter writer(std::move(file), options, new_file);
  CASTOR_RETURN_NOT_OK(content(&writer));
  CASTOR_ASSIGN_OR_RETURN(draft->files, writer.FinishUnsynced());
  bytes_before_codec_ += writer.bytes_before_codec();
  for (const auto& written : draft->files) bytes_written_ += static_cast<uint64_t>(written->size());
  // Where files appear whole there is nothing to be read before.
  const bool now = sync || file_system_->FilesAppearWhole(prefix_);
  if (now) CASTOR_RETURN_NOT_OK(SyncDraft(draft));
  CASTOR_ASSIGN_OR_RETURN(RunSet::Run run, OpenRun(draft->paths[0], {}));
  run.filters = std::make_shared<const SortedRun::Filters>(writer.TakeFilters());
  run.values = writer.carried();
  size_t next = 1;
  for (size_t i = 0; i < run.values.size(); ++i) {
    if (run.values[i] != nullptr) continue;
    CASTOR_ASSIGN_OR_RETURN(run.values[i],
                            OpenValues(draft->paths[next++], run.file->value_files()[i]));
  }
  run = Hold(std::move(run));
  const std::lock_guard lock(mutex_);
  for (size_t i = 0; i < draft->files.size(); ++i) {
    held_[draft->paths[i]].lock()->SyncLater(std::move(draft->files[i]), unsynced_);
  }
  return run;
}

Status RunFiles::SyncDraft(Draft* draft) {
  for (const std::unique_ptr<io::WritableFile>& file : draft->files) {
    CASTOR_RETURN_NOT_OK(file->Sync());
    CASTOR_RETURN_NOT_OK(file->Close());
  }
  draft->files.clear();
  return file_system_->SyncDirectory(io::ParentDirectory(prefix_));
}

}  // namespace castor::gemini
