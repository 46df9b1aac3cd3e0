// What an instance does with what its tuner decides.
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "gemini/store/store.h"

namespace castor::gemini {

void Store::CountReads(Sought sought, const RecordOwner* table, const std::vector<ColdKey>& keys) {
  if (sought == Sought::kTimers || sought == Sought::kWindow || sought == Sought::kWindowRows) {
    return;  // as a whole, whatever memory there is
  }
  tuner_.Reads(keys.size());
  if (sought == Sought::kAllEntries) tuner_.Walks(keys.size());
  for (const ColdKey& cold : keys) {
    auto hash = static_cast<uint32_t>(cold.position);
    if (sought == Sought::kEntry) hash = EntryTable::EntryHash(hash, cold.user_key);
    if (tuner_.drops().Samples(hash)) tuner_.drops().Wanted(tier_.ReuseIdOf(table, hash));
  }
}

void Store::Tune() {
  if (!tuner_.due()) return;
  Tuner::Situation situation;
  situation.budget = budget();
  std::vector<FilterUse> filters;
  for (const RunSet::Run& run : runs_.runs()) {
    RunUse& use = *run.use;
    filters.push_back({static_cast<int64_t>(run.file->filter_bytes()), run.filters != nullptr,
                       static_cast<double>(use.ruled_out_by_owner + use.ruled_out),
                       static_cast<double>(use.read_in_vain)});
    situation.stored_bytes += static_cast<double>(run.bytes);
    situation.ruled_out =
        std::max(situation.ruled_out, static_cast<double>(use.ruled_out_by_owner));
    use.Halve();
  }
  situation.runs = filters;
  BlockCache& cache = files_->cache();
  situation.spared_by_blocks = [&](int64_t bytes) { return cache.SparedByMore(bytes); };
  situation.block_hits = cache.hits_lately();
  const Tuner::Changes changes = tuner_.Decide(situation);
  cache.Age(situation.budget / 2);
  tuner_.drops().SetHorizon(situation.budget / 2);
  if (changes.filter) ChangeFilter(*changes.filter);
  files_->SeparateFrom(tuner_.settings().separate_from);
  cache.SetCapacity(tuner_.settings().block_cache_bytes);
  if (!options_.log) return;
  for (const Decision& decision : changes.decisions) options_.log(decision.reason);
}

void Store::ChangeFilter(const FilterChange& change) {
  std::shared_ptr<SortedRun> run = runs_.runs()[change.run].file;
  if (!change.in_memory) {
    runs_.SetFilters(run.get(), nullptr);
    return ChargeRuns();
  }
  Execute([this, run = std::move(run)]() -> std::function<void()> {
    auto filters =
        std::make_shared<Result<std::shared_ptr<const SortedRun::Filters>>>(run->ReadFilters());
    return [this, run, filters] {
      // If it could not be read, lookups do without.
      if (!filters->ok()) return;
      runs_.SetFilters(run.get(), std::move(**filters));
      ChargeRuns();
    };
  });
}

}  // namespace castor::gemini
