// The records of one value, reducing or aggregating state, as far as they are in memory: found and
// made by the batch, updated in place.
//
// Payloads that a lookup has given stay where they are, and may be changed if the access said so,
// until the tier evicts, which it does between batches. Expired records are never given out. What
// is not found here is absent, or is named as missing where runs may hold it
// (MemoryTier::MayBeStored). Not thread-safe: the owner's thread alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "gemini/memory/entry_buffer.h"
#include "gemini/memory/keys.h"
#include "gemini/memory/record.h"
#include "gemini/memory/record_index.h"
#include "gemini/memory/record_layout.h"
#include "gemini/memory/record_owner.h"
#include "gemini/run/run_format.h"

namespace castor::gemini {

class MemoryTier;

struct TableOptions {
  SectionId section;
  RecordLayout layout;
  int64_t ttl_ms = 0;  // since the last access that could write; 0: for ever
  // Told in errors, and compared at restore.
  std::string name = {};
  std::string schema = {};
};

class RecordTable final : public RecordOwner {
 public:
  // By MemoryTier::AddTable.
  RecordTable(MemoryTier* tier, uint16_t number, TableOptions options);

  // payloads[i] is that of keys.key(i), or nullptr. created[i] (may be null) is set to 1 at the
  // first row of each key whose record this call made. Rows that memory says nothing of are
  // appended to `missing`; their payload is nullptr. `now` is in milliseconds.
  void Lookup(const Keys& keys, Access access, int64_t now, std::byte** payloads, uint8_t* created,
              std::vector<uint32_t>* missing);
  // For one row of which runs have nothing either, or something that does not count (`stored`).
  // True: the record has been made.
  bool FindOrCreate(std::string_view key, uint32_t hash, int64_t now, bool stored,
                    std::byte** payload);
  // Erases the records of `rows`. Rows that memory says nothing of are appended to `missing`.
  void Erase(const Keys& keys, std::span<const int32_t> rows, std::vector<uint32_t>* missing);
  // Erases what runs hold of a key of which memory says nothing.
  void EraseStored(std::string_view key, uint32_t hash);

  // Puts what runs say of a key into memory, unless memory knows better: a value, or that there is
  // none.
  Status Load(std::string_view key, uint32_t hash, int64_t time, std::string_view value);
  void LoadAbsent(std::string_view key, uint32_t hash);

  // Of a payload that was given out to be changed. At most 4 GiB.
  void SetBlob(Blob* blob, std::string_view bytes);

  static std::string_view KeyOfPayload(const RecordTable& table, const std::byte* payload) {
    return KeyOf(payload - sizeof(RecordHeader), table.key_offset_);
  }
  // Records without a time, of a state that had no TTL before, count as written at `untimed_since`.
  void SetTtl(int64_t ttl_ms, int64_t untimed_since) {
    options_.ttl_ms = ttl_ms;
    untimed_since_ = untimed_since;
  }
  const TableOptions& options() const { return options_; }
  size_t size() const { return index_.size(); }  // with those known to be deleted
  int64_t index_bytes() const override { return index_.byte_size(); }
  void SetDense(bool dense) override { index_.SetDense(dense); }

 private:
  // For the tier.
  void Save(std::byte* record, EntryBuffer* buffer) override;
  std::byte* SavedBefore(std::byte*) override { return nullptr; }
  void Evict(std::byte* record) override;
  bool Move(std::byte* record) override;
  void Tidy(std::byte* record, int64_t now, bool in_flight) override;
  bool FreeSome(size_t) override { return false; }

  // A record as an access wants it: nullptr if it is as good as absent; made anew if need be.
  std::byte* Visit(std::byte* record, Access access, int64_t now, bool* created);
  // A clean record, and one that counts as changed.
  std::byte* Add(uint64_t position, std::string_view key, uint32_t hash, uint8_t flags);
  std::byte* Create(uint64_t position, std::string_view key, uint32_t hash, int64_t now);
  void EraseRecord(std::byte* record);
  bool Expired(const RecordHeader* header, int64_t now) const {
    return options_.ttl_ms > 0 &&
           (header->time != 0 ? header->time : untimed_since_) + options_.ttl_ms <= now;
  }
  void Drop(std::byte* record);

  MemoryTier* const tier_;
  const uint16_t number_;
  TableOptions options_;
  int64_t untimed_since_ = 0;
  const size_t key_offset_;
  RecordIndex index_;
  std::string scratch_;
};

}  // namespace castor::gemini
