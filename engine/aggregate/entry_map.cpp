#include "aggregate/entry_map.h"

#include <cstring>
#include <numeric>

#include "base/clock.h"

namespace castor::aggregate {

Status EntryMap::OpenInState(state::KeyedStateStore& store,
                             const state::StateDescriptor& descriptor) {
  CASTOR_ASSIGN_OR_RETURN(map_, store.OpenMap(descriptor));
  return Status::OK();
}

Status EntryMap::OpenInMemory(const state::StateDescriptor& descriptor) {
  memory_ = state::MakeMemoryStore(descriptor.name, {0, 0}, 1, Clock::System());
  CASTOR_ASSIGN_OR_RETURN(map_, memory_->OpenMap(descriptor));
  return Status::OK();
}

Result<state::Readiness> EntryMap::Acquire(const RowUpdates& updates, std::span<const int32_t> rows,
                                           std::span<const std::string_view> values,
                                           state::AccessMode mode, std::vector<std::byte*>* entries,
                                           std::vector<uint8_t>* created) {
  FindKeys(updates, rows);
  entries->resize(rows.size());
  created->resize(rows.size());
  return map_->Acquire(*keys_, key_rows_, values, mode, entries->data(), created->data());
}

void EntryMap::Erase(const RowUpdates& updates, std::span<const int32_t> rows,
                     std::span<const std::string_view> values) {
  FindKeys(updates, rows);
  map_->Erase(*keys_, key_rows_, values);
}

Result<state::Readiness> EntryMap::Locate(const RowUpdates& updates, std::span<const int32_t> rows,
                                          std::vector<uint64_t>* handles) {
  FindKeys(updates, rows);
  return map_->Locate(*keys_, key_rows_, handles);
}

void EntryMap::ClearMemory(std::byte* const* records, int32_t count) {
  std::vector<int32_t> rows(static_cast<size_t>(count));
  std::iota(rows.begin(), rows.end(), 0);
  UseAddresses(records, rows);
  map_->Clear(*keys_, key_rows_);
}

void EntryMap::FindKeys(const RowUpdates& updates, std::span<const int32_t> rows) {
  if (in_memory()) {
    UseAddresses(updates.records, rows);
    return;
  }
  keys_ = updates.keys;
  key_rows_.assign(rows.begin(), rows.end());
  if (updates.key_rows == nullptr) return;
  for (int32_t& row : key_rows_) row = updates.key_rows[row];
}

void EntryMap::UseAddresses(std::byte* const* records, std::span<const int32_t> rows) {
  EncodedRows& encoded = addresses_.rows;
  encoded.count = static_cast<int32_t>(rows.size());
  encoded.fixed_width = sizeof(std::byte*);
  encoded.bytes.resize(rows.size() * sizeof(std::byte*));
  addresses_.hashes.resize(rows.size());
  key_rows_.resize(rows.size());
  for (size_t j = 0; j < rows.size(); ++j) {
    const std::byte* record = records[rows[j]];
    std::memcpy(encoded.bytes.data() + j * sizeof(record), &record, sizeof(record));
    const uint64_t mixed = reinterpret_cast<uintptr_t>(record) * 0x9E3779B97F4A7C15u;
    addresses_.hashes[j] = static_cast<int32_t>(mixed >> 32);
    key_rows_[j] = static_cast<int32_t>(j);
  }
  keys_ = &addresses_;
}

}  // namespace castor::aggregate
