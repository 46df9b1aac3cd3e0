#include "state/gemini_cut.h"

#include <utility>

#include "gemini/store/portable_checkpoint.h"
#include "state/canonical_writer.h"

namespace castor::state {

void PendingCut::WhenReady(std::function<void()> ready) {
  bool now;
  {
    const std::lock_guard lock(mutex_);
    ready_ = ready;
    now = result_.has_value();
  }
  if (now) ready();
}

void PendingCut::Finish(Result<gemini::LiveCheckpoint> result) {
  std::function<void()> ready;
  {
    const std::lock_guard lock(mutex_);
    if (given_up_) return;
    result_ = std::move(result);
    ready = ready_;
  }
  if (ready) ready();
}

// What it holds may take a while to go, and those who are told of it may ask for more.
void PendingCut::GiveUp() {
  std::optional<Result<gemini::LiveCheckpoint>> result;
  std::function<void()> ready;
  const std::lock_guard lock(mutex_);
  given_up_ = true;
  result.swap(result_);
  ready.swap(ready_);
}

bool PendingCut::given_up() const {
  const std::lock_guard lock(mutex_);
  return given_up_;
}

Result<bool> PendingCut::Write(const ByteSink& sink) {
  const gemini::LiveCheckpoint* checkpoint = nullptr;
  {
    const std::lock_guard lock(mutex_);
    if (!result_) return false;
    if (!result_->ok()) return result_->status();
    checkpoint = &**result_;
  }
  if (format_ == SnapshotFormat::kNative) {
    CASTOR_RETURN_NOT_OK(WriteNative(*checkpoint, sink));
  } else {
    CASTOR_RETURN_NOT_OK(WriteCanonical(*checkpoint, max_parallelism_, sink));
  }
  return true;
}

Status PendingCut::WriteNative(const gemini::LiveCheckpoint& checkpoint, const ByteSink& sink) {
  gemini::PortableCheckpoint portable = gemini::MakePortable(checkpoint);
  for (gemini::CheckpointFile& file : portable.files) {
    files_.push_back({std::move(file.path), file.bytes});
  }
  return sink(portable.description);
}

bool IsNative(std::string_view bytes) { return bytes.starts_with(gemini::kCheckpointMagic); }

Result<gemini::Checkpoint> ReadNative(const StoredState& stored) {
  return gemini::PlaceFiles(stored.bytes, stored.files.size(),
                            [&](size_t file) { return stored.files[file].path; });
}

}  // namespace castor::state
