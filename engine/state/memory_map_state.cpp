#include "state/memory_map_state.h"

#include <algorithm>

namespace castor::state {

Result<Readiness> MemoryMapState::Acquire(const KeyBatch& keys, std::span<const int32_t> key_rows,
                                          std::span<const std::string_view> user_keys,
                                          AccessMode mode, std::byte** records, uint8_t* created) {
  entries_.Lookup(keys, key_rows, mode, &lists_);
  if (created != nullptr) std::fill_n(created, key_rows.size(), uint8_t{0});
  const TimestampMs now = entries_.expiry().enabled() ? entries_.expiry().clock->NowMs() : 0;
  for (const EntryList* list : lists_) {
    if (list == nullptr) continue;
    __builtin_prefetch(list->index != nullptr ? static_cast<const void*>(list->index)
                                              : static_cast<const void*>(list->first));
  }
  for (size_t j = 0; j < key_rows.size(); ++j) {
    records[j] = lists_[j] == nullptr ? nullptr
                                      : AcquireOne(lists_[j], user_keys[j], mode, now,
                                                   created == nullptr ? nullptr : created + j);
  }
  return Readiness::kReady;
}

std::byte* MemoryMapState::AcquireOne(EntryList* list, std::string_view user_key, AccessMode mode,
                                      TimestampMs now, uint8_t* created) {
  EntryLists& lists = entries_.lists();
  const uint32_t hash = HashEntry(user_key);
  EntryLists::Entry* entry = lists.Find(*list, user_key, hash);
  const bool expired = entry != nullptr && entries_.expiry().Expired(entry->time, now);
  if (mode == AccessMode::kFind) {
    return entry == nullptr || expired ? nullptr : lists.RecordOf(entry);
  }
  if (entry == nullptr || expired) {
    if (entry == nullptr) {
      entry = lists.Insert(list, user_key, hash);
    } else {
      entries_.io().Reset(lists.RecordOf(entry));
    }
    if (created != nullptr) *created = 1;
  }
  entry->time = now;
  return lists.RecordOf(entry);
}

void MemoryMapState::Erase(const KeyBatch& keys, std::span<const int32_t> key_rows,
                           std::span<const std::string_view> user_keys) {
  for (size_t j = 0; j < key_rows.size(); ++j) {
    const int32_t row = key_rows[j];
    entries_.EraseEntry(keys.key(row), keys.hashes[static_cast<size_t>(row)], user_keys[j]);
  }
}

Status MemoryListState::Append(const KeyBatch& keys, std::span<const int32_t> key_rows,
                               std::span<const std::string_view> values, std::byte** records) {
  entries_.Lookup(keys, key_rows, AccessMode::kFindOrCreate, &lists_);
  const TimestampMs now = entries_.expiry().enabled() ? entries_.expiry().clock->NowMs() : 0;
  for (size_t j = 0; j < key_rows.size(); ++j) {
    EntryLists::Entry* entry = entries_.lists().Append(lists_[j], values[j], 0);
    entry->time = now;
    if (records != nullptr) records[j] = entries_.lists().RecordOf(entry);
  }
  return Status::OK();
}

}  // namespace castor::state
