#include "state/gemini_cut.h"

#include <charconv>
#include <utility>

#include "state/canonical_writer.h"

namespace castor::state {
namespace {

// The file that a number stands for.
Status ToPath(const std::vector<StateFile>& files, std::string* number) {
  size_t place = 0;
  const char* const end = number->data() + number->size();
  const auto [parsed, error] = std::from_chars(number->data(), end, place);
  if (error != std::errc() || parsed != end || place >= files.size()) {
    return Status::Corruption("state snapshot: it names file '" + *number + "' of " +
                              std::to_string(files.size()));
  }
  *number = files[place].path;
  return Status::OK();
}

}  // namespace

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

// Paths are not part of it: the files may be moved. A file that several runs need, or a run that is
// there more than once because it came from instances of other key groups, is one file.
Status PendingCut::WriteNative(const gemini::LiveCheckpoint& checkpoint, const ByteSink& sink) {
  gemini::Checkpoint described = checkpoint.description;
  std::map<std::string, size_t> numbers;
  const auto number = [&](std::string* path, uint64_t bytes) {
    const auto [at, is_new] = numbers.emplace(*path, files_.size());
    if (is_new) files_.push_back({*path, static_cast<int64_t>(bytes)});
    *path = std::to_string(at->second);
  };
  for (size_t i = 0; i < described.runs.size(); ++i) {
    gemini::CheckpointRun& run = described.runs[i];
    number(&run.path, run.bytes);
    const auto& values = checkpoint.runs.runs()[i].values;
    for (size_t j = 0; j < run.values.size(); ++j) {
      if (!run.values[j].empty()) number(&run.values[j], values[j]->file_bytes());
    }
  }
  return sink(gemini::EncodeCheckpoint(described));
}

bool IsNative(std::string_view bytes) { return bytes.starts_with(gemini::kCheckpointMagic); }

Result<gemini::Checkpoint> ReadNative(const StoredState& stored) {
  CASTOR_ASSIGN_OR_RETURN(gemini::Checkpoint checkpoint, gemini::DecodeCheckpoint(stored.bytes));
  for (gemini::CheckpointRun& run : checkpoint.runs) {
    CASTOR_RETURN_NOT_OK(ToPath(stored.files, &run.path));
    for (std::string& values : run.values) {
      if (!values.empty()) CASTOR_RETURN_NOT_OK(ToPath(stored.files, &values));
    }
  }
  return checkpoint;
}

}  // namespace castor::state
