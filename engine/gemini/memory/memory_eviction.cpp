// The clock's hand of a memory tier: what leaves memory.
#include "gemini/memory/memory_tier.h"

namespace castor::gemini {

using namespace record_flag;

void MemoryTier::Evict(const Eviction& eviction) {
  heap_.GiveBackKept();
  for (size_t i = 0; i < eviction.chunks && charged_bytes() > eviction.target; ++i) {
    if (heap_.chunks().empty()) return;
    hand_ = (hand_ + 1) % heap_.chunks().size();
    Chunk* chunk = heap_.chunks()[hand_];
    if (chunk == nullptr) continue;
    if (chunk->of_records) {
      EvictFrom(chunk, eviction);
    } else {
      CompactChunk(chunk);
    }
  }
}

void MemoryTier::EvictFrom(Chunk* chunk, const Eviction& eviction) {
  // The chunk goes with its last record.
  const uint32_t end = chunk->untouched;
  uint32_t left = chunk->used;
  for (uint32_t slot = 0; slot < end && left > 0; ++slot) {
    if (!IsLive(HeaderOf(chunk->At(slot)))) continue;
    --left;
    const bool last = chunk->used == 1;
    EvictRecord(chunk, slot, eviction);
    if (last && heap_.chunks()[hand_] != chunk) return;
  }
  CompactChunk(chunk);
}

void MemoryTier::EvictRecord(Chunk* chunk, uint32_t slot, const Eviction& eviction) {
  std::byte* record = chunk->At(slot);
  RecordHeader* header = HeaderOf(record);
  if ((header->flags & kReferenced) != 0) {
    header->flags = header->flags & ~kReferenced;
    return;
  }
  if (TagOf(header) == Tag::kClean) {
    if (chunk->Has(MarkOf(Other(current_)), slot) || chunk->Has(Mark::kEvicting, slot)) return;
    if (eviction.dropped != nullptr) {
      if (eviction.dropped->Samples(header->hash)) {
        eviction.dropped->Left(ReuseIdOf(&OwnerOf(record), header->hash));
      }
      eviction.dropped->Passed(chunk->slot_bytes);
    }
    OwnerOf(record).Evict(record);
    return;
  }
  if (eviction.buffer == nullptr || eviction.buffer->charged_bytes() >= eviction.buffer_bytes) {
    return;
  }
  evicting_ = true;
  SaveForEviction(record, eviction.buffer);
}

uint64_t MemoryTier::ReuseIdOf(const RecordOwner* table, uint32_t hash) const {
  uint64_t number = 0;
  while (tables_[number].get() != table) ++number;
  return number << 32 | hash;
}

void MemoryTier::SaveForEviction(std::byte* record, EntryBuffer* buffer) {
  RecordOwner& owner = OwnerOf(record);
  std::byte* before = owner.SavedBefore(record);
  if (before != nullptr && TagOf(HeaderOf(before)) != Tag::kClean) SaveForEviction(before, buffer);
  owner.Save(record, buffer);
  RecordHeader* header = HeaderOf(record);
  header->flags = (header->flags & ~kTag) | kStored;
  Chunk* chunk = Chunk::Of(record);
  chunk->Clear(MarkOf(current_), chunk->SlotOf(record));
  chunk->Set(Mark::kEvicting, chunk->SlotOf(record));
}

void MemoryTier::EndEviction(bool durable) {
  if (!evicting_) return;
  evicting_ = false;
  for (Chunk* chunk : heap_.chunks()) {
    if (chunk == nullptr || chunk->CountOf(Mark::kEvicting) == 0) continue;
    if (!durable) GiveBack(chunk, Mark::kEvicting);
    chunk->ClearAll(Mark::kEvicting);
  }
}

}  // namespace castor::gemini
