#include "gemini/memory/entry_list.h"

#include <algorithm>

namespace castor::gemini {
namespace {

constexpr size_t kFirstCapacity = 4;
constexpr size_t kMostCapacity = 8192;

}  // namespace

void EntryList::Add(std::byte* entry, RecordHeap* heap) {
  std::byte** place = &only;
  if (size > 0) {
    if (last == nullptr || last->size == last->capacity) {
      const size_t wanted = last == nullptr ? kFirstCapacity : size_t{last->capacity} * 2;
      const size_t bytes =
          RecordHeap::RoundUp(sizeof(Block) + std::min(wanted, kMostCapacity) * sizeof(std::byte*));
      auto* block = reinterpret_cast<Block*>(heap->Allocate(bytes, RecordHeap::Use::kBlob));
      const size_t capacity = (bytes - sizeof(Block)) / sizeof(std::byte*);
      *block = {last, nullptr, static_cast<uint32_t>(capacity), 0};
      (last == nullptr ? first : last->next) = block;
      last = block;
    }
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
  if (last == nullptr || --last->size > 0) return;
  Block* const empty = last;
  last = empty->previous;
  (last == nullptr ? first : last->next) = nullptr;
  heap->Free(reinterpret_cast<std::byte*>(empty));
}

}  // namespace castor::gemini
