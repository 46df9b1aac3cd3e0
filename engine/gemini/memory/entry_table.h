// The entries of one map, list or window state, as far as they are in memory: by the batch, updated
// in place, walked in their order, cleared by one mark.
//
// Each key has a *head*: a record that leads to its entries, which are records of their own, so
// that each changes, is saved, expires and leaves memory by itself. Entries of maps are found by
// one index over (head, user key), whatever the size of the map; but those of a head that never had
// more than a few are looked through, and the index has its deletions only. A head is *whole* if
// all that there is of its key is in memory: then what is not found does not exist. A head that has
// changed is one that has been cleared: runs have to hide what is older, and no entry may be in a
// run older than the clear before it.
//
// Clearing many entries *detaches* the head: the key gets another one, and the entries are freed a
// slice at a time. Of them only the cut on its way at that moment wants to know.
//
// Entries of lists are numbered in the order in which they were appended, over all keys and
// restores: the number is their user key in runs, which is how appending need not read. Their order
// is that of the numbers; that of a map is that of insertion as long as nothing was erased, or has
// left memory.
//
// Of windows the key is the window and an entry is the record of a key in it; what stands in runs
// is a section of its own, so that clearing a window is detaching its head and dropping its
// sections, and no clear has to be saved. Heads of windows of which runs hold anything are always
// in memory.
//
// Payloads and handles stay what they are until the tier evicts, which it does between batches.
// Not thread-safe: the owner's thread alone.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "gemini/memory/entry_list.h"
#include "gemini/memory/keys.h"
#include "gemini/memory/record.h"
#include "gemini/memory/record_index.h"
#include "gemini/memory/record_layout.h"
#include "gemini/memory/record_owner.h"
#include "gemini/memory/views.h"
#include "gemini/run/run_format.h"

namespace castor::gemini {

class MemoryTier;

enum class EntriesOf : uint8_t { kMap, kList, kWindows };

struct EntryTableOptions {
  SectionId section;    // of windows the table alone counts
  RecordLayout layout;  // of each entry
  EntriesOf kind = EntriesOf::kMap;
  int64_t ttl_ms = 0;  // of each entry, since it was written or acquired to be; 0: for ever
  // Told in errors, and compared at restore.
  std::string name = {};
  std::string schema = {};
};

// user_keys[j] belongs to keys.key(rows[j]): of a map the user key, of a list the element.
struct EntryKeys {
  const Keys& keys;
  std::span<const int32_t> rows;
  std::span<const std::string_view> user_keys;

  size_t size() const { return rows.size(); }
  // There may be many more entries than keys.
  size_t most_keys() const { return std::min(rows.size(), keys.count); }
  std::string_view key(size_t j) const { return keys.key(static_cast<size_t>(rows[j])); }
  uint32_t hash(size_t j) const { return keys.hash(static_cast<size_t>(rows[j])); }
};

// What runs say of one entry; of windows the user key is what WindowRow composes.
struct StoredEntry {
  std::string user_key;
  int64_t time = 0;
  std::string value;
};

class EntryTable final : public RecordOwner {
 public:
  static constexpr uint64_t kEndOfEntries = UINT64_MAX;
  // From an entry's record to its payload.
  static constexpr size_t kPayloadOffset = sizeof(RecordHeader) + sizeof(EntryLinks);

  // By MemoryTier::AddEntryTable.
  EntryTable(MemoryTier* tier, uint16_t number, EntryTableOptions options);

  // Of a map: payloads[j] is that of the j-th entry, or nullptr; created[j] (may be null) is set to
  // 1 where this call made it. Entries that memory says nothing of are appended to `missing`, by j.
  void Lookup(const EntryKeys& entries, Access access, int64_t now, std::byte** payloads,
              uint8_t* created, std::vector<uint32_t>* missing);
  // For one of which runs say nothing either, or nothing that counts. True: it has been made.
  enum class InRuns : uint8_t { kNothing, kOthersOfItsKey, kPerhapsIt };
  bool FindOrCreate(const EntryKeys& entries, size_t j, int64_t now, InRuns in_runs,
                    std::byte** payload);
  // Of windows: the same for keys.key(i) in windows[i]; `missing` is null if runs say nothing of
  // those that memory says nothing of.
  void Lookup(std::span<const int64_t> windows, const Keys& keys, Access access, int64_t now,
              std::byte** payloads, uint8_t* created, std::vector<uint32_t>* missing);
  void Erase(const EntryKeys& entries, std::vector<uint32_t>* missing);
  // Erases what runs hold of an entry of which memory says nothing.
  void EraseStored(const EntryKeys& entries, size_t j);
  // Of a list: appends each element; payloads (may be null) are zero.
  void Append(const EntryKeys& entries, int64_t now, std::byte** payloads);
  // Erases all entries of the keys at `rows`, in time that does not depend on their number. Rows of
  // whose keys memory says nothing are appended to `missing`.
  void Clear(const Keys& keys, std::span<const int32_t> rows, std::vector<uint32_t>* missing);
  void ClearStored(std::string_view key, uint32_t hash);

  // handles[j] stands for all entries of the key at rows[j]; 0: there are none. Rows of whose keys
  // memory may not hold all are appended to `missing`, by j.
  void Locate(const Keys& keys, std::span<const int32_t> rows, std::vector<uint64_t>* handles,
              std::vector<uint32_t>* missing);
  // Appends up to `most` entries to `*page`. `cursor` is 0 at the start, and kEndOfEntries at last.
  // Entries must not be erased meanwhile, and may be changed if the access says so.
  void Walk(uint64_t handle, Access access, int64_t now, uint64_t* cursor, size_t most,
            std::vector<EntryView>* page);

  // Of windows: those that have records, ascending; and that runs hold records of one.
  std::vector<int64_t> Windows() const;
  void AddColdWindow(int64_t window);
  bool HasWindow(int64_t window) const { return windows_.count(window) > 0; }
  // For Walk: what memory has of a window; 0: nothing.
  uint64_t LocateWindow(int64_t window);
  // Whether memory has all that there is of the window.
  bool HoldsWhole(int64_t window);
  // Whether memory knows what has become of a record of the window, whatever runs say of it.
  bool Knows(int64_t window, std::string_view user_key);

  // Puts what runs say into memory, unless that knows better: an entry, that there is none, or all
  // entries of a key.
  Status Load(std::string_view key, uint32_t hash, const StoredEntry& entry);
  void LoadAbsent(std::string_view key, uint32_t hash, std::string_view user_key);
  Status LoadAll(std::string_view key, uint32_t hash, std::span<const StoredEntry> entries);
  // Runs hold nothing of the key.
  void LoadNothing(std::string_view key, uint32_t hash);

  // Of a payload that was given out to be changed. At most 4 GiB.
  void SetBlob(Blob* blob, std::string_view bytes);

  // Records without a time, of a state that had no TTL before, count as written at `untimed_since`.
  void SetTtl(int64_t ttl_ms, int64_t untimed_since) {
    options_.ttl_ms = ttl_ms;
    untimed_since_ = untimed_since;
  }
  const EntryTableOptions& options() const { return options_; }
  // Above the number of every entry of a list.
  uint64_t next_number() const override { return next_number_; }
  void NumberFrom(uint64_t next) { next_number_ = next; }
  size_t heads() const { return heads_.size(); }  // with those of keys known to have no entries
  int64_t index_bytes() const override {
    return heads_.byte_size() + entries_.byte_size() + window_bytes_;
  }
  void SetDense(bool dense) override {
    heads_.SetDense(dense);
    entries_.SetDense(dense);
  }

  // In the header of an entry: of the hash that filters take for it.
  static uint32_t EntryHash(uint32_t key_hash, std::string_view user_key);

 private:
  // Whether the head is that of its key; else whether its entries have been freed.
  enum class Detached : uint8_t { kNo, kListed, kEmptied };
  // The payload of a head.
  struct Head {
    EntryList list;  // members: with those known to be deleted
    uint32_t cut;    // detached while this one was being saved; 0: while none was
    uint8_t whole;
    Detached detached;
    uint8_t disordered;  // of lists: the order is not that of the numbers
    uint8_t indexed;     // else only its deletions are in the index
  };
  // A window has an index of its own, which goes with it.
  struct Window {
    std::byte* head;
    RecordIndex index;
    int64_t index_bytes = 0;  // as they have been counted
    size_t wanted = 0;        // by rows of a batch

    Window(std::byte* of, size_t key_offset) : head(of), index(key_offset) {}
  };
  static constexpr size_t kNumberBytes = sizeof(uint64_t);  // of an entry of a list
  // A head with a key of a BIGINT fills a cache line.
  static constexpr uint32_t kHeadBytes = 32;
  static_assert(sizeof(Head) <= kHeadBytes);
  static constexpr size_t kHeadKeyOffset = sizeof(RecordHeader) + kHeadBytes;
  static Head* HeadOf(std::byte* head) {
    return reinterpret_cast<Head*>(head + sizeof(RecordHeader));
  }
  bool is(EntriesOf kind) const { return options_.kind == kind; }
  friend WindowRow;
  size_t KeyOffset() const { return kPayloadOffset + options_.layout.payload_bytes; }
  // Of the entries of a head that is not detached.
  RecordIndex& IndexOf(const std::byte* head) {
    if (!is(EntriesOf::kWindows)) return entries_;
    return windows_.find(WindowRow::WindowOf(KeyOfHead(head)))->second.index;
  }
  RecordIndex& ReservedIndexOf(const std::byte* head, size_t more);
  void AddWindow(std::byte* head);
  void DropWindow(const std::byte* head);
  // nullptr: there is none, and none is to be made.
  Window* FindWindow(int64_t window, bool make);
  void Reserve(Window* window, size_t records);
  // Whether runs may hold anything of a key of which memory says nothing.
  bool MayBeStored(uint32_t hash) const;
  static bool IsHead(const std::byte* record) {
    return (HeaderOf(record)->flags & record_flag::kHead) != 0;
  }
  std::byte* PayloadOf(std::byte* entry) const { return entry + kPayloadOffset; }
  std::string_view KeyOfHead(const std::byte* head) const { return KeyOf(head, kHeadKeyOffset); }
  // The user key; of a list the number, then the element; the key in a window.
  std::string_view BytesOf(const std::byte* entry) const {
    return KeyOf(entry, kPayloadOffset + options_.layout.payload_bytes);
  }

  std::byte* FindHead(std::string_view key, uint32_t hash);
  // A clean head, whole and without entries, where `heads_` has located it.
  std::byte* AddHead(uint64_t at, std::string_view key, uint32_t hash);
  std::byte* FindOrAddHead(std::string_view key, uint32_t hash, bool whole);
  // What BytesOf says of an entry that is to be made, in two parts, and its hash.
  struct EntryName {
    std::string_view prefix;
    std::string_view bytes;
    uint32_t hash;
  };
  // Of a map or of windows; `user_key` as StoredEntry has it.
  EntryName NameOf(uint32_t key_hash, std::string_view user_key) const;
  std::byte* FindEntry(std::byte* head, std::string_view user_key, uint32_t entry_hash);
  uint64_t LocateEntry(const std::byte* head, std::string_view user_key, uint32_t entry_hash);
  bool InIndex(std::byte* entry) const;
  void PutInIndex(std::byte* entry);
  // The head is about to have another entry.
  void IndexIfFull(std::byte* head);
  void PrefetchEntry(std::byte* head, uint32_t entry_hash) const;
  // A clean record that no index has, and one that counts as changed.
  std::byte* AddRecord(std::byte* head, const EntryName& name, uint8_t flags);
  std::byte* CreateRecord(std::byte* head, const EntryName& name, int64_t now);
  // The same of a map, or of windows.
  std::byte* AddEntry(std::byte* head, std::string_view bytes, uint32_t entry_hash, uint8_t flags);
  std::byte* CreateEntry(std::byte* head, std::string_view bytes, uint32_t entry_hash, int64_t now);
  std::byte* AppendTo(std::byte* head, std::string_view element, int64_t now);
  std::byte* Visit(std::byte* entry, Access access, int64_t now, bool* created);
  bool Expired(const RecordHeader* header, int64_t now) const {
    return options_.ttl_ms > 0 &&
           (header->time != 0 ? header->time : untimed_since_) + options_.ttl_ms <= now;
  }
  void EraseEntry(std::byte* entry);
  // Frees the record of an entry, and tells its head.
  void DropEntry(std::byte* entry);
  void Link(std::byte* head, std::byte* entry);
  void Unlink(std::byte* head, std::byte* entry);

  void ClearHead(std::byte* head);
  void Detach(std::byte* head);
  void FreeEntries(std::byte* head, size_t entries);
  void FreeDetached(std::byte* head);
  // Whether what is detached says nothing to any cut.
  bool Outdated(std::byte* head) const;
  void MarkCleared(std::byte* head);
  // The head may have lost its last entry.
  void Emptied(std::byte* head);
  void DropHead(std::byte* head);
  void PutInOrder(std::byte* head);
  // The value of an entry in a run: valid until the next call.
  std::string_view ValueOf(std::byte* entry);
  Status LoadInto(std::byte* head, const StoredEntry& entry);

  // For the tier.
  void Save(std::byte* record, EntryBuffer* buffer) override;
  std::byte* SavedBefore(std::byte* record) override;
  void Evict(std::byte* record) override;
  bool Move(std::byte* record) override;
  void Tidy(std::byte* record, int64_t now, bool in_flight) override;
  bool FreeSome(size_t records) override;

  MemoryTier* const tier_;
  const uint16_t number_;
  EntryTableOptions options_;
  int64_t untimed_since_ = 0;
  RecordIndex heads_;
  RecordIndex entries_;  // of maps
  uint64_t next_number_ = 0;
  std::map<int64_t, Window> windows_;
  int64_t window_bytes_ = 0;          // of their indexes
  uint32_t dropped_size_ = 0;         // of the window that was dropped last
  std::vector<std::byte*> detached_;  // heads whose entries are being freed
  std::string scratch_, value_;
};

}  // namespace castor::gemini
