#include "gemini/tuning/tuner.h"

#include <algorithm>
#include <utility>

#include "gemini/tuning/cache_policy.h"
#include "gemini/tuning/merge_policy.h"

namespace castor::gemini {
namespace {

// What a change has to be worth of all that has been spent lately.
constexpr double kWorth = 0.01;
constexpr double kBlockBytes = 8 << 10;
// Blocks get, and lose, this share of the budget at a time, up to half of it.
constexpr int64_t kCacheSteps = 16;

}  // namespace

void Tuner::Reads(uint64_t keys) {
  lately_.reads += static_cast<double>(keys);
  spent_ += static_cast<double>(keys) * kBlockBytes;
}

void Tuner::Wrote(uint64_t bytes) {
  lately_.written += static_cast<double>(bytes);
  ++lately_.writes;
  spent_ += static_cast<double>(bytes);
}

void Tuner::Merged(const ValueSizes& values, uint64_t bytes, int64_t ns) {
  separation_.Merged(values);
  cost_.Copied(bytes, ns);
  lately_.merged += static_cast<double>(bytes);
  spent_ += static_cast<double>(bytes);
}

Tuner::Changes Tuner::Decide(const Situation& situation) {
  Changes changes;
  const double worth = kWorth * (lately_.reads + lately_.merged / cost_.bytes());
  if (options_.separation) DecideSeparation(&changes);
  if (options_.filters) DecideFilter(situation, worth, &changes);
  if (options_.block_cache) DecideBlocks(situation, worth, &changes);
  if (options_.merging) DecideFanIn(situation, &changes);
  Age();
  return changes;
}

void Tuner::Note(Changes* changes, Knob knob, std::string reason) {
  ++decided_[static_cast<size_t>(knob)];
  changes->decisions.push_back({knob, std::move(reason)});
}

bool Tuner::Again(Knob knob, int64_t proposal) {
  int64_t& before = proposed_[static_cast<size_t>(knob)];
  return std::exchange(before, proposal) == proposal && proposal != 0;
}

void Tuner::DecideSeparation(Changes* changes) {
  std::optional<std::string> reason = separation_.Decide(cost_.bytes());
  settings_.separate_from = separation_.separate_from();
  if (reason) Note(changes, Knob::kSeparation, std::move(*reason));
}

void Tuner::DecideFilter(const Situation& situation, double worth, Changes* changes) {
  std::optional<FilterChange> change = DecideFilters(
      situation.runs, [this](int64_t bytes) { return drops_.ReadsWithin(bytes); }, worth);
  if (!Again(Knob::kFilters, change ? (change->in_memory ? 1 : -1) : 0)) return;
  Note(changes, Knob::kFilters, change->reason);
  changes->filter = std::move(change);
}

void Tuner::DecideBlocks(const Situation& situation, double worth, Changes* changes) {
  CacheUse use;
  use.bytes = settings_.block_cache_bytes;
  use.step = situation.budget / kCacheSteps;
  use.most = situation.budget / 2;
  use.spared_by_more = situation.spared_by_blocks(use.step);
  use.spared_by_records = drops_.ReadsWithin(use.step);
  if (use.bytes > 0) {
    use.spared_by_last = situation.block_hits * static_cast<double>(std::min(use.step, use.bytes)) /
                         static_cast<double>(use.bytes);
  }
  const std::optional<CacheChange> change = DecideCache(use, worth);
  if (!Again(Knob::kBlockCache, change ? (change->bytes > use.bytes ? 1 : -1) : 0)) return;
  settings_.block_cache_bytes = change->bytes;
  Note(changes, Knob::kBlockCache, change->reason);
}

void Tuner::DecideFanIn(const Situation& situation, Changes* changes) {
  MergeUse use;
  use.fan_in = settings_.fan_in;
  use.run_bytes = lately_.writes > 0 ? lately_.written / lately_.writes : 0;
  use.stored_bytes = situation.stored_bytes;
  use.written_bytes = lately_.written;
  use.probes = lately_.reads + situation.ruled_out;
  use.walks = lately_.walks;
  const double spent = lately_.reads * cost_.bytes() + lately_.written + lately_.merged;
  const std::optional<MergeChange> change = DecideMerging(use, cost_.bytes(), kWorth * spent);
  if (!Again(Knob::kMerging, change ? static_cast<int64_t>(change->fan_in) : 0)) return;
  settings_.fan_in = change->fan_in;
  Note(changes, Knob::kMerging, change->reason);
}

void Tuner::Age() {
  spent_ = 0;
  drops_.Age();
  for (double* count :
       {&lately_.reads, &lately_.walks, &lately_.written, &lately_.writes, &lately_.merged}) {
    *count /= 2;
  }
}

}  // namespace castor::gemini
