// How what is cold is read on the pool and taken in by the owner.
#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

#include "gemini/store/store.h"

namespace castor::gemini {
namespace {

// For so long one task reads cold keys one after the other, but so many at most. Where a read takes
// long, as from an object store, the pool's threads thus wait for many of a batch at once.
constexpr int64_t kFetchNanoseconds = 500'000;
constexpr size_t kKeysPerFetch = 64;
// Of each string, besides its bytes.
constexpr size_t kHeapBytes = 16;

}  // namespace

int64_t Store::ColdKey::byte_size() const {
  size_t bytes = sizeof(*this) + key.size() + user_key.size() + 2 * kHeapBytes;
  for (const StoredEntry& entry : found) {
    bytes += sizeof(entry) + entry.user_key.size() + entry.value.size() + 2 * kHeapBytes;
  }
  for (const StoredTimer& timer : timers) {
    bytes += sizeof(timer) + timer.key.size() + timer.user_key.size() + 2 * kHeapBytes;
  }
  return static_cast<int64_t>(bytes + rows.bytes.size() +
                              rows.rows.size() * sizeof(StoredRows::Row));
}

Readiness Store::StartFetches(Sought sought, RecordOwner* table, SectionId section,
                              std::vector<ColdKey> keys) {
  pending_ = true;
  std::sort(keys.begin(), keys.end());
  const auto same = [](const ColdKey& a, const ColdKey& b) { return !(a < b) && !(b < a); };
  keys.erase(std::unique(keys.begin(), keys.end(), same), keys.end());
  if (sought != Sought::kTimers) read_for_them_ += keys.size();
  CountReads(sought, table, keys);
  const size_t at_once = std::min(tuner_.KeysReadIn(kFetchNanoseconds), kKeysPerFetch);
  for (size_t from = 0; from < keys.size(); from += at_once) {
    const size_t to = std::min(from + at_once, keys.size());
    auto fetch = std::make_shared<Fetch>(sought, table, section, runs_);
    const auto begin = keys.begin() + static_cast<ptrdiff_t>(from);
    fetch->keys.assign(std::make_move_iterator(begin),
                       std::make_move_iterator(keys.begin() + static_cast<ptrdiff_t>(to)));
    ++fetching_;
    StartFetch(std::move(fetch));
  }
  return Readiness::kPending;
}

void Store::StartFetch(std::shared_ptr<Fetch> fetch) {
  ExecuteAwaited(
      [this, fetch = std::move(fetch), clock = options_.nanoseconds]() -> std::function<void()> {
        const Stopwatch watch(clock);
        int64_t bytes = 0;
        for (ColdKey& cold : fetch->keys) {
          fetch->status = fetch->Read(&cold);
          if (!fetch->status.ok()) break;
          ++fetch->read;
          fetch->charge.Set(bytes += cold.byte_size());
        }
        return [this, fetch, took = watch.elapsed()] {
          --fetching_;
          tuner_.HaveRead(fetch->read, took);
          EndFetch(*fetch);
        };
      });
}

Status Store::Fetch::Read(ColdKey* cold) const {
  if (sought == Sought::kTimers) {
    return runs.ForEach(section, [&](const Entry& entry) {
      cold->timers.push_back({static_cast<uint32_t>(entry.position), std::string(entry.key),
                              std::string(entry.user_key)});
    });
  }
  if (sought == Sought::kAllEntries) {
    CASTOR_ASSIGN_OR_RETURN(auto all, runs.GetAll(section, cold->position, cold->key));
    for (RunSet::FoundEntry& entry : all) {
      cold->found.push_back(
          {std::move(entry.user_key), entry.found.time, std::move(entry.found.value)});
    }
    return Status::OK();
  }
  if (sought == Sought::kWindowRows) return ReadRows(&cold->rows);
  if (sought == Sought::kWindow) {
    return runs.ForEach(section, [&](const Entry& entry) {
      StoredEntry& stored = cold->found.emplace_back();
      WindowRow::Append(static_cast<uint32_t>(entry.position), entry.key, &stored.user_key);
      stored.time = entry.time;
      stored.value = entry.value;
    });
  }
  std::string_view user_key;
  if (sought == Sought::kEntry) user_key = cold->user_key;
  CASTOR_ASSIGN_OR_RETURN(auto found,
                          runs.Get(section, cold->position, cold->key, user_key, cold->from));
  if (found) cold->found.push_back({cold->user_key, found->time, std::move(found->value)});
  return Status::OK();
}

Status Store::Fetch::ReadRows(StoredRows* rows) const {
  bool whole = true;
  CASTOR_RETURN_NOT_OK(runs.ForEach(section, [&](const Entry& entry) {
    uint64_t number = 0;
    whole &= entry.user_key.size() == sizeof(number);
    if (!whole) return;
    std::memcpy(&number, entry.user_key.data(), sizeof(number));
    rows->Add(static_cast<uint32_t>(entry.position), entry.key, __builtin_bswap64(number),
              entry.value);
  }));
  return whole ? Status::OK() : Status::Corruption("a row of a window has no number");
}

// What has been read is kept even if something else could not be.
void Store::EndFetch(const Fetch& fetch) {
  if (!fetch.status.ok()) fetch_failure_ = fetch.status;
  for (size_t i = 0; i < fetch.read; ++i) {
    for (const StoredEntry& found : fetch.keys[i].found) {
      tuner_.Found(static_cast<uint32_t>(found.value.size()));
    }
    const Status taken = TakeIn(fetch, fetch.keys[i]);
    if (!taken.ok()) fetch_failure_ = taken;
  }
}

Status Store::TakeIn(const Fetch& fetch, const ColdKey& cold) {
  if (fetch.sought == Sought::kTimers) return TakeInTimers(fetch, cold);
  if (fetch.sought == Sought::kWindowRows) {
    static_cast<WindowListTable*>(fetch.table)->Load(fetch.section.partition, cold.rows);
    return Status::OK();
  }
  if (fetch.sought == Sought::kWindow || fetch.sought == Sought::kWindowRecord) {
    return TakeInWindow(fetch, cold);
  }
  const auto hash = static_cast<uint32_t>(cold.position);
  if (fetch.sought == Sought::kRecord) {
    auto* table = static_cast<RecordTable*>(fetch.table);
    if (!cold.found.empty()) {
      return table->Load(cold.key, hash, cold.found[0].time, cold.found[0].value);
    }
    table->LoadAbsent(cold.key, hash);
    return Status::OK();
  }
  auto* table = static_cast<EntryTable*>(fetch.table);
  if (fetch.sought == Sought::kAllEntries) return table->LoadAll(cold.key, hash, cold.found);
  if (!cold.found.empty()) return table->Load(cold.key, hash, cold.found[0]);
  table->LoadAbsent(cold.key, hash, cold.user_key);
  return Status::OK();
}

Status Store::TakeInWindow(const Fetch& fetch, const ColdKey& cold) {
  auto* table = static_cast<EntryTable*>(fetch.table);
  const int64_t window = fetch.section.partition;
  if (!table->HasWindow(window)) return Status::OK();  // dropped meanwhile
  const std::string_view key = WindowRow::KeyOf(window);
  const uint32_t hash = WindowRow::HashOf(window);
  if (fetch.sought == Sought::kWindow) return table->LoadAll(key, hash, cold.found);
  if (!cold.found.empty()) return table->Load(key, hash, cold.found[0]);
  table->LoadAbsent(key, hash, cold.user_key);
  return Status::OK();
}

Status Store::TakeInTimers(const Fetch& fetch, const ColdKey& cold) {
  auto* table = static_cast<TimerTable*>(fetch.table);
  for (const StoredTimer& stored : cold.timers) {
    TimerView timer{0, stored.key_hash, stored.key, {}};
    if (!TimerTable::ParseUserKey(stored.user_key, &timer)) {
      return Status::Corruption("a timer is cut short");
    }
    table->Load(timer);
  }
  table->Loaded(fetch.section.partition);
  return Status::OK();
}

}  // namespace castor::gemini
