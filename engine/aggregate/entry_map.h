// A map beside each record, from values to small entries: in keyed state under the record's key, or
// in memory under the record's address, for bundles that no snapshot ever sees.
//
// Not thread-safe.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "aggregate/aggregator.h"
#include "state/keyed_state.h"
#include "state/snapshot.h"

namespace castor::aggregate {

class EntryMap {
 public:
  Status OpenInState(state::KeyedStateStore& store, const state::StateDescriptor& descriptor);
  Status OpenInMemory(const state::StateDescriptor& descriptor);
  bool in_memory() const { return memory_ != nullptr; }

  // Entries of (record of rows[j], values[j]); as in state::MapState.
  Result<state::Readiness> Acquire(const RowUpdates& updates, std::span<const int32_t> rows,
                                   std::span<const std::string_view> values, state::AccessMode mode,
                                   std::vector<std::byte*>* entries, std::vector<uint8_t>* created);
  void Release() { map_->Release(); }
  // Of rows that were acquired by the same `updates`.
  void Erase(const RowUpdates& updates, std::span<const int32_t> rows,
             std::span<const std::string_view> values);
  // Handles to walk the maps of the records of `rows` with `entries`.
  Result<state::Readiness> Locate(const RowUpdates& updates, std::span<const int32_t> rows,
                                  std::vector<uint64_t>* handles);
  // The same for the records of the first `count` rows.
  Result<state::Readiness> LocateAll(const RowUpdates& updates, int32_t count,
                                     std::vector<uint64_t>* handles);
  state::KeyEntries& entries() { return *map_; }

  void Clear(const state::KeyBatch& keys, std::span<const int32_t> rows) {
    map_->Clear(keys, rows);
  }
  // Of a map in memory: handles for records, and back to empty.
  Result<state::Readiness> LocateInMemory(const std::byte* const* records, int32_t count,
                                          std::vector<uint64_t>* handles);
  void ClearMemory();

 private:
  // The map keys of rows[j]: sets `keys_` and `key_rows_`.
  void FindKeys(const RowUpdates& updates, std::span<const int32_t> rows);
  template <typename RecordAt>
  void UseAddresses(size_t count, RecordAt&& record_at);

  state::StateDescriptor descriptor_;
  state::MapState* map_ = nullptr;
  std::unique_ptr<state::SnapshottableStore> memory_;
  state::KeyBatch addresses_;
  const state::KeyBatch* keys_ = nullptr;
  std::vector<int32_t> key_rows_;
};

}  // namespace castor::aggregate
