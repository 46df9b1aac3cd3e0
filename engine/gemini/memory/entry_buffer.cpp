#include "gemini/memory/entry_buffer.h"

#include <algorithm>
#include <new>

namespace castor::gemini {

EntryBuffer::~EntryBuffer() { source_->GiveBack(blocks_); }

char* EntryBuffer::Reserve(size_t bytes) {
  bytes = (bytes + alignof(Head) - 1) / alignof(Head) * alignof(Head);
  if (bytes > room_) {
    blocks_.push_back(source_->Take(bytes, std::max(bytes, next_block_)));
    next_block_ = std::min(2 * next_block_, kMostBlock);
    next_ = blocks_.back().begin;
    room_ = blocks_.back().bytes;
    charged_ += static_cast<int64_t>(room_);
  }
  char* reserved = next_;
  next_ += bytes;
  room_ -= bytes;
  return reserved;
}

// Entries of a section mostly come one after the other.
uint32_t EntryBuffer::NumberOf(SectionId section) {
  if (!items_.empty() && sections_[items_.back().section] == section) return items_.back().section;
  const auto [at, is_new] = numbers_.emplace(section, static_cast<uint32_t>(sections_.size()));
  if (is_new) sections_.push_back(section);
  return at->second;
}

void EntryBuffer::SortSections() {
  std::vector<uint32_t> sorted(sections_.size());
  uint32_t next = 0;
  for (auto& [section, number] : numbers_) sorted[number] = next++;
  for (Item& item : items_) item.section = sorted[item.section];
  next = 0;
  for (auto& [section, number] : numbers_) {
    number = next;
    sections_[next++] = section;
  }
}

void EntryBuffer::Add(SectionId section, const Entry& entry) {
  char* at = Reserve(sizeof(Head) + entry.key.size() + entry.user_key.size() + entry.value.size());
  const Head* head = new (at) Head{entry.time, static_cast<uint32_t>(entry.key.size()),
                                   static_cast<uint32_t>(entry.user_key.size()),
                                   static_cast<uint32_t>(entry.value.size()), entry.kind};
  at += sizeof(Head);
  for (const std::string_view part : {entry.key, entry.user_key, entry.value}) {
    at = std::copy(part.begin(), part.end(), at);
  }
  const size_t before = items_.capacity();
  items_.push_back({entry.position, head, NumberOf(section), static_cast<uint32_t>(size())});
  if (items_.capacity() == before) return;
  charged_ += static_cast<int64_t>((items_.capacity() - before) * sizeof(Item));
  item_charge_.Set(static_cast<int64_t>(items_.capacity() * sizeof(Item)));
}

Entry EntryBuffer::ViewOf(const Item& item) {
  const Head* head = item.head;
  const char* at = reinterpret_cast<const char*>(head + 1);
  const std::string_view key(at, head->key_bytes);
  const std::string_view user_key(key.end(), head->user_key_bytes);
  const std::string_view value(user_key.end(), head->value_bytes);
  return {item.position, key, user_key, head->kind, head->time, value};
}

// By what the items themselves say, which reads no head; what is of one position, most often the
// entries of a key, has come together and mostly in order.
void EntryBuffer::SortItems() {
  std::sort(items_.begin(), items_.end(), [](const Item& a, const Item& b) {
    if (a.section != b.section) return a.section < b.section;
    return a.position != b.position ? a.position < b.position : a.number < b.number;
  });
  const auto before = [](const Item& a, const Item& b) {
    return Compare(ViewOf(a), ViewOf(b)) < 0;
  };
  for (auto begin = items_.begin(); begin != items_.end();) {
    const auto end = std::find_if(begin, items_.end(), [&](const Item& item) {
      return item.position != begin->position || item.section != begin->section;
    });
    if (!std::is_sorted(begin, end, before)) std::sort(begin, end, before);
    begin = end;
  }
}

Status EntryBuffer::WriteTo(RunWriter* writer) {
  constexpr size_t kAhead = 8;  // entries that are on their way to the processor's cache
  SortSections();
  SortItems();
  for (size_t i = 0; i < items_.size(); ++i) {
    if (i + kAhead < items_.size()) __builtin_prefetch(items_[i + kAhead].head);
    if (i == 0 || items_[i].section != items_[i - 1].section) {
      CASTOR_RETURN_NOT_OK(writer->BeginSection(SectionAt(i)));
    }
    CASTOR_RETURN_NOT_OK(writer->Add(EntryAt(i)));
  }
  return Status::OK();
}

}  // namespace castor::gemini
