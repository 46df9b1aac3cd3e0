// The run files of one instance: how they are named, written and opened, and when nobody needs them
// any more.
//
// A run that is opened or written is held by whoever holds its RunSet::Run: the instance, a read on
// its way, a checkpoint. When the last of them lets go, `release` is called with its path: deleting
// files, or not, is the host's policy. Thread-safe; calls block.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/status.h"
#include "gemini/memory/entry_buffer.h"
#include "gemini/tier/run_set.h"
#include "io/file_system.h"

namespace castor::gemini {

class RunFiles {
 public:
  using Release = std::function<void(const std::string& path)>;

  // Files get the names `prefix`0, `prefix`1 and so on, which nobody else gives. `release` may be
  // called on any thread.
  RunFiles(io::FileSystem* file_system, std::string prefix, uint32_t key_groups, Release release);

  // What fails leaves no file behind. What has been written is durable, but for what
  // WriteUnsynced has written, which a crash of the machine may take before Sync.
  Result<RunSet::Run> Write(EntryBuffer* buffer);
  Result<RunSet::Run> WriteUnsynced(EntryBuffer* buffer);
  Result<RunSet::Run> Merge(const RunSet::Merge& merge);
  Result<RunSet::Run> Open(const std::string& path, PositionRange clip);

  // Whether some run that is held is not durable. Does not block.
  bool any_unsynced() const { return *unsynced_ > 0; }
  // Makes all runs that are held durable. One call at a time, and none while WriteUnsynced is
  // running. What has failed once fails until it is not held any more: the system may have
  // forgotten what it could not write.
  Status Sync();

 private:
  struct HeldRun;
  using Content = std::function<Status(std::unique_ptr<io::WritableFile>)>;
  using Counter = std::shared_ptr<std::atomic<int>>;
  RunSet::Run Hold(std::shared_ptr<SortedRun> run, uint64_t bytes, PositionRange clip);
  // `unsynced`: what `content` sets to a file that has yet to be synced.
  Result<RunSet::Run> WriteFile(const Content& content,
                                std::unique_ptr<io::WritableFile>* unsynced = nullptr);
  std::vector<std::shared_ptr<HeldRun>> Unsynced();

  io::FileSystem* const file_system_;
  const std::string prefix_;
  const RunWriterOptions options_;
  const std::shared_ptr<const Release> release_;
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<HeldRun>> held_;  // two checkpoints may have parts of one run
  std::atomic<uint64_t> next_{0};
  const Counter unsynced_ = std::make_shared<std::atomic<int>>(0);  // outlived by runs
};

}  // namespace castor::gemini
