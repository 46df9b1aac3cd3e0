#include "state/memory_window_state.h"

#include <algorithm>
#include <cstring>

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

void WindowTables::Drop(TimestampMs window, Release release) {
  const auto found = tables_.find(window);
  if (found == tables_.end()) return;
  dropped_size_ = found->second->size();
  Dropped dropped{std::move(found->second), std::move(release)};
  tables_.erase(found);
  if (dropped.table->cutting() && !dropped.table->empty()) {
    dropped_.push_back(std::move(dropped));
  } else {
    Let(&dropped);
  }
}

void WindowTables::Let(Dropped* dropped) {
  if (dropped->release) dropped->release(*dropped->table);
  dropped->table.reset();
}

WindowTables::~WindowTables() {
  for (Dropped& dropped : dropped_) Let(&dropped);
}

void WindowTables::StartCut(CutObserver* observer) {
  for (Dropped& dropped : dropped_) Let(&dropped);  // of a cut that is given up
  dropped_.clear();
  for (const auto& [window, table] : tables_) table->StartCut(observer);
  cut_window_ = kMinTimestamp;
}

bool WindowTables::ContinueCut(int records) {
  if (!dropped_.empty()) {
    if (dropped_.back().table->ContinueCut(records)) return true;
    Let(&dropped_.back());
    dropped_.pop_back();
    return true;
  }
  const auto next = tables_.lower_bound(cut_window_);
  if (next == tables_.end()) return false;
  cut_window_ = next->first;
  if (next->second->ContinueCut(records)) return true;
  const auto after = std::next(next);
  if (after == tables_.end()) return false;
  cut_window_ = after->first;
  return true;
}

std::vector<TimestampMs> WindowTables::Windows() const {
  std::vector<TimestampMs> windows;
  windows.reserve(tables_.size());
  for (const auto& [window, table] : tables_) windows.push_back(window);
  return windows;
}

void WindowTables::LookupOne(TimestampMs window, const KeyBatch& keys, AccessMode mode,
                             std::byte** records, uint8_t* created) {
  RecordTable* table = mode == AccessMode::kFind ? Find(window) : OpenLikeDropped(window);
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
    table->BeforeChange(record);
    page->push_back({table->KeyOf(record), record});
  }
  if (page->size() < max_records) *cursor = KeyEntries::kEndOfEntries;
  return Readiness::kReady;
}

void MemoryWindowState::Drop(TimestampMs window) {
  tables_.Drop(window, [this](const RecordTable& table) { FreeBlobs(table); });
}

void MemoryWindowState::StartCut(CutSection* section) {
  section_ = section;
  tables_.StartCut(this);
}

void MemoryWindowState::Save(const RecordTable& table, const std::byte* record) {
  const int32_t hash = RecordTable::HashOf(record);
  BlockWriter* block = section_->NextEntry(KeyGroupOf(hash, max_parallelism_));
  block->PutI64(table.label());
  block->PutU32(static_cast<uint32_t>(hash));
  block->PutBytes(table.KeyOf(record));
  io_.Save(record, block);
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

MemoryWindowListState::MemoryWindowListState(const StoreContext& context, const StateDescriptor&)
    : max_parallelism_(context.max_parallelism),
      pool_(context.pool),
      tables_(context.pool, sizeof(List)) {}

Arena* MemoryWindowListState::ArenaOf(TimestampMs window) {
  return &arenas_.try_emplace(window, pool_).first->second;
}

void MemoryWindowListState::AppendTo(List* list, std::string_view bytes, Arena* arena) {
  auto* row = reinterpret_cast<Row*>(arena->Allocate(sizeof(Row) + bytes.size()));
  row->next = nullptr;
  row->size = bytes.size();
  std::memcpy(row + 1, bytes.data(), bytes.size());
  (list->last == nullptr ? list->first : list->last->next) = row;
  list->last = row;
}

Status MemoryWindowListState::Append(std::span<const TimestampMs> windows, const KeyBatch& keys,
                                     std::span<const std::string_view> values) {
  records_.resize(windows.size());
  tables_.Lookup(windows, keys, AccessMode::kFindOrCreate, records_.data(), nullptr);
  Arena* arena = nullptr;
  for (size_t i = 0; i < values.size(); ++i) {
    if (arena == nullptr || windows[i] != windows[i - 1]) arena = ArenaOf(windows[i]);
    AppendTo(reinterpret_cast<List*>(records_[i]), values[i], arena);
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
    __builtin_prefetch(reinterpret_cast<const List*>(handle)->first);
  }
  return Readiness::kReady;
}

// The cursor is the address of the next row.
Result<Readiness> MemoryWindowListState::Values(uint64_t handle, uint64_t* cursor,
                                                size_t max_values,
                                                std::vector<std::string_view>* page) {
  page->clear();
  const Row* row = nullptr;
  if (*cursor != 0) {
    row = reinterpret_cast<const Row*>(*cursor);
  } else if (handle != 0) {
    row = reinterpret_cast<const List*>(handle)->first;
  }
  for (; row != nullptr && page->size() < max_values; row = row->next) {
    page->push_back(row->bytes());
  }
  *cursor = row == nullptr ? KeyEntries::kEndOfEntries : reinterpret_cast<uint64_t>(row);
  return Readiness::kReady;
}

void MemoryWindowListState::Drop(TimestampMs window) {
  // The rows stay as long as the table that points to them.
  const auto arena = std::make_shared<decltype(arenas_)::node_type>(arenas_.extract(window));
  tables_.Drop(window, [arena](const RecordTable&) {});
}

void MemoryWindowListState::StartCut(CutSection* section) {
  section_ = section;
  tables_.StartCut(this);
}

void MemoryWindowListState::Save(const RecordTable& table, const std::byte* record) {
  const int32_t hash = RecordTable::HashOf(record);
  const int32_t key_group = KeyGroupOf(hash, max_parallelism_);
  const Row* row = reinterpret_cast<const List*>(record)->first;
  for (; row != nullptr; row = row->next) {
    BlockWriter* block = section_->NextEntry(key_group);
    block->PutI64(table.label());
    block->PutU32(static_cast<uint32_t>(hash));
    block->PutBytes(table.KeyOf(record));
    block->PutBytes(row->bytes());
  }
}

Status MemoryWindowListState::Load(uint32_t entries, BlockReader* in) {
  for (uint32_t i = 0; i < entries && !in->failed(); ++i) {
    const TimestampMs window = in->I64();
    const auto hash = static_cast<int32_t>(in->U32());
    bool created = false;
    std::byte* record = tables_.FindOrCreate(window)->FindOrCreate(in->Bytes(), hash, &created);
    AppendTo(reinterpret_cast<List*>(record), in->Bytes(), ArenaOf(window));
  }
  return Status::OK();
}

}  // namespace castor::state
