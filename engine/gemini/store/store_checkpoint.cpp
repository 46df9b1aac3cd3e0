// The checkpoints of an instance: a cut is saved bit by bit, written as runs on the pool, and
// described.
#include <algorithm>
#include <utility>

#include "gemini/store/store.h"

namespace castor::gemini {
namespace {

// While so many buffers of a cut wait to be written, the owner saves only what is about to change.
constexpr int kMostWriting = 2;
// Between two looks at how much that is.
constexpr size_t kRecordsPerStep = 64;
// The share of the budget that a buffer of a cut takes, and there are three.
constexpr int64_t kBufferShare = 32;
constexpr int64_t kLeastBuffer = int64_t{32} << 10;

}  // namespace

Status Store::StartCheckpoint() {
  if (cut_ || checkpoint_) return Status::Internal("the checkpoint before has not been taken");
  while (tier_.Settle(SIZE_MAX)) {
  }
  cut_ = Cut{};
  cut_->buffer = std::make_shared<EntryBuffer>(cut_->blocks);
  tier_.StartCut(cut_->buffer.get());
  return Status::OK();
}

void Store::AbandonCheckpoint() {
  if (!cut_) return;
  cut_->failure = Status::Cancelled("the checkpoint has been given up");
  FinishCheckpoint();
}

std::optional<Result<LiveCheckpoint>> Store::TakeCheckpoint() {
  TakeOver();
  FinishCheckpoint();
  return std::exchange(checkpoint_, std::nullopt);
}

int64_t Store::CutBufferBytes() const {
  return std::min(options_.run_bytes, std::max(budget() / kBufferShare, kLeastBuffer));
}

// Up to what a buffer may take.
void Store::SaveSlice() {
  const int64_t most = CutBufferBytes();
  const size_t step = std::min(kRecordsPerStep, options_.records_per_slice);
  for (size_t saved = 0; saved < options_.records_per_slice; saved += step) {
    if (cut_->buffer->charged_bytes() >= most || !tier_.SaveSome(step)) return;
  }
}

void Store::ContinueCheckpoint() {
  if (!cut_) return;
  if (cut_->failure.ok() && tier_.cut_phase() == MemoryTier::CutPhase::kSaving) {
    if (cut_->writing < kMostWriting) SaveSlice();
    const bool saved = tier_.cut_phase() == MemoryTier::CutPhase::kSaved;
    if (saved || cut_->buffer->charged_bytes() >= CutBufferBytes()) WriteCutBuffer();
  }
  FinishCheckpoint();
}

void Store::WriteCutBuffer() {
  std::shared_ptr<EntryBuffer> buffer = std::exchange(cut_->buffer, nullptr);
  if (tier_.cut_phase() == MemoryTier::CutPhase::kSaving) {
    cut_->buffer = std::make_shared<EntryBuffer>(cut_->blocks);
    tier_.SetCutBuffer(cut_->buffer.get());
  }
  if (buffer->size() == 0) return;
  ++cut_->writing;
  const size_t number = cut_->runs.size();
  cut_->runs.emplace_back();
  const int64_t bytes = buffer->charged_bytes();
  buffered_bytes_ += bytes;
  Execute(
      [this, bytes, number, buffer = std::move(buffer), files = files_]() -> std::function<void()> {
        auto run = std::make_shared<Result<RunSet::Run>>(files->Write(buffer.get()));
        return [this, bytes, number, run] {
          buffered_bytes_ -= bytes;
          --cut_->writing;
          if (run->ok()) {
            tuner_.Wrote((*run)->bytes);
            cut_->runs[number] = std::move(**run);
          } else {
            cut_->failure = run->status();
          }
        };
      });
}

// Runs of evictions are not durable before a checkpoint needs them.
void Store::SyncRuns() {
  syncing_ = true;
  Execute([this, files = files_]() -> std::function<void()> {
    return [this, status = files->Sync()] {
      syncing_ = false;
      if (status.ok()) return;
      cut_->failure = status;
      rewrites_all_ = merge_due_ = true;
    };
  });
}

// When all that was being written is.
void Store::FinishCheckpoint() {
  if (!cut_ || cut_->writing > 0 || evicting_ || syncing_) return;
  const bool durable = cut_->failure.ok();
  if (durable && (tier_.cut_phase() != MemoryTier::CutPhase::kSaved || cut_->buffer)) return;
  if (durable && files_->any_unsynced()) return SyncRuns();
  tier_.EndCut(durable);
  if (durable) {
    for (std::optional<RunSet::Run>& run : cut_->runs) AddRun(std::move(*run));
    checkpoint_ = LiveCheckpoint{Describe(), runs_};
  } else {
    checkpoint_ = cut_->failure;
  }
  const std::vector<SectionId> dropped = std::move(cut_->dropped_since);
  cut_.reset();
  for (const SectionId section : dropped) DropSection(section);
}

Checkpoint Store::Describe() const {
  Checkpoint described;
  described.key_groups = options_.key_groups;
  described.tables = tables_;
  for (const auto& [place, table] : numbered_) {
    described.tables[place].next_number = table->next_number();
  }
  // States that nobody has opened since are still there.
  for (const CheckpointTable& restored : restored_tables_) {
    const auto known =
        std::find_if(described.tables.begin(), described.tables.end(),
                     [&](const CheckpointTable& table) { return table.table == restored.table; });
    if (known == described.tables.end()) {
      described.tables.push_back(restored);
    } else {
      known->next_number = std::max(known->next_number, restored.next_number);
    }
  }
  for (const RunSet::Run& run : runs_.runs()) {
    CheckpointRun& added = described.runs.emplace_back();
    added.path = run.file->path();
    added.bytes = run.bytes;
    added.first_group = KeyGroupAt(run.clip.begin);
    added.last_group = KeyGroupAt(run.clip.end) - 1;
    added.dropped.assign(run.dropped.begin(), run.dropped.end());
    for (const std::shared_ptr<ValueFile>& values : run.values) {
      added.values.push_back(values == nullptr ? "" : values->path());
    }
  }
  return described;
}

}  // namespace castor::gemini
