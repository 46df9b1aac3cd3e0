// How an instance finds records: in memory, then by filters, then in blocks of runs read on the
// pool.
#include <algorithm>
#include <utility>

#include "gemini/store/store.h"

namespace castor::gemini {

Result<Readiness> Store::Acquire(RecordTable* table, const Keys& keys, Access access, int64_t now,
                                 std::byte** payloads, uint8_t* created) {
  CASTOR_ASSIGN_OR_RETURN(const Readiness begun, Begin());
  if (begun == Readiness::kPending) return begun;
  if (tier_.any_cold()) {
    return AcquireCold(table, keys, access, now, payloads, created);
  }
  if (access == Access::kOverwrite) access = Access::kFindOrCreate;
  table->Lookup(keys, access, now, payloads, created, &missing_);
  return Ready(keys.count);
}

Result<Readiness> Store::Begin() {
  TakeOver();
  if (fetching_ > 0) return Readiness::kPending;
  pending_ = false;
  if (!fetch_failure_.ok()) return std::exchange(fetch_failure_, Status::OK());
  return Readiness::kReady;
}

Readiness Store::Ready(size_t looked_up) {
  looked_up_ += looked_up;
  if (!evicting_) chunks_in_vain_ = 0;  // else there is no more to find before that has ended
  held_ = true;
  return Readiness::kReady;
}

// Nothing is made before it is certain that nothing is pending.
Result<Readiness> Store::AcquireCold(RecordTable* table, const Keys& keys, Access access,
                                     int64_t now, std::byte** payloads, uint8_t* created) {
  const bool overwrites = access == Access::kOverwrite;
  const bool creates = overwrites || access == Access::kFindOrCreate;
  missing_.clear();
  table->Lookup(keys, creates ? Access::kFind : access, now, payloads, nullptr, &missing_);
  const SectionId section = table->options().section;
  std::vector<ColdKey> cold;
  const SectionFilters filters(runs_, section);
  const auto position_of = [&](uint32_t row) { return tier_.PositionOfHash(keys.hash(row)); };
  for (size_t i = 0; i < missing_.size() && cold.size() < kMostCold; ++i) {
    if (i + kAhead < missing_.size()) filters.Prefetch(position_of(missing_[i + kAhead]), {});
    const uint32_t row = missing_[i];
    const Position position = position_of(row);
    const std::optional<size_t> from = filters.FirstThatMayContain(position, {});
    if (!from) continue;
    if (overwrites) {
      table->FindOrCreate(keys.key(row), keys.hash(row), now, /*stored=*/true, &payloads[row]);
    } else {
      cold.push_back({position, std::string(keys.key(row)), {}, *from});
    }
  }
  if (!cold.empty()) return StartFetches(Sought::kRecord, table, section, std::move(cold));
  // With a TTL being found to be changed counts as a write.
  const bool all = table->options().ttl_ms > 0;
  for (size_t i = 0; creates && i < keys.count; ++i) {
    if (payloads[i] != nullptr && !all) continue;
    const bool is_new =
        table->FindOrCreate(keys.key(i), keys.hash(i), now, /*stored=*/false, &payloads[i]);
    if (is_new && created != nullptr) created[i] = 1;
  }
  return Ready(keys.count);
}

void Store::Erase(RecordTable* table, const Keys& keys, std::span<const int32_t> rows) {
  missing_.clear();
  table->Erase(keys, rows, &missing_);
  if (missing_.empty()) return;
  const SectionFilters filters(runs_, table->options().section);
  for (const uint32_t row : missing_) {
    if (filters.MayContain(tier_.PositionOfHash(keys.hash(row)), {})) {
      table->EraseStored(keys.key(row), keys.hash(row));
    }
  }
}

}  // namespace castor::gemini
