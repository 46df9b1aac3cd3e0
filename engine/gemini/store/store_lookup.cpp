// How an instance finds what may be cold: memory, then filters, then blocks of runs read on the
// pool.
#include <algorithm>
#include <utility>

#include "gemini/store/store.h"

namespace castor::gemini {
namespace {

// Cold keys that one task reads one after the other.
constexpr size_t kKeysPerFetch = 64;
// The share of the budget by which it may be exceeded for a while.
constexpr int64_t kSlackShare = 16;

}  // namespace

Result<Readiness> Store::Acquire(RecordTable* table, const Keys& keys, Access access, int64_t now,
                                 std::byte** payloads, uint8_t* created) {
  TakeOver();
  if (fetching_ > 0) return Readiness::kPending;
  pending_ = false;
  if (!fetch_failure_.ok()) return std::exchange(fetch_failure_, Status::OK());
  if (access == Access::kFindOrCreate && MustWaitForMemory()) return Readiness::kPending;
  if (tier_.any_cold()) {
    return AcquireCold(table, keys, access, now, payloads, created);
  }
  table->Lookup(keys, access, now, payloads, created, &missing_);
  held_ = true;
  return Readiness::kReady;
}

// Memory is given back before more is taken.
bool Store::MustWaitForMemory() {
  const int64_t limit = options_.memory_budget + options_.memory_budget / kSlackShare;
  if (held_ || charged_bytes() <= limit) return false;
  ContinueCheckpoint();
  tier_.Settle(SIZE_MAX);
  Evict();
  return charged_bytes() > limit && (evicting_ || (cut_ && cut_->writing > 0));
}

// Nothing is made before it is certain that nothing is pending.
Result<Readiness> Store::AcquireCold(RecordTable* table, const Keys& keys, Access access,
                                     int64_t now, std::byte** payloads, uint8_t* created) {
  const bool creates = access == Access::kFindOrCreate;
  missing_.clear();
  table->Lookup(keys, creates ? Access::kFind : access, now, payloads, nullptr, &missing_);
  const SectionId section = table->options().section;
  std::erase_if(missing_, [&](uint32_t row) {
    return !runs_.MayContain(section, tier_.PositionOfHash(keys.hash(row)), {});
  });
  if (!missing_.empty()) {
    pending_ = true;
    StartFetches(table, keys, missing_);
    return Readiness::kPending;
  }
  // With a TTL being found to be changed counts as a write.
  const bool all = table->options().ttl_ms > 0;
  for (size_t i = 0; creates && i < keys.count; ++i) {
    if (payloads[i] != nullptr && !all) continue;
    const bool is_new = table->FindOrCreate(keys.key(i), keys.hash(i), now, &payloads[i]);
    if (is_new && created != nullptr) created[i] = 1;
  }
  held_ = true;
  return Readiness::kReady;
}

void Store::Erase(RecordTable* table, const Keys& keys, const std::vector<uint32_t>& rows) {
  missing_.clear();
  table->Erase(keys, rows, &missing_);
  for (const uint32_t row : missing_) {
    const Position position = tier_.PositionOfHash(keys.hash(row));
    if (runs_.MayContain(table->options().section, position, {})) {
      table->EraseStored(keys.key(row), keys.hash(row));
    }
  }
}

void Store::StartFetches(RecordTable* table, const Keys& keys, const std::vector<uint32_t>& rows) {
  std::vector<ColdKey> cold;
  cold.reserve(rows.size());
  for (const uint32_t row : rows) {
    cold.push_back({tier_.PositionOfHash(keys.hash(row)), std::string(keys.key(row)), {}});
  }
  // In the order of the runs, each once.
  const auto before = [](const ColdKey& a, const ColdKey& b) {
    return a.position != b.position ? a.position < b.position : a.key < b.key;
  };
  std::sort(cold.begin(), cold.end(), before);
  const auto same = [](const ColdKey& a, const ColdKey& b) {
    return a.position == b.position && a.key == b.key;
  };
  cold.erase(std::unique(cold.begin(), cold.end(), same), cold.end());
  for (size_t from = 0; from < cold.size(); from += kKeysPerFetch) {
    const size_t to = std::min(from + kKeysPerFetch, cold.size());
    auto fetch = std::make_shared<Fetch>(Fetch{table, table->options().section, runs_, {}, 0, {}});
    const auto begin = cold.begin() + static_cast<ptrdiff_t>(from);
    fetch->keys.assign(std::make_move_iterator(begin),
                       std::make_move_iterator(cold.begin() + static_cast<ptrdiff_t>(to)));
    ++fetching_;
    StartFetch(std::move(fetch));
  }
}

void Store::StartFetch(std::shared_ptr<Fetch> fetch) {
  Execute([this, fetch = std::move(fetch)]() -> std::function<void()> {
    for (ColdKey& cold : fetch->keys) {
      auto found = fetch->runs.Get(fetch->section, cold.position, cold.key, {});
      fetch->status = found.status();
      if (!found.ok()) break;
      cold.found = std::move(*found);
      ++fetch->read;
    }
    return [this, fetch] {
      --fetching_;
      EndFetch(*fetch);
    };
  });
}

// What has been read is kept even if something else could not be.
void Store::EndFetch(const Fetch& fetch) {
  if (!fetch.status.ok()) fetch_failure_ = fetch.status;
  for (size_t i = 0; i < fetch.read; ++i) {
    const ColdKey& cold = fetch.keys[i];
    const auto hash = static_cast<uint32_t>(cold.position);
    if (!cold.found) {
      fetch.table->LoadAbsent(cold.key, hash);
      continue;
    }
    const Status loaded = fetch.table->Load(cold.key, hash, cold.found->time, cold.found->value);
    if (!loaded.ok()) fetch_failure_ = loaded;
  }
}

}  // namespace castor::gemini
