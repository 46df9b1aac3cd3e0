#include "gemini/memory/entry_table.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "gemini/memory/blobs.h"
#include "gemini/memory/equal_bytes.h"
#include "gemini/memory/hash_bytes.h"
#include "gemini/memory/memory_tier.h"

namespace castor::gemini {
namespace {

// Prefetched lines must still be there when they are used: the first-level cache holds some 500,
// and an entry takes four.
constexpr size_t kGroup = 64;

// Entries of a map that are looked through: each may be a cache miss.
constexpr uint32_t kMostScanned = 3;

using namespace record_flag;

}  // namespace

EntryTable::EntryTable(MemoryTier* tier, uint16_t number, EntryTableOptions options)
    : tier_(tier),
      number_(number),
      options_(std::move(options)),
      heads_(kHeadKeyOffset),
      entries_(kPayloadOffset + options_.layout.payload_bytes) {}

uint32_t EntryTable::EntryHash(uint32_t key_hash, std::string_view user_key) {
  return HashBytes(user_key, key_hash);
}

bool EntryTable::MayBeStored(uint32_t hash) const {
  return !is(EntriesOf::kWindows) && tier_->MayBeStored(hash);
}

std::byte* EntryTable::FindHead(std::string_view key, uint32_t hash) {
  return heads_.At(heads_.Locate(key, hash));
}

std::byte* EntryTable::AddHead(uint64_t at, std::string_view key, uint32_t hash) {
  std::byte* record =
      tier_->heap_.Allocate(RecordBytes(kHeadBytes, key.size()), RecordHeap::Use::kRecord);
  *HeaderOf(record) = {hash, 0, number_, kLive | kHead | kReferenced | kDeleted, 0};
  ++tier_->deleted_;
  std::memset(HeadOf(record), 0, kHeadBytes);
  HeadOf(record)->whole = 1;
  HeadOf(record)->indexed = is(EntriesOf::kWindows) ? 1 : 0;
  WriteKey(record, kHeadKeyOffset, key);
  heads_.Put(at, hash, record);
  if (is(EntriesOf::kWindows)) AddWindow(record);
  return record;
}

std::byte* EntryTable::FindOrAddHead(std::string_view key, uint32_t hash, bool whole) {
  heads_.Reserve(1);
  const uint64_t at = heads_.Locate(key, hash);
  if (std::byte* found = heads_.At(at)) return found;
  std::byte* head = AddHead(at, key, hash);
  if (whole) return head;
  HeadOf(head)->whole = 0;
  HeaderOf(head)->flags = (HeaderOf(head)->flags & ~kDeleted) | kStored;
  --tier_->deleted_;
  return head;
}

uint64_t EntryTable::LocateEntry(const std::byte* head, std::string_view user_key,
                                 uint32_t entry_hash) {
  return IndexOf(head).Locate(entry_hash, [&](const std::byte* entry) {
    return LinksOf(const_cast<std::byte*>(entry))->head == head &&
           EqualBytes(BytesOf(entry), user_key);
  });
}

std::byte* EntryTable::FindEntry(std::byte* head, std::string_view user_key, uint32_t entry_hash) {
  Head* content = HeadOf(head);
  if (content->indexed == 0) {
    std::byte* found = nullptr;
    content->list.ForEach(0, [&](std::byte** place, std::byte**) {
      if (EqualBytes(BytesOf(*place), user_key)) found = *place;
      return found == nullptr;
    });
    if (found != nullptr || content->list.members == content->list.size) return found;
  }
  return IndexOf(head).At(LocateEntry(head, user_key, entry_hash));
}

bool EntryTable::InIndex(std::byte* entry) const {
  if (is(EntriesOf::kList)) return false;
  const Head* content = HeadOf(LinksOf(entry)->head);
  if (is(EntriesOf::kWindows)) return content->detached == Detached::kNo;
  return IsDeleted(HeaderOf(entry)) || content->indexed != 0;
}

void EntryTable::PutInIndex(std::byte* entry) {
  std::byte* head = LinksOf(entry)->head;
  RecordIndex& index = ReservedIndexOf(head, 1);
  const uint32_t hash = HeaderOf(entry)->hash;
  index.Put(LocateEntry(head, BytesOf(entry), hash), hash, entry);
}

void EntryTable::IndexIfFull(std::byte* head) {
  Head* content = HeadOf(head);
  if (content->indexed != 0 || content->list.size < kMostScanned) return;
  content->indexed = 1;
  content->list.ForEach(0, [&](std::byte** place, std::byte**) {
    PutInIndex(*place);
    return true;
  });
}

void EntryTable::PrefetchEntry(std::byte* head, uint32_t entry_hash) const {
  const Head* content = HeadOf(head);
  if (content->indexed != 0) return entries_.PrefetchRecord(entry_hash);
  __builtin_prefetch(content->list.only, 1);
  if (content->list.last != nullptr) __builtin_prefetch(content->list.last->slots()[0], 1);
}

void EntryTable::Lookup(const EntryKeys& entries, Access access, int64_t now, std::byte** payloads,
                        uint8_t* created, std::vector<uint32_t>* missing) {
  heads_.Reserve(entries.most_keys());
  entries_.Reserve(0);
  std::array<uint32_t, kGroup> hashes;
  std::array<std::byte*, kGroup> heads;
  const bool large = heads_.large() || entries_.large();
  for (size_t from = 0; from < entries.size(); from += kGroup) {
    const size_t to = std::min(from + kGroup, entries.size());
    if (large) {
      for (size_t j = from; j < to; ++j) heads_.PrefetchSlot(entries.hash(j));
      for (size_t j = from; j < to; ++j) heads_.PrefetchRecord(entries.hash(j));
    }
    // Entries of one key often come one after the other.
    const auto again = [&](size_t j) { return j > from && entries.rows[j] == entries.rows[j - 1]; };
    for (size_t j = from; j < to; ++j) {
      hashes[j - from] = EntryHash(entries.hash(j), entries.user_keys[j]);
      std::byte* head = again(j) ? heads[j - 1 - from] : FindHead(entries.key(j), entries.hash(j));
      heads[j - from] = head;
      if (head == nullptr || !large) continue;
      if (HeadOf(head)->indexed != 0) {
        entries_.PrefetchSlot(hashes[j - from]);
      } else {
        __builtin_prefetch(HeadOf(head)->list.last);
      }
    }
    for (size_t j = from; j < to && large; ++j) {
      if (heads[j - from] != nullptr) PrefetchEntry(heads[j - from], hashes[j - from]);
    }
    for (size_t j = from; j < to; ++j) {
      const std::string_view user_key = entries.user_keys[j];
      std::byte* head = heads[j - from];
      uint64_t head_at = 0;
      if (head == nullptr && again(j)) head = heads[j - 1 - from];
      if (head == nullptr) {  // perhaps it has been made meanwhile
        head_at = heads_.Locate(entries.key(j), entries.hash(j));
        head = heads_.At(head_at);
      }
      std::byte* entry = head == nullptr ? nullptr : FindEntry(head, user_key, hashes[j - from]);
      bool is_new = false;
      if (entry != nullptr) {
        entry = Visit(entry, access, now, &is_new);
      } else if (head != nullptr ? HeadOf(head)->whole == 0 : MayBeStored(entries.hash(j))) {
        missing->push_back(static_cast<uint32_t>(j));
      } else if (access == Access::kFindOrCreate) {
        if (head == nullptr) head = AddHead(head_at, entries.key(j), entries.hash(j));
        entry = CreateEntry(head, user_key, hashes[j - from], now);
        is_new = true;
      }
      heads[j - from] = head;
      payloads[j] = entry == nullptr ? nullptr : PayloadOf(entry);
      if (is_new && created != nullptr) created[j] = 1;
    }
  }
}

bool EntryTable::FindOrCreate(const EntryKeys& entries, size_t j, int64_t now, InRuns in_runs,
                              std::byte** payload) {
  const bool whole = in_runs == InRuns::kNothing;
  std::byte* head = FindOrAddHead(entries.key(j), entries.hash(j), whole);
  entries_.Reserve(0);
  const std::string_view user_key = entries.user_keys[j];
  const uint32_t entry_hash = EntryHash(entries.hash(j), user_key);
  std::byte* entry = FindEntry(head, user_key, entry_hash);
  bool is_new = entry == nullptr;
  if (is_new) {
    entry = CreateEntry(head, user_key, entry_hash, now);
    if (in_runs == InRuns::kPerhapsIt) HeaderOf(entry)->flags = HeaderOf(entry)->flags | kStored;
  } else {
    entry = Visit(entry, Access::kFindOrCreate, now, &is_new);
  }
  *payload = PayloadOf(entry);
  return is_new;
}

std::byte* EntryTable::Visit(std::byte* entry, Access access, int64_t now, bool* created) {
  RecordHeader* header = HeaderOf(entry);
  const bool absent = IsDeleted(header) || Expired(header, now);
  if (absent && access != Access::kFindOrCreate) return nullptr;
  if (access != Access::kRead && TagOf(header) != tier_->current_) tier_->BeforeChange(entry);
  if (absent) {
    std::byte* payload = PayloadOf(entry);
    if (IsDeleted(header)) {
      std::byte* head = LinksOf(entry)->head;
      IndexIfFull(head);
      if (HeadOf(head)->indexed == 0) entries_.Remove(entry);
      header->flags = header->flags & ~kDeleted;
      --tier_->deleted_;
      Link(head, entry);
    } else {
      FreeBlobs(&tier_->heap_, options_.layout, payload);
    }
    std::memset(payload, 0, options_.layout.payload_bytes);
    *created = true;
  }
  if (options_.ttl_ms > 0 && access == Access::kFindOrCreate) header->time = now;
  header->flags = header->flags | kReferenced;
  return entry;
}

std::byte* EntryTable::AddRecord(std::byte* head, const EntryName& name, uint8_t flags) {
  const size_t payload_bytes = options_.layout.payload_bytes;
  const size_t name_bytes = name.prefix.size() + name.bytes.size();
  std::byte* entry = tier_->heap_.Allocate(
      RecordBytes(sizeof(EntryLinks) + payload_bytes, name_bytes), RecordHeap::Use::kRecord);
  *HeaderOf(entry) = {name.hash, 0, number_, static_cast<uint8_t>(flags | kLive), 0};
  *LinksOf(entry) = {head, nullptr};
  std::memset(PayloadOf(entry), 0, payload_bytes);
  std::byte* to = WriteKeySize(entry, kPayloadOffset + payload_bytes, name_bytes);
  auto* text = reinterpret_cast<char*>(to);
  name.prefix.copy(text, name.prefix.size());
  name.bytes.copy(text + name.prefix.size(), name.bytes.size());
  ++HeadOf(head)->list.members;
  if ((flags & kDeleted) == 0) {
    Link(head, entry);
  } else {
    ++tier_->deleted_;
  }
  return entry;
}

std::byte* EntryTable::CreateRecord(std::byte* head, const EntryName& name, int64_t now) {
  std::byte* entry = AddRecord(head, name, kReferenced);
  if (options_.ttl_ms > 0) HeaderOf(entry)->time = now;
  tier_->Tagged(entry);
  return entry;
}

std::byte* EntryTable::AddEntry(std::byte* head, std::string_view bytes, uint32_t entry_hash,
                                uint8_t flags) {
  if ((flags & kDeleted) == 0) IndexIfFull(head);
  std::byte* entry = AddRecord(head, {{}, bytes, entry_hash}, flags);
  if (InIndex(entry)) PutInIndex(entry);
  return entry;
}

std::byte* EntryTable::CreateEntry(std::byte* head, std::string_view bytes, uint32_t entry_hash,
                                   int64_t now) {
  IndexIfFull(head);
  std::byte* entry = CreateRecord(head, {{}, bytes, entry_hash}, now);
  if (HeadOf(head)->indexed != 0) PutInIndex(entry);
  return entry;
}

// Big-endian, so that the order of bytes is that of numbers.
std::byte* EntryTable::AppendTo(std::byte* head, std::string_view element, int64_t now) {
  const uint64_t number = __builtin_bswap64(next_number_++);
  const std::string_view prefix(reinterpret_cast<const char*>(&number), sizeof(number));
  return CreateRecord(head, {prefix, element, 0}, now);
}

void EntryTable::Link(std::byte* head, std::byte* entry) {
  RecordHeader* header = HeaderOf(head);
  if (IsDeleted(header)) {
    header->flags = header->flags & ~kDeleted;
    --tier_->deleted_;
  }
  HeadOf(head)->list.Add(entry, &tier_->heap_);
}

void EntryTable::Unlink(std::byte* head, std::byte* entry) {
  EntryList& list = HeadOf(head)->list;
  HeadOf(head)->disordered |= list.Last() != entry;
  list.Remove(entry, &tier_->heap_);
}

void EntryTable::Erase(const EntryKeys& entries, std::vector<uint32_t>* missing) {
  heads_.Reserve(entries.most_keys());
  entries_.Reserve(0);
  for (size_t j = 0; j < entries.size(); ++j) {
    const uint32_t hash = entries.hash(j);
    const std::string_view user_key = entries.user_keys[j];
    std::byte* head = FindHead(entries.key(j), hash);
    std::byte* entry =
        head == nullptr ? nullptr : FindEntry(head, user_key, EntryHash(hash, user_key));
    if (entry != nullptr) {
      EraseEntry(entry);
    } else if (head != nullptr ? HeadOf(head)->whole == 0 : MayBeStored(hash)) {
      missing->push_back(static_cast<uint32_t>(j));
    }
  }
}

void EntryTable::EraseEntry(std::byte* entry) {
  RecordHeader* header = HeaderOf(entry);
  if (IsDeleted(header)) return;
  if (TagOf(header) != tier_->current_) tier_->BeforeChange(entry);
  std::byte* head = LinksOf(entry)->head;
  if ((header->flags & kStored) == 0) {
    DropEntry(entry);
  } else {
    FreeBlobs(&tier_->heap_, options_.layout, PayloadOf(entry));
    if (is(EntriesOf::kMap) && HeadOf(head)->indexed == 0) PutInIndex(entry);
    header->flags = header->flags | kDeleted;
    ++tier_->deleted_;
    Unlink(head, entry);
  }
  Emptied(head);
}

void EntryTable::EraseStored(const EntryKeys& entries, size_t j) {
  std::byte* head = FindOrAddHead(entries.key(j), entries.hash(j), /*whole=*/false);
  entries_.Reserve(0);
  const std::string_view user_key = entries.user_keys[j];
  const uint32_t entry_hash = EntryHash(entries.hash(j), user_key);
  if (std::byte* entry = FindEntry(head, user_key, entry_hash)) {
    EraseEntry(entry);
  } else {
    tier_->Tagged(AddEntry(head, user_key, entry_hash, kStored | kDeleted));
  }
}

void EntryTable::Append(const EntryKeys& entries, int64_t now, std::byte** payloads) {
  heads_.Reserve(entries.most_keys());
  std::array<std::byte*, kGroup> heads;
  for (size_t from = 0; from < entries.size(); from += kGroup) {
    const size_t to = std::min(from + kGroup, entries.size());
    if (heads_.large()) {
      for (size_t j = from; j < to; ++j) heads_.PrefetchSlot(entries.hash(j));
      for (size_t j = from; j < to; ++j) heads_.PrefetchRecord(entries.hash(j));
    }
    for (size_t j = from; j < to; ++j) {
      std::byte* head = heads[j - from] = FindHead(entries.key(j), entries.hash(j));
      if (head != nullptr) __builtin_prefetch(HeadOf(head)->list.last, 1);
    }
    for (size_t j = from; j < to; ++j) {
      std::byte* head = heads[j - from];
      if (head == nullptr) {
        head = FindOrAddHead(entries.key(j), entries.hash(j), !MayBeStored(entries.hash(j)));
      }
      std::byte* entry = AppendTo(head, entries.user_keys[j], now);
      if (payloads != nullptr) payloads[j] = PayloadOf(entry);
    }
  }
}

void EntryTable::Locate(const Keys& keys, std::span<const int32_t> rows,
                        std::vector<uint64_t>* handles, std::vector<uint32_t>* missing) {
  heads_.Reserve(rows.size());
  handles->resize(rows.size());
  const auto hash_of = [&](size_t j) { return keys.hash(static_cast<size_t>(rows[j])); };
  for (size_t from = 0; from < rows.size(); from += kGroup) {
    const size_t to = std::min(from + kGroup, rows.size());
    if (heads_.large()) {
      for (size_t j = from; j < to; ++j) heads_.PrefetchSlot(hash_of(j));
      for (size_t j = from; j < to; ++j) heads_.PrefetchRecord(hash_of(j));
    }
    for (size_t j = from; j < to; ++j) {
      std::byte* head = FindHead(keys.key(static_cast<size_t>(rows[j])), hash_of(j));
      (*handles)[j] = 0;
      if (head == nullptr ? MayBeStored(hash_of(j)) : HeadOf(head)->whole == 0) {
        missing->push_back(static_cast<uint32_t>(j));
      } else if (head != nullptr && HeadOf(head)->list.size > 0) {
        if (is(EntriesOf::kList) && HeadOf(head)->disordered != 0) PutInOrder(head);
        HeaderOf(head)->flags = HeaderOf(head)->flags | kReferenced;
        (*handles)[j] = reinterpret_cast<uintptr_t>(head);
        __builtin_prefetch(HeadOf(head)->list.only);
      }
    }
  }
}

void EntryTable::Walk(uint64_t handle, Access access, int64_t now, uint64_t* cursor, size_t most,
                      std::vector<EntryView>* page) {
  if (handle == 0) {
    *cursor = kEndOfEntries;
    return;
  }
  constexpr ptrdiff_t kAhead = 8;
  EntryList& list = HeadOf(reinterpret_cast<std::byte*>(handle))->list;
  const size_t skipped = is(EntriesOf::kList) ? kNumberBytes : 0;
  uint64_t next = *cursor;
  std::byte** fetched = nullptr;  // all entries of the block before this place
  list.ForEach(next, [&](std::byte** place, std::byte** end) {
    if (most == 0) return false;
    std::byte** const until = end - place > kAhead ? place + kAhead : end;
    if (fetched < place || fetched > end) fetched = place;
    for (; fetched < until; ++fetched) __builtin_prefetch(*fetched);
    std::byte* entry = *place;
    RecordHeader* header = HeaderOf(entry);
    ++next;
    if (Expired(header, now)) return true;
    if (access != Access::kRead && TagOf(header) != tier_->current_) tier_->BeforeChange(entry);
    // What is only read stays unwritten if it can.
    if ((header->flags & kReferenced) == 0) header->flags = header->flags | kReferenced;
    page->push_back({BytesOf(entry).substr(skipped), PayloadOf(entry)});
    --most;
    return true;
  });
  *cursor = next >= list.size ? kEndOfEntries : next;
}

void EntryTable::SetBlob(Blob* blob, std::string_view bytes) {
  gemini::SetBlob(&tier_->heap_, blob, bytes);
}

}  // namespace castor::gemini
