// MapState and ListState: a table of keys whose records are entry lists.
#pragma once

#include "state/entry_list.h"
#include "state/memory_state.h"
#include "state/record_io.h"
#include "state/record_table.h"

namespace castor::state {

// What map and list share: the table of keys, walking, clearing, saving and loading.
class KeyedEntries : private CutObserver {
 public:
  KeyedEntries(const StoreContext& context, const StateDescriptor& descriptor, bool indexed);
  ~KeyedEntries() override;

  EntryList* Find(std::string_view key, int32_t hash) const {
    return reinterpret_cast<EntryList*>(table_.Find(key, hash));
  }
  EntryList* FindOrCreate(std::string_view key, int32_t hash) {
    bool created = false;
    return reinterpret_cast<EntryList*>(table_.FindOrCreate(key, hash, &created));
  }
  // The lists of the keys at `rows`; nullptr where absent (kFind).
  void Lookup(const KeyBatch& keys, std::span<const int32_t> rows, AccessMode mode,
              std::vector<EntryList*>* lists);
  void Locate(const KeyBatch& keys, std::span<const int32_t> rows, std::vector<uint64_t>* handles);
  void Walk(uint64_t handle, uint64_t* cursor, size_t max_entries, std::vector<Record>* page) const;
  void Clear(const KeyBatch& keys, std::span<const int32_t> rows);
  void EraseEntry(std::string_view key, int32_t hash, std::string_view bytes);
  EntryLists& lists() { return lists_; }
  const RecordIo& io() const { return io_; }
  const Expiry& expiry() const { return expiry_; }

  void StartCut(CutSection* section);
  bool ContinueCut(int records) { return table_.ContinueCut(records); }
  Status Load(uint32_t entries, BlockReader* in);

 private:
  // All entries of a key at once.
  void Save(const RecordTable& table, const std::byte* record) override;
  void ResetRecords(const EntryList& list);
  void DropKey(EntryList* list);

  const int32_t max_parallelism_;
  const bool indexed_;
  const Expiry expiry_;
  const RecordIo io_;
  RecordTable table_;
  EntryLists lists_;
  CutSection* section_ = nullptr;  // of the cut on its way
  TimestampMs cut_time_ = 0;
};

class MemoryMapState final : public MapState, public MemoryState {
 public:
  MemoryMapState(const StoreContext& context, const StateDescriptor& descriptor)
      : entries_(context, descriptor, /*indexed=*/true) {}

  Result<Readiness> Acquire(const KeyBatch& keys, std::span<const int32_t> key_rows,
                            std::span<const std::string_view> user_keys, AccessMode mode,
                            std::byte** records, uint8_t* created) override;
  void Release() override {}
  void Erase(const KeyBatch& keys, std::span<const int32_t> key_rows,
             std::span<const std::string_view> user_keys) override;
  void Clear(const KeyBatch& keys, std::span<const int32_t> rows) override {
    entries_.Clear(keys, rows);
  }
  Result<Readiness> Locate(const KeyBatch& keys, std::span<const int32_t> rows,
                           std::vector<uint64_t>* handles) override {
    entries_.Locate(keys, rows, handles);
    return Readiness::kReady;
  }
  Result<Readiness> Entries(uint64_t handle, uint64_t* cursor, size_t max_entries,
                            std::vector<Record>* page) override {
    entries_.Walk(handle, cursor, max_entries, page);
    return Readiness::kReady;
  }
  Status SetBlob(Blob* blob, std::string_view bytes) override {
    return RecordIo::SetBlob(blob, bytes);
  }
  void StartCut(CutSection* section) override { entries_.StartCut(section); }
  bool ContinueCut(int records) override { return entries_.ContinueCut(records); }
  Status Load(uint32_t entries, BlockReader* in) override { return entries_.Load(entries, in); }

 private:
  std::byte* AcquireOne(EntryList* list, std::string_view user_key, AccessMode mode,
                        TimestampMs now, uint8_t* created);

  KeyedEntries entries_;
  std::vector<EntryList*> lists_;
};

class MemoryListState final : public ListState, public MemoryState {
 public:
  MemoryListState(const StoreContext& context, const StateDescriptor& descriptor)
      : entries_(context, descriptor, /*indexed=*/false) {}

  Status Append(const KeyBatch& keys, std::span<const int32_t> key_rows,
                std::span<const std::string_view> values, std::byte** records) override;
  Result<Readiness> Locate(const KeyBatch& keys, std::span<const int32_t> rows,
                           std::vector<uint64_t>* handles) override {
    entries_.Locate(keys, rows, handles);
    return Readiness::kReady;
  }
  Result<Readiness> Entries(uint64_t handle, uint64_t* cursor, size_t max_entries,
                            std::vector<Record>* page) override {
    entries_.Walk(handle, cursor, max_entries, page);
    return Readiness::kReady;
  }
  void Clear(const KeyBatch& keys, std::span<const int32_t> rows) override {
    entries_.Clear(keys, rows);
  }
  void StartCut(CutSection* section) override { entries_.StartCut(section); }
  bool ContinueCut(int records) override { return entries_.ContinueCut(records); }
  Status Load(uint32_t entries, BlockReader* in) override { return entries_.Load(entries, in); }

 private:
  KeyedEntries entries_;
  std::vector<EntryList*> lists_;
};

}  // namespace castor::state
