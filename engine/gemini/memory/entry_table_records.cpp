// How entries and heads are cleared, saved, moved, tidied up, and let go.
#include <algorithm>
#include <cstring>
#include <string>

#include "gemini/memory/blobs.h"
#include "gemini/memory/entry_table.h"
#include "gemini/memory/memory_tier.h"

namespace castor::gemini {
namespace {

// More entries than these are freed a slice at a time.
constexpr uint32_t kDetachFrom = 64;
// A head with more entries stays where it is: each of them knows its address.
constexpr uint32_t kMostMoved = 64;
// How far ahead entries are fetched that are freed.
constexpr uint32_t kFreedAhead = 8;

using namespace record_flag;

}  // namespace

void EntryTable::Clear(const Keys& keys, std::span<const int32_t> rows,
                       std::vector<uint32_t>* missing) {
  heads_.Reserve(rows.size());
  for (const int32_t row : rows) {
    const auto i = static_cast<size_t>(row);
    if (std::byte* head = FindHead(keys.key(i), keys.hash(i))) {
      ClearHead(head);
    } else if (MayBeStored(keys.hash(i))) {
      missing->push_back(static_cast<uint32_t>(row));
    }
  }
}

void EntryTable::ClearStored(std::string_view key, uint32_t hash) {
  heads_.Reserve(1);
  const uint64_t at = heads_.Locate(key, hash);
  if (std::byte* head = heads_.At(at)) return ClearHead(head);
  MarkCleared(AddHead(at, key, hash));
}

void EntryTable::ClearHead(std::byte* head) {
  const Head* content = HeadOf(head);
  const bool of_windows = is(EntriesOf::kWindows);
  if (content->list.size > kDetachFrom ||
      (of_windows && content->list.members > content->list.size)) {
    return Detach(head);
  }
  FreeEntries(head, content->list.size);
  const bool stored = (HeaderOf(head)->flags & kStored) != 0 || content->list.members > 0;
  if (of_windows || !stored) return DropHead(head);
  MarkCleared(head);
}

void EntryTable::MarkCleared(std::byte* head) {
  RecordHeader* header = HeaderOf(head);
  if (TagOf(header) != tier_->current_) tier_->BeforeChange(head);
  HeadOf(head)->whole = 1;
  header->flags = header->flags | kStored;
  if (IsDeleted(header)) return;
  header->flags = header->flags | kDeleted;
  ++tier_->deleted_;
}

// What the cut on its way has not saved yet it saves when it comes to it, or when it is freed.
void EntryTable::Detach(std::byte* head) {
  const bool saving = tier_->phase_ == MemoryTier::CutPhase::kSaving;
  const bool stored = saving || (HeaderOf(head)->flags & kStored) != 0;
  heads_.Remove(head);
  if (is(EntriesOf::kWindows)) DropWindow(head);
  HeadOf(head)->detached = Detached::kListed;
  HeadOf(head)->cut = saving ? tier_->cuts_ : 0;
  detached_.push_back(head);
  if (stored && !is(EntriesOf::kWindows))
    ClearStored(std::string(KeyOfHead(head)), HeaderOf(head)->hash);
}

bool EntryTable::Outdated(std::byte* head) const {
  const bool of_this_cut =
      tier_->phase_ == MemoryTier::CutPhase::kSaving && HeadOf(head)->cut == tier_->cuts_;
  return HeadOf(head)->detached != Detached::kNo && !of_this_cut;
}

void EntryTable::FreeEntries(std::byte* head, size_t entries) {
  const EntryList& list = HeadOf(head)->list;
  for (; entries > 0; --entries) {
    std::byte* entry = list.Last();
    list.PrefetchLast(kFreedAhead);
    if (tier_->AwaitsCut(entry)) tier_->SaveForCut(entry);
    DropEntry(entry);
  }
}

bool EntryTable::FreeSome(size_t records) {
  while (records > 0 && !detached_.empty()) {
    std::byte* head = detached_.back();
    const size_t entries = std::min<size_t>(records, HeadOf(head)->list.size);
    FreeEntries(head, entries);
    records -= entries;
    if (HeadOf(head)->list.size > 0) break;
    detached_.pop_back();
    HeadOf(head)->detached = Detached::kEmptied;
    if (HeadOf(head)->list.members == 0) {
      FreeDetached(head);
    } else if (!IsDeleted(HeaderOf(head))) {
      HeaderOf(head)->flags = HeaderOf(head)->flags | kDeleted;  // goes when its deletions have
      ++tier_->deleted_;
    }
  }
  return !detached_.empty();
}

void EntryTable::FreeDetached(std::byte* head) {
  if (tier_->AwaitsCut(head)) tier_->SaveForCut(head);
  if (IsDeleted(HeaderOf(head))) --tier_->deleted_;
  tier_->FreeRecord(head);
}

void EntryTable::DropEntry(std::byte* entry) {
  std::byte* head = LinksOf(entry)->head;
  if (InIndex(entry)) IndexOf(head).Remove(entry);
  if (IsDeleted(HeaderOf(entry))) {
    --tier_->deleted_;
  } else {
    FreeBlobs(&tier_->heap_, options_.layout, PayloadOf(entry));
    Unlink(head, entry);
  }
  --HeadOf(head)->list.members;
  tier_->FreeRecord(entry);
}

void EntryTable::DropHead(std::byte* head) {
  if (IsDeleted(HeaderOf(head))) --tier_->deleted_;
  if (is(EntriesOf::kWindows)) DropWindow(head);
  heads_.Remove(head);
  tier_->FreeRecord(head);
}

void EntryTable::Emptied(std::byte* head) {
  RecordHeader* header = HeaderOf(head);
  const Head* content = HeadOf(head);
  if (content->list.size > 0 || content->whole == 0 || content->detached != Detached::kNo) return;
  if ((header->flags & kStored) == 0 && content->list.members == 0) return DropHead(head);
  if (IsDeleted(header)) return;
  header->flags = header->flags | kDeleted;
  ++tier_->deleted_;
}

void EntryTable::Save(std::byte* record, EntryBuffer* buffer) {
  std::byte* head = IsHead(record) ? record : LinksOf(record)->head;
  if (Outdated(head)) return;
  HeaderOf(head)->flags = HeaderOf(head)->flags | kStored;
  Entry entry;
  SectionId section = options_.section;
  const std::string_view bytes = record == head ? std::string_view() : BytesOf(record);
  if (is(EntriesOf::kWindows)) {
    section.partition = WindowRow::WindowOf(KeyOfHead(head));
    entry.position = tier_->PositionOfHash(HeaderOf(record)->hash);
    entry.key = bytes;
  } else {
    entry.position = tier_->PositionOfHash(HeaderOf(head)->hash);
    entry.key = KeyOfHead(head);
    entry.user_key = is(EntriesOf::kList) ? bytes.substr(0, kNumberBytes) : bytes;
  }
  if (record == head) {
    entry.kind = EntryKind::kClear;
  } else if (IsDeleted(HeaderOf(record))) {
    entry.kind = EntryKind::kDelete;
  } else {
    entry.value = ValueOf(record);
  }
  if (record != head) entry.time = HeaderOf(record)->time;
  buffer->Add(section, entry);
}

std::string_view EntryTable::ValueOf(std::byte* entry) {
  const std::string_view payload = EncodeValue(options_.layout, PayloadOf(entry), &scratch_);
  if (!is(EntriesOf::kList)) return payload;
  const std::string_view element = BytesOf(entry).substr(kNumberBytes);
  const auto size = static_cast<uint32_t>(element.size());
  value_.assign(reinterpret_cast<const char*>(&size), sizeof(size));
  return value_.append(element).append(payload);
}

std::byte* EntryTable::SavedBefore(std::byte* record) {
  return IsHead(record) ? nullptr : LinksOf(record)->head;
}

void EntryTable::Evict(std::byte* record) {
  if (IsHead(record)) {
    const Head* content = HeadOf(record);
    if (content->list.members > 0 || content->detached != Detached::kNo) return;
    if (is(EntriesOf::kWindows) && content->whole == 0) return;
    if (!IsDeleted(HeaderOf(record))) tier_->SetColdAt(HeaderOf(record)->hash);
    return DropHead(record);
  }
  std::byte* head = LinksOf(record)->head;
  if (!IsDeleted(HeaderOf(record)) && HeadOf(head)->detached == Detached::kNo) {
    if (is(EntriesOf::kWindows)) {
      tier_->any_cold_ = true;
    } else {
      tier_->SetColdAt(HeaderOf(head)->hash);
    }
    HeadOf(head)->whole = 0;
  }
  DropEntry(record);
}

bool EntryTable::Move(std::byte* record) {
  if (!IsHead(record)) {
    std::byte* to = tier_->CopyRecord(record);
    BlobsMoved(options_.layout, PayloadOf(to));
    if (InIndex(to)) IndexOf(LinksOf(to)->head).Replace(record, to);
    if (std::byte** place = LinksOf(to)->place) *place = to;
    tier_->FreeRecord(record);
    return true;
  }
  const Head* content = HeadOf(record);
  const uint32_t size = content->list.size;
  if (size > kMostMoved || content->list.members != size || content->detached != Detached::kNo) {
    return false;
  }
  std::byte* to = tier_->CopyRecord(record);
  heads_.Replace(record, to);
  if (is(EntriesOf::kWindows)) windows_.find(WindowRow::WindowOf(KeyOfHead(to)))->second.head = to;
  EntryList& list = HeadOf(to)->list;
  list.Relocated();
  list.ForEach(0, [&](std::byte** place, std::byte**) {
    LinksOf(*place)->head = to;
    return true;
  });
  tier_->FreeRecord(record);
  return true;
}

void EntryTable::Tidy(std::byte* record, int64_t now, bool in_flight) {
  const RecordHeader* header = HeaderOf(record);
  const bool settled = TagOf(header) == Tag::kClean && !in_flight;
  if (IsHead(record)) {
    const Head* content = HeadOf(record);
    if (!IsDeleted(header) || content->list.members > 0) return;
    if (content->detached == Detached::kEmptied) {
      FreeDetached(record);
    } else if (settled) {
      DropHead(record);
    }
    return;
  }
  std::byte* head = LinksOf(record)->head;
  if (IsDeleted(header)) {
    if (!settled && !Outdated(head)) return;
    DropEntry(record);
    return Emptied(head);
  }
  if (HeadOf(head)->detached != Detached::kNo || !Expired(header, now)) return;
  if (!is(EntriesOf::kList) || (header->flags & kStored) == 0) return EraseEntry(record);
  // Deletions of lists would be found by nobody. What runs say of the entry has expired, too.
  if (settled) Evict(record);
}

}  // namespace castor::gemini
