#include "gemini/memory/entry_list.h"

#include <algorithm>

namespace castor::gemini {
namespace {

constexpr size_t kFirstBytes = 32;
constexpr size_t kMostBytes = size_t{64} << 10;

}  // namespace

void EntryList::AddBlock(RecordHeap* heap) {
  const size_t before = last == nullptr ? 0 : sizeof(Block) + last->capacity * sizeof(std::byte*);
  const size_t bytes = RecordHeap::RoundUp(std::clamp(before * 2, kFirstBytes, kMostBytes));
  auto* block = reinterpret_cast<Block*>(heap->Allocate(bytes, RecordHeap::Use::kBlob));
  block->capacity = static_cast<uint32_t>((bytes - sizeof(Block)) / sizeof(std::byte*));
  block->size = 0;
  block->next = last == nullptr ? block : last->next;
  if (last != nullptr) last->next = block;
  last = block;
}

void EntryList::RemoveLastBlock(RecordHeap* heap) {
  Block* before = last;
  while (before->next != last) before = before->next;
  before->next = last->next;
  heap->Free(reinterpret_cast<std::byte*>(last));
  last = before == last ? nullptr : before;
}

void EntryList::Add(std::byte* entry, RecordHeap* heap) {
  std::byte** place = &only;
  if (size > 0) {
    if (last == nullptr || last->size == last->capacity) AddBlock(heap);
    place = last->slots() + last->size++;
  }
  ++size;
  *place = entry;
  LinksOf(entry)->place = place;
}

void EntryList::Remove(std::byte* entry, RecordHeap* heap) {
  std::byte** place = LinksOf(entry)->place;
  std::byte* moved = Last();
  *place = moved;
  LinksOf(moved)->place = place;
  LinksOf(entry)->place = nullptr;
  --size;
  if (last != nullptr && --last->size == 0) RemoveLastBlock(heap);
}

}  // namespace castor::gemini
