// What the sources of KeyedStore share: entries of maps and lists that are walked, and how they are
// answered. For these alone.
#pragma once

#include <cstdint>
#include <string_view>

#include "flink/state-backend/native/keyed_store.h"

namespace castor::flink {

constexpr int64_t kNoExpiry = 0;      // a time at which nothing has expired
constexpr size_t kNullFlagBytes = 1;  // in front of values of maps

inline std::string_view BlobOf(const std::byte* payload) {
  return reinterpret_cast<const gemini::Blob*>(payload)->view();
}

inline std::string_view BytesOf(const uint32_t& size) {
  return {reinterpret_cast<const char*>(&size), sizeof(size)};
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

template <typename Sink>
void AddEntry(const gemini::EntryView& entry, const Sink& append) {
  const std::string_view value = BlobOf(entry.data);
  append(BytesOf(static_cast<uint32_t>(entry.key.size())));
  append(BytesOf(static_cast<uint32_t>(value.size())));
  append(entry.key);
  append(value);
}

template <typename Sink>
void AddElement(const gemini::EntryView& entry, bool behind_another, const Sink& append) {
  if (behind_another) append(",");
  append(entry.key);
}

}  // namespace castor::flink
