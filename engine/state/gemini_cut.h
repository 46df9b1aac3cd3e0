// A cut of a store, from the moment it is made until its bytes are written: what the owner hands to
// the thread that writes.
//
// The owner makes it, and says once what came of it (`Finish`); the writer waits for that, then
// writes the description of a native snapshot, or all that a canonical one holds, read back from
// the runs. Thread-safe.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "gemini/store/store.h"
#include "state/snapshot.h"

namespace castor::state {

class PendingCut {
 public:
  PendingCut(SnapshotFormat format, int32_t max_parallelism)
      : format_(format), max_parallelism_(max_parallelism) {}

  void WhenReady(std::function<void()> ready);
  Result<bool> Write(const ByteSink& sink);
  const std::vector<StateFile>& files() const { return files_; }

  void Finish(Result<gemini::LiveCheckpoint> result);
  // Nobody wants it any more.
  void GiveUp();
  bool given_up() const;

 private:
  Status WriteNative(const gemini::LiveCheckpoint& checkpoint, const ByteSink& sink);

  const SnapshotFormat format_;
  const int32_t max_parallelism_;
  mutable std::mutex mutex_;
  std::function<void()> ready_;
  std::optional<Result<gemini::LiveCheckpoint>> result_;
  bool given_up_ = false;
  std::vector<StateFile> files_;  // the writer's
};

class GeminiCut final : public StateCut {
 public:
  explicit GeminiCut(std::shared_ptr<PendingCut> cut) : cut_(std::move(cut)) {}
  ~GeminiCut() override { cut_->GiveUp(); }

  void WhenReady(std::function<void()> ready) override { cut_->WhenReady(std::move(ready)); }
  Result<bool> Write(const ByteSink& sink) override { return cut_->Write(sink); }
  const std::vector<StateFile>& files() const override { return cut_->files(); }

 private:
  const std::shared_ptr<PendingCut> cut_;
};

// What a native snapshot's bytes say, its runs where `files` are now.
Result<gemini::Checkpoint> ReadNative(const StoredState& stored);
// Whether the bytes are those of a native snapshot.
bool IsNative(std::string_view bytes);

}  // namespace castor::state
