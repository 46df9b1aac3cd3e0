#include "state/memory_map_state.h"

namespace castor::state {

KeyedEntries::KeyedEntries(const StoreContext& context, const StateDescriptor& descriptor,
                           bool indexed)
    : max_parallelism_(context.max_parallelism),
      indexed_(indexed),
      expiry_{context.clock, descriptor.ttl_ms},
      io_(descriptor.layout),
      table_(context.pool, sizeof(EntryList)),
      lists_(context.pool, descriptor.layout.fixed_size) {}

// The lists go with their pool; giving back block by block what nobody will use takes long.
KeyedEntries::~KeyedEntries() {
  uint64_t cursor = 0;
  while (std::byte* record = io_.has_blobs() ? table_.Next(&cursor) : nullptr) {
    ResetRecords(*reinterpret_cast<EntryList*>(record));
  }
}

void KeyedEntries::ResetRecords(const EntryList& list) {
  if (!io_.has_blobs()) return;
  EntryLists::Position position = lists_.Seek(list, 0);
  while (EntryLists::Entry* entry = lists_.Next(&position)) io_.Reset(lists_.RecordOf(entry));
}

void KeyedEntries::Lookup(const KeyBatch& keys, std::span<const int32_t> rows, AccessMode mode,
                          std::vector<EntryList*>* lists) {
  lists->resize(rows.size());
  table_.Lookup(keys, rows, mode, reinterpret_cast<std::byte**>(lists->data()), nullptr);
}

void KeyedEntries::Locate(const KeyBatch& keys, std::span<const int32_t> rows,
                          std::vector<uint64_t>* handles) {
  static_assert(sizeof(uint64_t) == sizeof(std::byte*));
  handles->resize(rows.size());
  auto** lists = reinterpret_cast<std::byte**>(handles->data());
  table_.Lookup(keys, rows, AccessMode::kFind, lists, nullptr);
  for (const uint64_t handle : *handles) {
    if (handle == 0) continue;
    __builtin_prefetch(reinterpret_cast<const EntryList*>(handle)->first);
  }
}

void KeyedEntries::Walk(uint64_t handle, uint64_t* cursor, size_t max_entries,
                        std::vector<Record>* page) const {
  if (handle == 0) {
    *cursor = KeyEntries::kEndOfEntries;
    return;
  }
  const auto& list = *reinterpret_cast<const EntryList*>(handle);
  const TimestampMs now = expiry_.enabled() ? expiry_.clock->NowMs() : 0;
  EntryLists::Position position = lists_.Seek(list, *cursor);
  for (size_t found = 0; found < max_entries;) {
    EntryLists::Entry* entry = lists_.Next(&position);
    if (entry == nullptr) {
      *cursor = KeyEntries::kEndOfEntries;
      return;
    }
    if (expiry_.Expired(entry->time, now)) continue;
    page->push_back({lists_.BytesOf(entry), lists_.RecordOf(entry)});
    ++found;
  }
  *cursor = EntryLists::Tell(position);
}

void KeyedEntries::DropKey(EntryList* list) {
  const auto* record = reinterpret_cast<const std::byte*>(list);
  table_.Erase(table_.KeyOf(record), RecordTable::HashOf(record));
}

void KeyedEntries::Clear(const KeyBatch& keys, std::span<const int32_t> rows) {
  for (const int32_t row : rows) {
    EntryList* list = Find(keys.key(row), keys.hashes[static_cast<size_t>(row)]);
    if (list == nullptr) continue;
    ResetRecords(*list);
    lists_.Clear(list);
    DropKey(list);
  }
}

void KeyedEntries::EraseEntry(std::string_view key, int32_t hash, std::string_view bytes) {
  EntryList* list = Find(key, hash);
  if (list == nullptr) return;
  EntryLists::Entry* entry = lists_.Find(*list, bytes, HashEntry(bytes));
  if (entry == nullptr) return;
  io_.Reset(lists_.RecordOf(entry));
  lists_.Erase(list, entry);
  lists_.MaybeCompact(list, indexed_);
  if (list->live == 0) DropKey(list);
}

void KeyedEntries::StartCut(CutSection* section) {
  section_ = section;
  cut_time_ = expiry_.enabled() ? expiry_.clock->NowMs() : 0;
  table_.StartCut(this);
}

void KeyedEntries::Save(const RecordTable& table, const std::byte* record) {
  const auto* list = reinterpret_cast<const EntryList*>(record);
  const int32_t hash = RecordTable::HashOf(record);
  const int32_t key_group = KeyGroupOf(hash, max_parallelism_);
  EntryLists::Position position = lists_.Seek(*list, 0);
  while (EntryLists::Entry* entry = lists_.Next(&position)) {
    if (expiry_.Expired(entry->time, cut_time_)) continue;
    BlockWriter* block = section_->NextEntry(key_group);
    block->PutU32(static_cast<uint32_t>(hash));
    block->PutBytes(table.KeyOf(record));
    block->PutI64(entry->time);
    block->PutBytes(lists_.BytesOf(entry));
    io_.Save(lists_.RecordOf(entry), block);
  }
}

Status KeyedEntries::Load(uint32_t entries, BlockReader* in) {
  for (uint32_t i = 0; i < entries && !in->failed(); ++i) {
    const auto hash = static_cast<int32_t>(in->U32());
    EntryList* list = FindOrCreate(in->Bytes(), hash);
    const TimestampMs time = in->I64();
    const std::string_view bytes = in->Bytes();
    EntryLists::Entry* entry =
        indexed_ ? lists_.Insert(list, bytes, HashEntry(bytes)) : lists_.Append(list, bytes, 0);
    entry->time = time;
    CASTOR_RETURN_NOT_OK(io_.Load(in, lists_.RecordOf(entry)));
  }
  return Status::OK();
}

}  // namespace castor::state
