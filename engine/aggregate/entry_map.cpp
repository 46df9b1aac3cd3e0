#include "aggregate/entry_map.h"

#include <cassert>
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
  descriptor_ = descriptor;
  memory_ = state::MakeStore(descriptor.name, {0, 0}, 1, Clock::System(), {});
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

Result<state::Readiness> EntryMap::LocateAll(const RowUpdates& updates, int32_t count,
                                             std::vector<uint64_t>* handles) {
  std::vector<int32_t> rows(static_cast<size_t>(count));
  std::iota(rows.begin(), rows.end(), 0);
  return Locate(updates, rows, handles);
}

Result<state::Readiness> EntryMap::LocateInMemory(const std::byte* const* records, int32_t count,
                                                  std::vector<uint64_t>* handles) {
  UseAddresses(static_cast<size_t>(count), [=](size_t j) { return records[j]; });
  return map_->Locate(*keys_, key_rows_, handles);
}

// A new store: the addresses of all records are void.
void EntryMap::ClearMemory() {
  const Status opened = OpenInMemory(state::StateDescriptor(descriptor_));
  assert(opened.ok() && "an empty store opens any state");
  (void)opened;
}

void EntryMap::FindKeys(const RowUpdates& updates, std::span<const int32_t> rows) {
  if (in_memory()) {
    UseAddresses(rows.size(), [&](size_t j) { return updates.records[rows[j]]; });
    return;
  }
  keys_ = updates.keys;
  key_rows_.assign(rows.begin(), rows.end());
  if (updates.key_rows == nullptr) return;
  for (int32_t& row : key_rows_) row = updates.key_rows[row];
}

template <typename RecordAt>
void EntryMap::UseAddresses(size_t count, RecordAt&& record_at) {
  EncodedRows& encoded = addresses_.rows;
  encoded.count = static_cast<int32_t>(count);
  encoded.fixed_width = sizeof(std::byte*);
  encoded.bytes.resize(count * sizeof(std::byte*));
  addresses_.hashes.resize(count);
  key_rows_.resize(count);
  for (size_t j = 0; j < count; ++j) {
    const std::byte* record = record_at(j);
    std::memcpy(encoded.bytes.data() + j * sizeof(record), &record, sizeof(record));
    const uint64_t mixed = reinterpret_cast<uintptr_t>(record) * 0x9E3779B97F4A7C15u;
    addresses_.hashes[j] = static_cast<int32_t>(mixed >> 32);
    key_rows_[j] = static_cast<int32_t>(j);
  }
  keys_ = &addresses_;
}

}  // namespace castor::aggregate
