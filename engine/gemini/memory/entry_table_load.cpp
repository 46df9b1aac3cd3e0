// How what runs say of entries comes into memory.
#include <algorithm>
#include <cstring>
#include <set>

#include "gemini/memory/blobs.h"
#include "gemini/memory/entry_table.h"
#include "gemini/memory/memory_tier.h"

namespace castor::gemini {

using namespace record_flag;

Status EntryTable::Load(std::string_view key, uint32_t hash, const StoredEntry& entry) {
  std::byte* head = FindOrAddHead(key, hash, /*whole=*/false);
  return HeadOf(head)->whole != 0 ? Status::OK() : LoadInto(head, entry);
}

Status EntryTable::LoadInto(std::byte* head, const StoredEntry& stored) {
  std::string_view value = stored.value;
  std::string_view bytes = stored.user_key;
  if (is(EntriesOf::kList)) {
    uint32_t size = 0;
    if (value.size() >= sizeof(size)) std::memcpy(&size, value.data(), sizeof(size));
    if (bytes.size() != kNumberBytes || value.size() < sizeof(size) ||
        value.size() - sizeof(size) < size) {
      return Status::Corruption("an element of a list is cut short");
    }
    bytes = scratch_.assign(stored.user_key).append(value, sizeof(size), size);
    value.remove_prefix(sizeof(size) + size);
  }
  CASTOR_ASSIGN_OR_RETURN(const DecodedValue decoded, DecodeValue(options_.layout, value));
  std::byte* entry;
  if (is(EntriesOf::kList)) {
    entry = AddRecord(head, {{}, bytes, 0}, kStored | kReferenced);
  } else {
    ReservedIndexOf(head, 0);
    const EntryName name = NameOf(HeaderOf(head)->hash, bytes);
    if (FindEntry(head, name.bytes, name.hash) != nullptr) return Status::OK();
    entry = AddEntry(head, name.bytes, name.hash, kStored | kReferenced);
  }
  HeaderOf(entry)->time = stored.time;
  FillPayload(&tier_->heap_, options_.layout, decoded, PayloadOf(entry));
  return Status::OK();
}

void EntryTable::LoadAbsent(std::string_view key, uint32_t hash, std::string_view user_key) {
  std::byte* head = FindOrAddHead(key, hash, /*whole=*/false);
  if (HeadOf(head)->whole != 0) return;
  ReservedIndexOf(head, 0);
  const EntryName name = NameOf(hash, user_key);
  if (FindEntry(head, name.bytes, name.hash) != nullptr) return;
  AddEntry(head, name.bytes, name.hash, kReferenced | kDeleted);
}

Status EntryTable::LoadAll(std::string_view key, uint32_t hash,
                           std::span<const StoredEntry> entries) {
  std::byte* head = FindOrAddHead(key, hash, /*whole=*/entries.empty());
  if (HeadOf(head)->whole != 0) return Status::OK();
  std::set<std::string> known;  // of a list: numbers of what is in memory
  if (is(EntriesOf::kList)) {
    HeadOf(head)->list.ForEach(0, [&](std::byte** place, std::byte**) {
      known.emplace(BytesOf(*place).substr(0, kNumberBytes));
      return true;
    });
  }
  for (const StoredEntry& entry : entries) {
    if (known.count(entry.user_key) == 0) CASTOR_RETURN_NOT_OK(LoadInto(head, entry));
  }
  HeadOf(head)->whole = 1;
  HeadOf(head)->disordered = 1;
  Emptied(head);
  return Status::OK();
}

void EntryTable::LoadNothing(std::string_view key, uint32_t hash) {
  heads_.Reserve(1);
  std::byte* head = FindHead(key, hash);
  if (head == nullptr) return;
  HeadOf(head)->whole = 1;
  Emptied(head);
}

void EntryTable::PutInOrder(std::byte* head) {
  EntryList& list = HeadOf(head)->list;
  std::vector<std::byte*> entries;
  entries.reserve(list.size);
  list.ForEach(0, [&](std::byte** place, std::byte**) {
    entries.push_back(*place);
    return true;
  });
  std::sort(entries.begin(), entries.end(), [&](const std::byte* a, const std::byte* b) {
    return BytesOf(a).substr(0, kNumberBytes) < BytesOf(b).substr(0, kNumberBytes);
  });
  auto next = entries.begin();
  list.ForEach(0, [&](std::byte** place, std::byte**) {
    *place = *next++;
    LinksOf(*place)->place = place;
    return true;
  });
  HeadOf(head)->disordered = 0;
}

}  // namespace castor::gemini
