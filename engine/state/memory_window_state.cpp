#include "state/memory_window_state.h"

#include <algorithm>

namespace castor::state {

RecordTable* WindowTables::Find(TimestampMs window) const {
  const auto found = tables_.find(window);
  return found == tables_.end() ? nullptr : found->second.get();
}

RecordTable* WindowTables::FindOrCreate(TimestampMs window) {
  std::unique_ptr<RecordTable>& table = tables_[window];
  if (table == nullptr) table = std::make_unique<RecordTable>(pool_, payload_size_);
  return table.get();
}

std::vector<TimestampMs> WindowTables::Windows() const {
  std::vector<TimestampMs> windows;
  windows.reserve(tables_.size());
  for (const auto& [window, table] : tables_) windows.push_back(window);
  return windows;
}

void WindowTables::LookupOne(TimestampMs window, const KeyBatch& keys, AccessMode mode,
                             std::byte** records, uint8_t* created) {
  RecordTable* table = mode == AccessMode::kFind ? Find(window) : FindOrCreate(window);
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

MemoryWindowState::MemoryWindowState(const StoreContext& context, const StateDescriptor& descriptor)
    : max_parallelism_(context.max_parallelism),
      io_(descriptor.layout),
      tables_(context.pool, descriptor.layout.fixed_size) {}

MemoryWindowState::~MemoryWindowState() {
  for (const auto& [window, table] : tables_.tables()) FreeBlobs(*table);
}

void MemoryWindowState::FreeBlobs(const RecordTable& table) {
  if (!io_.has_blobs()) return;
  uint64_t cursor = 0;
  while (std::byte* record = table.Next(&cursor)) io_.Reset(record);
}

Result<Readiness> MemoryWindowState::Acquire(std::span<const TimestampMs> windows,
                                             const KeyBatch& keys, AccessMode mode,
                                             std::byte** records, uint8_t* created) {
  if (created != nullptr) std::fill_n(created, windows.size(), uint8_t{0});
  tables_.Lookup(windows, keys, mode, records, created);
  return Readiness::kReady;
}

Result<Readiness> MemoryWindowState::Scan(TimestampMs window, uint64_t* cursor, size_t max_records,
                                          std::vector<Record>* page) {
  page->clear();
  const RecordTable* table = tables_.Find(window);
  while (table != nullptr && page->size() < max_records) {
    std::byte* record = table->Next(cursor);
    if (record == nullptr) break;
    page->push_back({table->KeyOf(record), record});
  }
  if (page->size() < max_records) *cursor = KeyEntries::kEndOfEntries;
  return Readiness::kReady;
}

void MemoryWindowState::Drop(TimestampMs window) {
  if (const RecordTable* table = tables_.Find(window)) FreeBlobs(*table);
  tables_.Drop(window);
}

void MemoryWindowState::Save(StateSection* section) const {
  for (const auto& [window, table] : tables_.tables()) {
    uint64_t cursor = 0;
    while (const std::byte* record = table->Next(&cursor)) {
      const int32_t hash = RecordTable::HashOf(record);
      BlockWriter* block = BlockOf(section, hash, max_parallelism_);
      block->CountEntry();
      block->PutI64(window);
      block->PutU32(static_cast<uint32_t>(hash));
      block->PutBytes(table->KeyOf(record));
      io_.Save(record, block);
    }
  }
}

Status MemoryWindowState::Load(uint32_t entries, BlockReader* in) {
  for (uint32_t i = 0; i < entries && !in->failed(); ++i) {
    RecordTable* table = tables_.FindOrCreate(in->I64());
    const auto hash = static_cast<int32_t>(in->U32());
    bool created = false;
    std::byte* record = table->FindOrCreate(in->Bytes(), hash, &created);
    CASTOR_RETURN_NOT_OK(io_.Load(in, record));
  }
  return Status::OK();
}

MemoryWindowListState::MemoryWindowListState(const StoreContext& context,
                                             const StateDescriptor& descriptor)
    : max_parallelism_(context.max_parallelism),
      lists_(context.pool, descriptor.layout.fixed_size),
      tables_(context.pool, sizeof(EntryList)) {}

MemoryWindowListState::~MemoryWindowListState() {
  for (const auto& [window, table] : tables_.tables()) FreeLists(*table);
}

void MemoryWindowListState::FreeLists(const RecordTable& table) {
  uint64_t cursor = 0;
  while (std::byte* record = table.Next(&cursor)) {
    lists_.Clear(reinterpret_cast<EntryList*>(record));
  }
}

Status MemoryWindowListState::Append(std::span<const TimestampMs> windows, const KeyBatch& keys,
                                     std::span<const std::string_view> values) {
  records_.resize(windows.size());
  tables_.Lookup(windows, keys, AccessMode::kFindOrCreate, records_.data(), nullptr);
  for (size_t i = 0; i < values.size(); ++i) {
    lists_.Append(reinterpret_cast<EntryList*>(records_[i]), values[i], 0);
  }
  return Status::OK();
}

Result<Readiness> MemoryWindowListState::Keys(TimestampMs window, uint64_t* cursor, size_t max_keys,
                                              std::vector<Key>* page) {
  page->clear();
  const RecordTable* table = tables_.Find(window);
  while (table != nullptr && page->size() < max_keys) {
    const std::byte* record = table->Next(cursor);
    if (record == nullptr) break;
    page->push_back(
        {table->KeyOf(record), RecordTable::HashOf(record), reinterpret_cast<uint64_t>(record)});
  }
  if (page->size() < max_keys) *cursor = KeyEntries::kEndOfEntries;
  return Readiness::kReady;
}

Result<Readiness> MemoryWindowListState::Locate(TimestampMs window, const KeyBatch& keys,
                                                std::vector<uint64_t>* handles) {
  static_assert(sizeof(uint64_t) == sizeof(std::byte*));
  const auto count = static_cast<size_t>(keys.count());
  handles->assign(count, 0);
  RecordTable* table = tables_.Find(window);
  if (table == nullptr) return Readiness::kReady;
  while (all_rows_.size() < count) all_rows_.push_back(static_cast<int32_t>(all_rows_.size()));
  table->Lookup(keys, {all_rows_.data(), count}, AccessMode::kFind,
                reinterpret_cast<std::byte**>(handles->data()), nullptr);
  for (const uint64_t handle : *handles) {
    if (handle == 0) continue;
    __builtin_prefetch(reinterpret_cast<const EntryList*>(handle)->first);
  }
  return Readiness::kReady;
}

Result<Readiness> MemoryWindowListState::Values(uint64_t handle, uint64_t* cursor,
                                                size_t max_values,
                                                std::vector<std::string_view>* page) {
  page->clear();
  if (handle == 0) {
    *cursor = KeyEntries::kEndOfEntries;
    return Readiness::kReady;
  }
  auto position = lists_.Seek(*reinterpret_cast<const EntryList*>(handle), *cursor);
  while (page->size() < max_values) {
    const EntryLists::Entry* entry = lists_.Next(&position);
    if (entry == nullptr) {
      *cursor = KeyEntries::kEndOfEntries;
      return Readiness::kReady;
    }
    page->push_back(lists_.BytesOf(entry));
  }
  *cursor = EntryLists::Tell(position);
  return Readiness::kReady;
}

void MemoryWindowListState::Drop(TimestampMs window) {
  if (const RecordTable* table = tables_.Find(window)) FreeLists(*table);
  tables_.Drop(window);
}

void MemoryWindowListState::Save(StateSection* section) const {
  for (const auto& [window, table] : tables_.tables()) {
    uint64_t cursor = 0;
    while (const std::byte* record = table->Next(&cursor)) {
      const int32_t hash = RecordTable::HashOf(record);
      BlockWriter* block = BlockOf(section, hash, max_parallelism_);
      auto position = lists_.Seek(*reinterpret_cast<const EntryList*>(record), 0);
      while (const EntryLists::Entry* entry = lists_.Next(&position)) {
        block->CountEntry();
        block->PutI64(window);
        block->PutU32(static_cast<uint32_t>(hash));
        block->PutBytes(table->KeyOf(record));
        block->PutBytes(lists_.BytesOf(entry));
      }
    }
  }
}

Status MemoryWindowListState::Load(uint32_t entries, BlockReader* in) {
  for (uint32_t i = 0; i < entries && !in->failed(); ++i) {
    RecordTable* table = tables_.FindOrCreate(in->I64());
    const auto hash = static_cast<int32_t>(in->U32());
    bool created = false;
    std::byte* record = table->FindOrCreate(in->Bytes(), hash, &created);
    lists_.Append(reinterpret_cast<EntryList*>(record), in->Bytes(), 0);
  }
  return Status::OK();
}

}  // namespace castor::state
