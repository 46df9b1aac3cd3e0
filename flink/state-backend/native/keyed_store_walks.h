// What the sources of KeyedStore share: entries of maps and lists that are walked, and how they are
// answered. For these alone.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "flink/state-backend/native/keyed_store.h"

namespace castor::flink {

constexpr int64_t kNoExpiry = 0;      // a time at which nothing has expired
constexpr size_t kNullFlagBytes = 1;  // in front of values of maps

inline std::string_view BlobOf(const std::byte* payload) {
  return reinterpret_cast<const gemini::Blob*>(payload)->view();
}

// Visits entries until it is told to stop.
template <typename Visit>
void KeyedStore::WalkLocated(const Table& table, uint64_t handle, const Visit& visit) {
  constexpr size_t kEntriesPerPage = 256;
  uint64_t cursor = 0;
  while (cursor != gemini::EntryTable::kEndOfEntries) {
    page_.clear();
    table.entries->Walk(handle, gemini::Access::kRead, kNoExpiry, &cursor, kEntriesPerPage, &page_);
    for (const gemini::EntryView& entry : page_) {
      if (!visit(entry)) return;
    }
  }
}

// `extend` gives room for so many bytes more of an answer.
template <typename Extend>
void AddEntry(const gemini::EntryView& entry, const Extend& extend) {
  const std::string_view value = BlobOf(entry.data);
  const uint32_t sizes[] = {static_cast<uint32_t>(entry.key.size()),
                            static_cast<uint32_t>(value.size())};
  char* to = extend(sizeof(sizes) + entry.key.size() + value.size());
  std::memcpy(to, sizes, sizeof(sizes));
  to += sizeof(sizes);
  to += entry.key.copy(to, entry.key.size());
  value.copy(to, value.size());
}

template <typename Extend>
void AddElement(const gemini::EntryView& entry, bool behind_another, const Extend& extend) {
  char* to = extend(entry.key.size() + (behind_another ? 1 : 0));
  if (behind_another) *to++ = ',';
  entry.key.copy(to, entry.key.size());
}

}  // namespace castor::flink
