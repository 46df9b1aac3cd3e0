#include "gemini/store/run_files.h"

#include <utility>

#include "gemini/run/run_writer.h"

namespace castor::gemini {

// Closes the file before it is released.
struct RunFiles::HeldRun {
  HeldRun(std::shared_ptr<SortedRun> opened, std::shared_ptr<const Release> policy)
      : run(std::move(opened)), release(std::move(policy)) {}
  HeldRun(const HeldRun&) = delete;
  HeldRun& operator=(const HeldRun&) = delete;
  ~HeldRun() {
    Synced();
    const std::string path = run->path();
    run.reset();
    if (*release) (*release)(path);
  }

  // The file is kept open, since it is the one that is told of what could not be written.
  void SyncLater(std::unique_ptr<io::WritableFile> file, Counter counter) {
    unsynced = std::move(file);
    unsynced_runs = std::move(counter);
    ++*unsynced_runs;
  }
  void Synced() {
    if (unsynced == nullptr) return;
    unsynced.reset();
    --*unsynced_runs;
  }

  std::shared_ptr<SortedRun> run;
  const std::shared_ptr<const Release> release;
  std::unique_ptr<io::WritableFile> unsynced;
  Counter unsynced_runs;
  Status sync_failure;
};

RunFiles::RunFiles(io::FileSystem* file_system, std::string prefix, uint32_t key_groups,
                   Release release)
    : file_system_(file_system),
      prefix_(std::move(prefix)),
      options_{.key_groups = key_groups},
      release_(std::make_shared<const Release>(std::move(release))) {}

Result<RunSet::Run> RunFiles::Open(const std::string& path, PositionRange clip) {
  CASTOR_ASSIGN_OR_RETURN(auto file, file_system_->OpenForRead(path));
  CASTOR_ASSIGN_OR_RETURN(const int64_t size, file->Size());
  CASTOR_ASSIGN_OR_RETURN(auto run, SortedRun::Open(std::move(file)));
  if (run->key_groups() != options_.key_groups) {
    return Status::Incompatible(path + " has " + std::to_string(run->key_groups()) +
                                " key groups, not " + std::to_string(options_.key_groups));
  }
  return Hold(std::move(run), static_cast<uint64_t>(size), clip);
}

RunSet::Run RunFiles::Hold(std::shared_ptr<SortedRun> run, uint64_t bytes, PositionRange clip) {
  const std::lock_guard lock(mutex_);
  std::erase_if(held_, [](const auto& item) { return item.second.expired(); });
  std::weak_ptr<HeldRun>& known = held_[run->path()];
  std::shared_ptr<HeldRun> held = known.lock();
  if (held == nullptr) known = held = std::make_shared<HeldRun>(std::move(run), release_);
  SortedRun* const opened = held->run.get();
  return {{std::move(held), opened}, bytes, clip};
}

Result<RunSet::Run> RunFiles::Write(EntryBuffer* buffer) {
  return WriteFile([&](std::unique_ptr<io::WritableFile> file) -> Status {
    RunWriter writer(std::move(file), options_);
    CASTOR_RETURN_NOT_OK(buffer->WriteTo(&writer));
    return writer.Finish().status();
  });
}

Result<RunSet::Run> RunFiles::WriteUnsynced(EntryBuffer* buffer) {
  std::unique_ptr<io::WritableFile> unsynced;
  const auto content = [&](std::unique_ptr<io::WritableFile> file) -> Status {
    RunWriter writer(std::move(file), options_);
    CASTOR_RETURN_NOT_OK(buffer->WriteTo(&writer));
    CASTOR_ASSIGN_OR_RETURN(unsynced, writer.FinishUnsynced());
    return Status::OK();
  };
  return WriteFile(content, &unsynced);
}

std::vector<std::shared_ptr<RunFiles::HeldRun>> RunFiles::Unsynced() {
  std::vector<std::shared_ptr<HeldRun>> runs;  // let go of without the lock
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [path, known] : held_) {
      if (std::shared_ptr<HeldRun> held = known.lock()) runs.push_back(std::move(held));
    }
  }
  std::erase_if(runs, [](const auto& held) { return held->unsynced == nullptr; });
  return runs;
}

Status RunFiles::Sync() {
  const std::vector<std::shared_ptr<HeldRun>> runs = Unsynced();
  for (const std::shared_ptr<HeldRun>& held : runs) {
    if (held->sync_failure.ok()) held->sync_failure = held->unsynced->Sync();
    CASTOR_RETURN_NOT_OK(held->sync_failure);
  }
  if (!runs.empty())
    CASTOR_RETURN_NOT_OK(file_system_->SyncDirectory(io::ParentDirectory(prefix_)));
  for (const std::shared_ptr<HeldRun>& held : runs) {
    CASTOR_RETURN_NOT_OK(held->unsynced->Close());
    held->Synced();
  }
  return Status::OK();
}

Result<RunSet::Run> RunFiles::Merge(const RunSet::Merge& merge) {
  return WriteFile([&](std::unique_ptr<io::WritableFile> file) {
    return WriteMerge(merge, std::move(file), options_).status();
  });
}

Result<RunSet::Run> RunFiles::WriteFile(const Content& content,
                                        std::unique_ptr<io::WritableFile>* unsynced) {
  const std::string path = prefix_ + std::to_string(next_++);
  const auto write = [&]() -> Result<RunSet::Run> {
    CASTOR_ASSIGN_OR_RETURN(auto file, file_system_->OpenForWrite(path));
    CASTOR_RETURN_NOT_OK(content(std::move(file)));
    if (unsynced == nullptr) {
      CASTOR_RETURN_NOT_OK(file_system_->SyncDirectory(io::ParentDirectory(path)));
    }
    CASTOR_ASSIGN_OR_RETURN(RunSet::Run run, Open(path, {}));
    if (unsynced != nullptr) {
      const std::lock_guard lock(mutex_);
      held_[path].lock()->SyncLater(std::move(*unsynced), unsynced_);
    }
    return run;
  };
  Result<RunSet::Run> run = write();
  if (!run.ok()) {
    // The first failure is the one to be told.
    [[maybe_unused]] const Status deleted = file_system_->DeleteFile(path);
  }
  return run;
}

}  // namespace castor::gemini
