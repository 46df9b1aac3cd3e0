// A map beside each record, from values to small entries: in keyed state under the record's key, or
// in memory beside the record itself, for bundles that no snapshot ever sees.
//
// Not thread-safe.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "aggregate/aggregator.h"
#include "aggregate/bundle_map.h"
#include "state/keyed_state.h"

namespace castor::aggregate {

class EntryMap {
 public:
  Status OpenInState(state::KeyedStateStore& store, const state::StateDescriptor& descriptor);
  // `entry_size`: a multiple of 16. The map has a part of the record.
  void KeepInMemory(int32_t entry_size, LayoutBuilder* layout);
  bool in_memory() const { return memory_ != nullptr; }

  // Entries of (record of rows[j], values[j]); as in state::MapState, but in memory for
  // kFindOrCreate only.
  Result<state::Readiness> Acquire(const RowUpdates& updates, std::span<const int32_t> rows,
                                   std::span<const std::string_view> values, state::AccessMode mode,
                                   std::vector<std::byte*>* entries, std::vector<uint8_t>* created);
  void Release() {
    if (!in_memory()) map_->Release();
  }
  // Of rows that were acquired by the same `updates`.
  void Erase(const RowUpdates& updates, std::span<const int32_t> rows,
             std::span<const std::string_view> values);
  // Handles to walk the maps of the records of `rows` with `Entries`.
  Result<state::Readiness> Locate(const RowUpdates& updates, std::span<const int32_t> rows,
                                  std::vector<uint64_t>* handles);
  // The same for the records of the first `count` rows.
  Result<state::Readiness> LocateAll(const RowUpdates& updates, int32_t count,
                                     std::vector<uint64_t>* handles);
  // As in state::KeyEntries, to be read only.
  Result<state::Readiness> Entries(uint64_t handle, uint64_t* cursor, size_t most,
                                   std::vector<state::Record>* page);

  void Clear(const state::KeyBatch& keys, std::span<const int32_t> rows) {
    map_->Clear(keys, rows);
  }
  // Of a map in memory: handles for records, and back to empty.
  void LocateInMemory(const std::byte* const* records, int32_t count,
                      std::vector<uint64_t>* handles) const;
  void ClearMemory() { memory_->Clear(); }

 private:
  // The keys of rows[j] in `updates.keys`.
  const std::vector<int32_t>& KeyRows(const RowUpdates& updates, std::span<const int32_t> rows);

  state::MapState* map_ = nullptr;
  std::unique_ptr<BundleMap> memory_;
  std::vector<int32_t> key_rows_;
};

}  // namespace castor::aggregate
