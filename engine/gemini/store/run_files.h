// The files of one instance, runs and the values that stand apart from them: how they are named,
// written and opened, and when nobody needs them any more.
//
// A file that is opened or written is held by whoever holds a RunSet::Run that it is of: the
// instance, a read on its way, a checkpoint. When the last of them lets go, `release` is called
// with its path: deleting files, or not, is the host's policy. Thread-safe; calls block.
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
#include "gemini/store/checkpoint.h"
#include "gemini/store/counting_file.h"
#include "gemini/tier/run_set.h"
#include "io/file_system.h"

namespace castor::gemini {

class RunFiles {
 public:
  using Release = std::function<void(const std::string& path)>;

  // Files get the names `prefix`0, `prefix`1 and so on, which nobody else gives. `release` may be
  // called on any thread.
  // `cache_bytes`: for blocks that lookups have read.
  RunFiles(io::FileSystem* file_system, std::string prefix, uint32_t key_groups, Release release,
           int64_t cache_bytes = 0);

  // What fails leaves no file behind. What has been written is durable, but for what
  // WriteUnsynced has written, which a crash of the machine may take before Sync.
  Result<RunSet::Run> Write(EntryBuffer* buffer);
  Result<RunSet::Run> WriteUnsynced(EntryBuffer* buffer);
  // `sizes` gets those of all values whose keys the merge writes.
  Result<RunSet::Run> Merge(const RunSet::Merge& merge, ValueSizes* sizes);
  // A run of a checkpoint with the files of its values.
  Result<RunSet::Run> Open(const CheckpointRun& run, PositionRange clip);

  // Values of so many bytes and more stand apart in what is written from now on; 0: none do.
  void SeparateFrom(uint32_t bytes) { separate_from_ = bytes; }
  // Blocks are compressed from now on, or not: fast, but those of the oldest run on an object store
  // well.
  void Compress(bool compress) { compress_ = compress; }

  // Whether some file that is held is not durable. Does not block.
  bool any_unsynced() const { return *unsynced_ > 0; }
  BlockCache& cache() const { return *cache_; }
  // Of all files, so far.
  uint64_t bytes_read() const { return *bytes_read_; }
  uint64_t bytes_written() const { return bytes_written_; }
  // What codecs have left of what was written so far; 1 before anything was.
  double stored_share() const {
    const auto before = static_cast<double>(bytes_before_codec_);
    return before == 0 ? 1 : static_cast<double>(bytes_written_) / before;
  }

  // Makes all files that are held durable. One call at a time, and none while WriteUnsynced is
  // running. What has failed once fails until it is not held any more: the system may have
  // forgotten what it could not write.
  Status Sync();

 private:
  struct HeldFile;
  struct Draft;
  using Content = std::function<Status(RunWriter*)>;
  using Counter = std::shared_ptr<std::atomic<int>>;

  // What has been opened is held from then on.
  RunSet::Run Hold(RunSet::Run run);
  template <typename File>
  std::shared_ptr<File> Hold(std::shared_ptr<File> file);
  Result<std::unique_ptr<io::ReadableFile>> OpenCounting(const std::string& path);
  // Not held yet.
  Result<RunSet::Run> OpenRun(const std::string& path, PositionRange clip);
  Result<std::shared_ptr<ValueFile>> OpenValues(const std::string& path, const ValueFileInfo& info);
  Result<RunSet::Run> WriteRun(const Content& content, Codec codec, bool sync);
  Result<RunSet::Run> WriteDraft(const Content& content, Codec codec, bool sync, Draft* draft);
  Status SyncDraft(Draft* draft);
  std::vector<std::shared_ptr<HeldFile>> Unsynced();

  io::FileSystem* const file_system_;
  const std::string prefix_;
  const RunWriterOptions options_;
  const std::shared_ptr<const Release> release_;
  const std::shared_ptr<BlockCache> cache_;
  const CountingFile::Counter bytes_read_ = std::make_shared<std::atomic<uint64_t>>(0);
  std::atomic<uint64_t> bytes_written_{0};
  std::atomic<uint64_t> bytes_before_codec_{0};
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<HeldFile>> held_;  // two checkpoints may have parts of one
  std::atomic<uint64_t> next_{0};
  std::atomic<uint32_t> separate_from_{0};
  std::atomic<bool> compress_{false};
  const Counter unsynced_ = std::make_shared<std::atomic<int>>(0);  // outlived by files
};

}  // namespace castor::gemini
