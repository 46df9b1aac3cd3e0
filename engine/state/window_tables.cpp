#include "state/window_tables.h"

#include <algorithm>

namespace castor::state {

RecordTable* WindowTables::Find(TimestampMs window) const {
  const auto found = tables_.find(window);
  return found == tables_.end() ? nullptr : found->second.get();
}

RecordTable* WindowTables::FindOrCreate(TimestampMs window) {
  std::unique_ptr<RecordTable>& table = tables_[window];
  if (table == nullptr) table = std::make_unique<RecordTable>(pool_, payload_size_, window);
  return table.get();
}

RecordTable* WindowTables::OpenLikeDropped(TimestampMs window) {
  constexpr int64_t kMost = 1 << 20;  // no great loss should this one be different
  RecordTable* table = FindOrCreate(window);
  if (table->empty() && dropped_size_ > 0) table->Reserve(std::min(dropped_size_, kMost));
  return table;
}

void WindowTables::Drop(TimestampMs window) {
  const auto found = tables_.find(window);
  if (found == tables_.end()) return;
  dropped_size_ = found->second->size();
  tables_.erase(found);
}

std::vector<TimestampMs> WindowTables::Windows() const {
  std::vector<TimestampMs> windows;
  windows.reserve(tables_.size());
  for (const auto& [window, table] : tables_) windows.push_back(window);
  return windows;
}

void WindowTables::LookupOne(TimestampMs window, const KeyBatch& keys, AccessMode mode,
                             std::byte** records, uint8_t* created) {
  RecordTable* table = mode == AccessMode::kFindOrCreate ? OpenLikeDropped(window) : Find(window);
  if (table == nullptr) {
    std::fill_n(records, rows_.size(), nullptr);
    return;
  }
  table->Lookup(keys, rows_, mode, records, created);
}

void WindowTables::Lookup(std::span<const TimestampMs> windows, const KeyBatch& keys,
                          AccessMode mode, std::byte** records, uint8_t* created) {
  const size_t count = windows.size();
  done_.assign(count, 0);
  for (size_t first = 0; first < count; ++first) {
    if (done_[first] != 0) continue;
    const TimestampMs window = windows[first];
    rows_.clear();
    for (size_t i = first; i < count; ++i) {
      if (windows[i] != window) continue;
      rows_.push_back(static_cast<int32_t>(i));
      done_[i] = 1;
    }
    if (rows_.size() == count) {
      LookupOne(window, keys, mode, records, created);
      return;
    }
    found_.resize(rows_.size());
    found_created_.assign(rows_.size(), 0);
    LookupOne(window, keys, mode, found_.data(), found_created_.data());
    for (size_t j = 0; j < rows_.size(); ++j) {
      records[rows_[j]] = found_[j];
      if (created != nullptr) created[rows_[j]] = found_created_[j];
    }
  }
}

}  // namespace castor::state
