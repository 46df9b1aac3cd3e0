// How an instance finds entries of maps and lists, of which some may be cold and others not.
#include <string>
#include <utility>

#include "gemini/store/store.h"

namespace castor::gemini {

using InRuns = EntryTable::InRuns;

Result<Readiness> Store::Acquire(EntryTable* table, const EntryKeys& entries, Access access,
                                 int64_t now, std::byte** payloads, uint8_t* created) {
  CASTOR_ASSIGN_OR_RETURN(const Readiness begun, Begin());
  if (begun == Readiness::kPending) return begun;
  if (tier_.any_cold()) return AcquireCold(table, entries, access, now, payloads, created);
  if (access == Access::kOverwrite) access = Access::kFindOrCreate;
  table->Lookup(entries, access, now, payloads, created, &missing_);
  return Ready(entries.size());
}

// Nothing is made before it is certain that nothing is pending.
Result<Readiness> Store::AcquireCold(EntryTable* table, const EntryKeys& entries, Access access,
                                     int64_t now, std::byte** payloads, uint8_t* created) {
  const bool overwrites = access == Access::kOverwrite;
  const bool creates = overwrites || access == Access::kFindOrCreate;
  missing_.clear();
  table->Lookup(entries, creates ? Access::kFind : access, now, payloads, nullptr, &missing_);
  const SectionId section = table->options().section;
  std::vector<ColdKey> cold;
  const SectionFilters filters(runs_, section);
  const auto position_of = [&](size_t j) { return tier_.PositionOfHash(entries.hash(j)); };
  for (size_t i = 0; i < missing_.size() && cold.size() < kMostCold; ++i) {
    if (i + kAhead < missing_.size()) {
      const uint32_t next = missing_[i + kAhead];
      filters.Prefetch(position_of(next), entries.user_keys[next]);
    }
    const uint32_t j = missing_[i];
    const Position position = position_of(j);
    const std::string_view user_key = entries.user_keys[j];
    const std::optional<size_t> from = filters.FirstThatMayContain(position, user_key);
    if (!from) continue;
    if (overwrites) {
      table->FindOrCreate(entries, j, now, InRuns::kPerhapsIt, &payloads[j]);
    } else {
      cold.push_back({position, std::string(entries.key(j)), std::string(user_key), *from});
    }
  }
  if (!cold.empty()) return StartFetches(Sought::kEntry, table, section, std::move(cold));
  // With a TTL being found to be changed counts as a write.
  const bool all = table->options().ttl_ms > 0;
  for (size_t j = 0; creates && j < entries.size(); ++j) {
    if (payloads[j] != nullptr && !all) continue;
    const bool others =
        tier_.MayBeStored(entries.hash(j)) && filters.MayContain(position_of(j), {});
    const InRuns in_runs = others ? InRuns::kOthersOfItsKey : InRuns::kNothing;
    const bool is_new = table->FindOrCreate(entries, j, now, in_runs, &payloads[j]);
    if (is_new && created != nullptr) created[j] = 1;
  }
  return Ready(entries.size());
}

void Store::Append(EntryTable* table, const EntryKeys& entries, int64_t now, std::byte** payloads) {
  table->Append(entries, now, payloads);
  held_ = true;
}

Result<Readiness> Store::Locate(EntryTable* table, const Keys& keys, std::span<const int32_t> rows,
                                std::vector<uint64_t>* handles) {
  CASTOR_ASSIGN_OR_RETURN(const Readiness begun, Begin());
  if (begun == Readiness::kPending) return begun;
  missing_.clear();
  table->Locate(keys, rows, handles, &missing_);
  if (!missing_.empty()) {
    const SectionId section = table->options().section;
    std::vector<ColdKey> cold;
    const SectionFilters filters(runs_, section);
    for (const uint32_t j : missing_) {
      const auto row = static_cast<size_t>(rows[j]);
      const Position position = tier_.PositionOfHash(keys.hash(row));
      if (filters.MayContain(position, {})) {
        cold.push_back({position, std::string(keys.key(row)), {}});
        if (cold.size() == kMostColdWhole) break;
      } else {
        table->LoadNothing(keys.key(row), keys.hash(row));
      }
    }
    if (!cold.empty()) return StartFetches(Sought::kAllEntries, table, section, std::move(cold));
    table->Locate(keys, rows, handles, &missing_);  // what is missing now has no entries
  }
  return Ready(rows.size());
}

void Store::Erase(EntryTable* table, const EntryKeys& entries) {
  missing_.clear();
  table->Erase(entries, &missing_);
  if (missing_.empty()) return;
  const SectionFilters filters(runs_, table->options().section);
  for (const uint32_t j : missing_) {
    const Position position = tier_.PositionOfHash(entries.hash(j));
    if (filters.MayContain(position, entries.user_keys[j])) table->EraseStored(entries, j);
  }
}

void Store::Clear(EntryTable* table, const Keys& keys, std::span<const int32_t> rows) {
  missing_.clear();
  table->Clear(keys, rows, &missing_);
  if (missing_.empty()) return;
  const SectionFilters filters(runs_, table->options().section);
  for (const uint32_t row : missing_) {
    const Position position = tier_.PositionOfHash(keys.hash(row));
    if (!filters.MayContain(position, {})) continue;
    table->ClearStored(keys.key(row), keys.hash(row));
  }
}

}  // namespace castor::gemini
