#include "aggregate/entry_map.h"

#include <cassert>
#include <numeric>

namespace castor::aggregate {

using state::Readiness;

Status EntryMap::OpenInState(state::KeyedStateStore& store,
                             const state::StateDescriptor& descriptor) {
  CASTOR_ASSIGN_OR_RETURN(map_, store.OpenMap(descriptor));
  return Status::OK();
}

void EntryMap::KeepInMemory(int32_t entry_size, LayoutBuilder* layout) {
  memory_ = std::make_unique<BundleMap>(entry_size);
  memory_->Declare(layout);
}

Result<Readiness> EntryMap::Acquire(const RowUpdates& updates, std::span<const int32_t> rows,
                                    std::span<const std::string_view> values,
                                    state::AccessMode mode, std::vector<std::byte*>* entries,
                                    std::vector<uint8_t>* created) {
  entries->resize(rows.size());
  created->resize(rows.size());
  if (!in_memory()) {
    return map_->Acquire(*updates.keys, KeyRows(updates, rows), values, mode, entries->data(),
                         created->data());
  }
  assert(mode == state::AccessMode::kFindOrCreate);
  memory_->FindOrCreate(updates.records, rows, values, entries->data(), created->data());
  return Readiness::kReady;
}

void EntryMap::Erase(const RowUpdates& updates, std::span<const int32_t> rows,
                     std::span<const std::string_view> values) {
  if (in_memory()) return memory_->Erase(updates.records, rows, values);
  map_->Erase(*updates.keys, KeyRows(updates, rows), values);
}

Result<Readiness> EntryMap::Locate(const RowUpdates& updates, std::span<const int32_t> rows,
                                   std::vector<uint64_t>* handles) {
  if (!in_memory()) return map_->Locate(*updates.keys, KeyRows(updates, rows), handles);
  handles->resize(rows.size());
  for (size_t j = 0; j < rows.size(); ++j) {
    (*handles)[j] = memory_->HandleOf(updates.records[rows[j]]);
  }
  return Readiness::kReady;
}

Result<Readiness> EntryMap::LocateAll(const RowUpdates& updates, int32_t count,
                                      std::vector<uint64_t>* handles) {
  std::vector<int32_t> rows(static_cast<size_t>(count));
  std::iota(rows.begin(), rows.end(), 0);
  return Locate(updates, rows, handles);
}

void EntryMap::LocateInMemory(const std::byte* const* records, int32_t count,
                              std::vector<uint64_t>* handles) const {
  handles->resize(static_cast<size_t>(count));
  for (int32_t i = 0; i < count; ++i) {
    (*handles)[static_cast<size_t>(i)] = memory_->HandleOf(records[i]);
  }
}

Result<Readiness> EntryMap::Entries(uint64_t handle, uint64_t* cursor, size_t most,
                                    std::vector<state::Record>* page) {
  if (!in_memory()) return map_->Entries(handle, state::AccessMode::kRead, cursor, most, page);
  memory_->Walk(handle, cursor, most, page);
  return Readiness::kReady;
}

const std::vector<int32_t>& EntryMap::KeyRows(const RowUpdates& updates,
                                              std::span<const int32_t> rows) {
  key_rows_.assign(rows.begin(), rows.end());
  if (updates.key_rows == nullptr) return key_rows_;
  for (int32_t& row : key_rows_) row = updates.key_rows[row];
  return key_rows_;
}

}  // namespace castor::aggregate
