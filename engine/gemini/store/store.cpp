#include "gemini/store/store.h"

#include <algorithm>
#include <utility>

namespace castor::gemini {
namespace {

// Chunks that the clock's hand goes over in one call: some ten thousand records.
constexpr size_t kChunksPerTurn = 8;
constexpr size_t kChunksSettled = 256;
constexpr size_t kRecordsSwept = 256;
constexpr size_t kRecordsFreed = 4096;
// So much below the budget an eviction goes.
constexpr int64_t kBudgetShare = 32;
// From so many quarters of the budget on memory is scarce.
constexpr int64_t kScarceQuarters = 3;
// The share of the budget by which it may be exceeded while memory is being freed.
constexpr int64_t kSlackShare = 32;
// And what an eviction copies at once: its records are in memory twice until they are written.
constexpr int64_t kBufferShare = 16;
constexpr int64_t kLeastBuffer = int64_t{32} << 10;

}  // namespace

Store::Store(StoreOptions options)
    : options_(std::move(options)),
      files_(std::make_shared<RunFiles>(options_.file_system, options_.run_prefix,
                                        options_.key_groups, options_.release,
                                        options_.block_cache_bytes)),
      completions_(std::make_shared<Completions>(options_.wake)),
      tier_(options_.key_groups, options_.key_group_of),
      tuner_(options_.tuning,
             {options_.separate_from, options_.block_cache_bytes, options_.merge.fan_in}),
      member_(options_.file_system == nullptr ? nullptr : options_.shared_budget) {
  files_->SeparateFrom(options_.separate_from);
  files_->Compress(options_.compress);
}

Result<std::unique_ptr<Store>> Store::Open(StoreOptions options,
                                           std::span<const Checkpoint> restored) {
  std::unique_ptr<Store> store(new Store(std::move(options)));
  for (const Checkpoint& checkpoint : restored) {
    CASTOR_RETURN_NOT_OK(store->Restore(checkpoint));
  }
  return store;
}

// Checkpoints of several instances have no key group in common, so their order does not matter.
Status Store::Restore(const Checkpoint& checkpoint) {
  if (checkpoint.key_groups != options_.key_groups) {
    return Status::Incompatible("the state was saved with " +
                                std::to_string(checkpoint.key_groups) + " key groups, not " +
                                std::to_string(options_.key_groups));
  }
  for (const CheckpointTable& table : checkpoint.tables) restored_tables_.push_back(table);
  for (auto run = checkpoint.runs.rbegin(); run != checkpoint.runs.rend(); ++run) {
    const uint32_t first = std::max(run->first_group, options_.first_group);
    const uint32_t last = std::min(run->last_group, options_.last_group);
    if (first > last) continue;
    CASTOR_ASSIGN_OR_RETURN(RunSet::Run opened,
                            files_->Open(*run, PositionRange::OfKeyGroups(first, last)));
    AddRun(std::move(opened));
    for (uint32_t group = first; group <= last; ++group) tier_.SetCold(group);
  }
  return Status::OK();
}

void Store::HandOver(const std::function<void(std::function<void()>)>& pool, PoolWork work) {
  pool([completions = completions_, work = std::move(work)] { completions->Add(work()); });
}

void Store::TakeOver() {
  for (const std::function<void()>& done : completions_->Take()) done();
}

int64_t Store::charged_bytes() const {
  int64_t filling = cut_ && cut_->buffer ? cut_->buffer->charged_bytes() : 0;
  if (cut_) filling += cut_->blocks->idle_bytes();
  return tier_.charged_bytes() + buffered_bytes_ + filling + run_memory_bytes_ +
         files_->cache().charged_bytes();
}

MemoryUse Store::memory_use() const {
  MemoryUse use;
  use.records = tier_.used_bytes();
  use.room = tier_.chunk_bytes() - use.records;
  use.indexes = tier_.charged_bytes() - tier_.chunk_bytes();
  use.runs = run_memory_bytes_;
  use.blocks = files_->cache().charged_bytes();
  use.writing = charged_bytes() - tier_.charged_bytes() - use.runs - use.blocks;
  return use;
}

StoreStats Store::stats() const {
  return {looked_up_,
          read_for_them_,
          files_->bytes_read(),
          files_->bytes_written(),
          files_->cache().counts(),
          memory_use(),
          tuner_.settings(),
          tuner_.decided()};
}

Store::Work Store::Maintain(int64_t now) {
  TakeOver();
  ContinueCheckpoint();
  tier_.Settle(kChunksSettled);
  member_.Report(charged_bytes());
  Evict();
  const bool frees = tier_.FreeDropped(kRecordsFreed);
  if (!pending_ && !held_) {
    tier_.Compact(kChunksPerTurn);
    tier_.Sweep(kRecordsSwept, now);
  }
  Tune();
  StartMerge(now);
  const MemoryTier::CutPhase phase = tier_.cut_phase();
  if (frees || EvictsMore() || (phase == MemoryTier::CutPhase::kSaving && cut_->writing < 2) ||
      phase == MemoryTier::CutPhase::kForgetting || phase == MemoryTier::CutPhase::kGivingBack) {
    return Work::kMore;
  }
  const bool waiting = cut_ || evicting_ || merging_ || fetching_ > 0;
  return waiting ? Work::kWaiting : Work::kNone;
}

bool Store::OverBudget() const {
  return options_.file_system != nullptr && charged_bytes() > budget();
}

// No eviction starts before a cut is over, which has an end.
bool Store::MustWait() const {
  const bool cutting = cut_ || tier_.cut_phase() != MemoryTier::CutPhase::kNone;
  if (!evicting_ && !cutting && !EvictsMore()) return false;
  const int64_t most = budget();
  return charged_bytes() > most + most / kSlackShare;
}

// A record that was used lately is spared once. When the hand has gone round twice and found
// nothing, it waits for what is being written, or until something has been looked up.
bool Store::EvictsMore() const {
  if (pending_ || held_ || options_.file_system == nullptr) return false;
  return charged_bytes() > budget() && chunks_in_vain_ < 2 * tier_.chunks() + kChunksPerTurn;
}

void Store::Evict() {
  if (pending_ || held_ || options_.file_system == nullptr) return;
  const int64_t budget = this->budget();
  tier_.SetScarce(charged_bytes() / kScarceQuarters > budget / 4);
  if (charged_bytes() <= budget) return;
  const int64_t others = charged_bytes() - tier_.charged_bytes();
  std::shared_ptr<EntryBuffer> buffer;
  if (!evicting_ && tier_.cut_phase() == MemoryTier::CutPhase::kNone) {
    buffer = std::make_shared<EntryBuffer>();
  }
  const int64_t before = tier_.used_bytes();
  tier_.Evict(
      {.target = budget - budget / kBudgetShare - others,
       .chunks = kChunksPerTurn,
       .buffer = buffer.get(),
       .buffer_bytes = std::min(options_.run_bytes, std::max(budget / kBufferShare, kLeastBuffer)),
       .dropped = &tuner_.drops()});
  const bool found = tier_.used_bytes() < before || (buffer && buffer->size() > 0);
  chunks_in_vain_ = found ? 0 : chunks_in_vain_ + kChunksPerTurn;
  if (buffer == nullptr || buffer->size() == 0) return;
  evicting_ = true;
  dropped_while_evicting_.clear();
  const int64_t bytes = buffer->charged_bytes();
  buffered_bytes_ += bytes;
  Execute([this, bytes, buffer = std::move(buffer), files = files_]() -> std::function<void()> {
    auto run = std::make_shared<Result<RunSet::Run>>(files->WriteUnsynced(buffer.get()));
    return [this, bytes, run] {
      evicting_ = false;
      buffered_bytes_ -= bytes;
      chunks_in_vain_ = 0;
      tier_.EndEviction(run->ok());
      if (run->ok()) {
        tuner_.Wrote((*run)->bytes);
        (*run)->dropped = std::move(dropped_while_evicting_);
        return AddRun(std::move(**run));
      }
      write_failure_ = run->status();
      if (cut_) cut_->failure = run->status();  // the cut counts on what was being written
    };
  });
}

void Store::AddRun(RunSet::Run run) {
  if (run.clip.end == UINT64_MAX) run.clip = own_range();
  std::erase_if(run.dropped, [&](SectionId id) { return run.file->Find(id) == nullptr; });
  run.DropValues();
  runs_.AddNewest(std::move(run));
  ChargeRuns();
  merge_due_ = true;
}

void Store::ChargeRuns() {
  run_memory_bytes_ = runs_.memory_bytes();
  run_memory_.Set(run_memory_bytes_);
}

// The checkpoint on its way is of a moment when the section still counted.
void Store::DropSection(SectionId section) {
  if (cut_) {
    cut_->dropped_since.push_back(section);
    return;
  }
  runs_.Drop(section);
  if (evicting_) dropped_while_evicting_.insert(section);
  merge_due_ = true;
}

// Merges that are due for other reasons take away what has expired, too. If none is, since hardly
// anything is written any more, all runs are merged once enough of what they have must have.
bool Store::MuchHasExpired(int64_t now) {
  if (ttls_.empty() || now < next_look_for_expired_) return false;
  int64_t shortest = INT64_MAX;
  for (const auto& [table, ttl_ms] : ttls_) shortest = std::min(shortest, ttl_ms);
  constexpr int64_t kLooksPerTtl = 8;
  next_look_for_expired_ = now + std::max<int64_t>(1, shortest / kLooksPerTtl);
  uint64_t entries = 0, expired = 0;
  for (const RunSet::Run& run : runs_.runs()) {
    for (const SortedRun::Section& section : run.file->sections()) {
      if (run.dropped.count(section.info.id) > 0) continue;
      entries += section.info.entries;
      const auto ttl = ttls_.find(section.info.id.table);
      const int64_t last = section.info.max_time;
      if (ttl != ttls_.end() && last != 0 && last + ttl->second <= now) {
        expired += section.info.entries;
      }
    }
  }
  return expired > 0 && static_cast<double>(expired) >=
                            options_.merge.garbage_share * static_cast<double>(entries);
}

void Store::StartMerge(int64_t now) {
  if (merging_) return;
  const bool all_due = MuchHasExpired(now);
  if (!merge_due_ && !all_due) return;
  runs_.RemoveEmpty();
  ChargeRuns();
  MergeOptions options = options_.merge;
  options.fan_in = tuner_.settings().fan_in;
  std::optional<RunSet::Merge> picked;
  if ((rewrites_all_ || all_due) && !runs_.runs().empty()) {
    picked = runs_.MergeOfAll(options);
  } else if (tier_.any_cold()) {
    picked = runs_.PickMerge(options);
  } else {
    const double live = static_cast<double>(tier_.used_bytes()) * files_->stored_share();
    picked = runs_.PickUnreadMerge(options, static_cast<uint64_t>(live));
  }
  merge_due_ = picked.has_value();
  if (!picked) return;
  for (const auto& [table, ttl_ms] : ttls_) picked->expired_by[table] = now - ttl_ms;
  merging_ = true;
  Execute([this, merge = std::move(*picked), files = files_,
           clock = options_.nanoseconds]() -> std::function<void()> {
    ValueSizes sizes;
    const Stopwatch watch(clock);
    auto merged = std::make_shared<Result<RunSet::Run>>(files->Merge(merge, &sizes));
    return [this, merge, merged, sizes, took = watch.elapsed()] {
      merging_ = false;
      Status status = merged->status();
      if (status.ok()) {
        tuner_.Merged(sizes, (*merged)->bytes, took);
        (*merged)->clip = own_range();
        // As the oldest one that was merged: its filter is worth what that one's was.
        const bool filtered = options_.filter_of_oldest && merge.inputs.back().filters != nullptr;
        if (merge.complete && !filtered) (*merged)->filters = nullptr;
        if (merge.complete) rewrites_all_ = false;
        status = runs_.Replace(merge, std::move(**merged));
        ChargeRuns();
      }
      // Tried again when there is another run.
      if (!status.ok()) merge_due_ = false;
      if (!status.ok()) write_failure_ = std::move(status);
    };
  });
}

}  // namespace castor::gemini
