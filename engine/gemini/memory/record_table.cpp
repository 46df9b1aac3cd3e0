#include "gemini/memory/record_table.h"

#include <algorithm>
#include <cstring>

#include "gemini/memory/blobs.h"
#include "gemini/memory/memory_tier.h"

namespace castor::gemini {
namespace {

// Prefetched lines must still be there when they are used: the first-level cache holds some 500.
constexpr size_t kGroup = 128;

using namespace record_flag;

}  // namespace

RecordTable::RecordTable(MemoryTier* tier, uint16_t number, TableOptions options)
    : tier_(tier),
      number_(number),
      options_(std::move(options)),
      key_offset_(sizeof(RecordHeader) + options_.layout.payload_bytes),
      index_(key_offset_) {}

void RecordTable::Lookup(const Keys& keys, Access access, int64_t now, std::byte** payloads,
                         uint8_t* created, std::vector<uint32_t>* missing) {
  index_.Reserve(keys.count);
  // What the flags of a record are that needs nothing done.
  const bool reads = access == Access::kRead;
  const uint8_t mask = kReferenced | kDeleted | (reads ? 0 : kTag);
  const uint8_t plain = kReferenced | (reads ? 0 : static_cast<uint8_t>(tier_->current_));
  const bool has_ttl = options_.ttl_ms > 0;
  for (size_t from = 0; from < keys.count; from += kGroup) {
    const size_t to = std::min(from + kGroup, keys.count);
    if (index_.large()) {
      for (size_t i = from; i < to; ++i) index_.PrefetchSlot(keys.hash(i));
      for (size_t i = from; i < to; ++i) index_.PrefetchRecord(keys.hash(i));
    }
    for (size_t i = from; i < to; ++i) {
      const uint32_t hash = keys.hash(i);
      const uint64_t at = index_.Locate(keys.key(i), hash);
      std::byte* record = index_.At(at);
      bool is_new = false;
      if (record != nullptr) {
        if ((HeaderOf(record)->flags & mask) != plain || has_ttl) {
          record = Visit(record, access, now, &is_new);
        }
      } else if (tier_->MayBeStored(hash)) {
        missing->push_back(static_cast<uint32_t>(i));
      } else if (access == Access::kFindOrCreate) {
        record = Create(at, keys.key(i), hash, now);
        is_new = true;
      }
      payloads[i] = record == nullptr ? nullptr : record + sizeof(RecordHeader);
      if (is_new && created != nullptr) created[i] = 1;
    }
  }
}

bool RecordTable::FindOrCreate(std::string_view key, uint32_t hash, int64_t now, bool stored,
                               std::byte** payload) {
  index_.Reserve(1);
  const uint64_t at = index_.Locate(key, hash);
  std::byte* record = index_.At(at);
  bool is_new = record == nullptr;
  if (is_new) {
    record = Create(at, key, hash, now);
    if (stored) HeaderOf(record)->flags = HeaderOf(record)->flags | kStored;
  } else {
    record = Visit(record, Access::kFindOrCreate, now, &is_new);
  }
  *payload = record + sizeof(RecordHeader);
  return is_new;
}

std::byte* RecordTable::Visit(std::byte* record, Access access, int64_t now, bool* created) {
  RecordHeader* header = HeaderOf(record);
  const bool absent = IsDeleted(header) || Expired(header, now);
  if (absent && access != Access::kFindOrCreate) return nullptr;
  if (access != Access::kRead && TagOf(header) != tier_->current_) tier_->BeforeChange(record);
  if (absent) {
    std::byte* payload = record + sizeof(RecordHeader);
    if (IsDeleted(header)) {
      header->flags = header->flags & ~kDeleted;
      --tier_->deleted_;
    } else {
      FreeBlobs(&tier_->heap_, options_.layout, payload);
    }
    std::memset(payload, 0, options_.layout.payload_bytes);
    *created = true;
  }
  if (options_.ttl_ms > 0 && access == Access::kFindOrCreate) header->time = now;
  header->flags = header->flags | kReferenced;
  return record;
}

std::byte* RecordTable::Create(uint64_t position, std::string_view key, uint32_t hash,
                               int64_t now) {
  std::byte* record = Add(position, key, hash, kReferenced);
  if (options_.ttl_ms > 0) HeaderOf(record)->time = now;
  tier_->Tagged(record);
  return record;
}

std::byte* RecordTable::Add(uint64_t position, std::string_view key, uint32_t hash, uint8_t flags) {
  std::byte* record = tier_->heap_.Allocate(RecordBytes(options_.layout.payload_bytes, key.size()),
                                            RecordHeap::Use::kRecord);
  RecordHeader* header = HeaderOf(record);
  header->hash = hash;
  header->table = number_;
  header->flags = flags | kLive;
  header->time = 0;
  std::memset(record + sizeof(RecordHeader), 0, options_.layout.payload_bytes);
  WriteKey(record, key_offset_, key);
  index_.Put(position, hash, record);
  return record;
}

void RecordTable::Erase(const Keys& keys, std::span<const int32_t> rows,
                        std::vector<uint32_t>* missing) {
  index_.Reserve(rows.size());
  for (const int32_t signed_row : rows) {
    const auto row = static_cast<uint32_t>(signed_row);
    const uint64_t at = index_.Locate(keys.key(row), keys.hash(row));
    if (std::byte* record = index_.At(at)) {
      EraseRecord(record);
    } else if (tier_->MayBeStored(keys.hash(row))) {
      missing->push_back(row);
    }
  }
}

void RecordTable::EraseRecord(std::byte* record) {
  RecordHeader* header = HeaderOf(record);
  if (IsDeleted(header)) return;
  if (TagOf(header) != tier_->current_) tier_->BeforeChange(record);
  if ((header->flags & kStored) == 0) {
    Drop(record);
    return;
  }
  FreeBlobs(&tier_->heap_, options_.layout, record + sizeof(RecordHeader));
  header->flags = header->flags | kDeleted;
  ++tier_->deleted_;
}

void RecordTable::EraseStored(std::string_view key, uint32_t hash) {
  index_.Reserve(1);
  const uint64_t at = index_.Locate(key, hash);
  if (std::byte* record = index_.At(at)) {
    EraseRecord(record);
  } else {
    tier_->Tagged(Add(at, key, hash, kStored | kDeleted));
    ++tier_->deleted_;
  }
}

Status RecordTable::Load(std::string_view key, uint32_t hash, int64_t time,
                         std::string_view value) {
  CASTOR_ASSIGN_OR_RETURN(const DecodedValue decoded, DecodeValue(options_.layout, value));
  index_.Reserve(1);
  const uint64_t at = index_.Locate(key, hash);
  if (index_.At(at) != nullptr) return Status::OK();
  std::byte* record = Add(at, key, hash, kStored | kReferenced);
  HeaderOf(record)->time = time;
  FillPayload(&tier_->heap_, options_.layout, decoded, record + sizeof(RecordHeader));
  return Status::OK();
}

void RecordTable::LoadAbsent(std::string_view key, uint32_t hash) {
  index_.Reserve(1);
  const uint64_t at = index_.Locate(key, hash);
  if (index_.At(at) != nullptr) return;
  Add(at, key, hash, kReferenced | kDeleted);
  ++tier_->deleted_;
}

void RecordTable::SetBlob(Blob* blob, std::string_view bytes) {
  gemini::SetBlob(&tier_->heap_, blob, bytes);
}

void RecordTable::Save(std::byte* record, EntryBuffer* buffer) {
  const RecordHeader* header = HeaderOf(record);
  Entry entry;
  entry.position = tier_->PositionOfHash(header->hash);
  entry.key = KeyOf(record, key_offset_);
  entry.time = header->time;
  if (IsDeleted(header)) {
    entry.kind = EntryKind::kDelete;
  } else {
    entry.value = EncodeValue(options_.layout, record + sizeof(RecordHeader), &scratch_);
  }
  buffer->Add(options_.section, entry);
}

void RecordTable::Drop(std::byte* record) {
  if (IsDeleted(HeaderOf(record))) {
    --tier_->deleted_;
  } else {
    FreeBlobs(&tier_->heap_, options_.layout, record + sizeof(RecordHeader));
  }
  index_.Remove(record);
  tier_->FreeRecord(record);
}

void RecordTable::Evict(std::byte* record) {
  if (!IsDeleted(HeaderOf(record))) tier_->SetColdAt(HeaderOf(record)->hash);
  Drop(record);
}

bool RecordTable::Move(std::byte* record) {
  std::byte* to = tier_->CopyRecord(record);
  BlobsMoved(options_.layout, to + sizeof(RecordHeader));
  index_.Replace(record, to);
  tier_->FreeRecord(record);
  return true;
}

void RecordTable::Tidy(std::byte* record, int64_t now, bool in_flight) {
  const RecordHeader* header = HeaderOf(record);
  if (!IsDeleted(header)) {
    if (Expired(header, now)) EraseRecord(record);
  } else if (TagOf(header) == Tag::kClean && !in_flight) {
    Drop(record);
  }
}

}  // namespace castor::gemini
