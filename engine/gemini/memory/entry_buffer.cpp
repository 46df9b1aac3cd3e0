#include "gemini/memory/entry_buffer.h"

#include <sys/mman.h>

#include <algorithm>
#include <new>

#include "base/memory.h"

namespace castor::gemini {

// Mapped and not from the general allocator, which would keep what one thread takes and another
// gives back.
EntryBuffer::~EntryBuffer() {
  for (const auto& [block, bytes] : blocks_) ::munmap(block, bytes);
  MemoryAccount::State().Release(charged_);
}

void EntryBuffer::Charge(int64_t bytes) {
  charged_ += bytes;
  MemoryAccount::State().Charge(bytes);
}

char* EntryBuffer::Reserve(size_t bytes) {
  bytes = (bytes + alignof(Head) - 1) / alignof(Head) * alignof(Head);
  if (bytes > room_) {
    room_ = std::max(bytes, next_block_);
    next_block_ = std::min(2 * next_block_, kMostBlock);
    void* block =
        ::mmap(nullptr, room_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED) throw std::bad_alloc();
    blocks_.emplace_back(block, room_);
    next_ = static_cast<char*>(block);
    Charge(static_cast<int64_t>(room_));
  }
  char* reserved = next_;
  next_ += bytes;
  room_ -= bytes;
  return reserved;
}

void EntryBuffer::Add(SectionId section, const Entry& entry) {
  char* at = Reserve(sizeof(Head) + entry.key.size() + entry.user_key.size() + entry.value.size());
  const Head* head = new (at) Head{section,
                                   entry.time,
                                   static_cast<uint32_t>(entry.key.size()),
                                   static_cast<uint32_t>(entry.user_key.size()),
                                   static_cast<uint32_t>(entry.value.size()),
                                   entry.kind};
  at += sizeof(Head);
  for (const std::string_view part : {entry.key, entry.user_key, entry.value}) {
    at = std::copy(part.begin(), part.end(), at);
  }
  const size_t before = items_.capacity();
  items_.push_back({entry.position, head});
  Charge(static_cast<int64_t>((items_.capacity() - before) * sizeof(Item)));
}

Entry EntryBuffer::EntryAt(size_t i) const {
  const Head* head = items_[i].head;
  const char* at = reinterpret_cast<const char*>(head + 1);
  const std::string_view key(at, head->key_bytes);
  const std::string_view user_key(key.end(), head->user_key_bytes);
  const std::string_view value(user_key.end(), head->value_bytes);
  return {items_[i].position, key, user_key, head->kind, head->time, value};
}

Status EntryBuffer::WriteTo(RunWriter* writer) {
  const auto view = [](const Item& item) {
    const char* at = reinterpret_cast<const char*>(item.head + 1);
    return Entry{item.position,
                 {at, item.head->key_bytes},
                 {at + item.head->key_bytes, item.head->user_key_bytes},
                 item.head->kind,
                 item.head->time,
                 {}};
  };
  std::sort(items_.begin(), items_.end(), [&](const Item& a, const Item& b) {
    if (a.head->section != b.head->section) return a.head->section < b.head->section;
    if (a.position != b.position) return a.position < b.position;
    return Compare(view(a), view(b)) < 0;
  });
  for (size_t i = 0; i < items_.size(); ++i) {
    if (i == 0 || SectionAt(i) != SectionAt(i - 1)) {
      CASTOR_RETURN_NOT_OK(writer->BeginSection(SectionAt(i)));
    }
    CASTOR_RETURN_NOT_OK(writer->Add(EntryAt(i)));
  }
  return Status::OK();
}

}  // namespace castor::gemini
