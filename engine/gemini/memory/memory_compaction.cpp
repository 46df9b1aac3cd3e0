// How chunks that have become sparse are emptied into others of their size.
#include "gemini/memory/memory_tier.h"

namespace castor::gemini {
namespace {

// What is left alone: a few chunks of some sizes, of which an instance with little in it consists.
constexpr int64_t kSlack = 32 * int64_t{Chunk::kBytes};

}  // namespace

void MemoryTier::Compact(size_t chunks) {
  for (; chunks > 0; --chunks) {
    if (heap_.charged_bytes() - 2 * heap_.used_bytes() <= kSlack) return;
    compact_chunk_ = (compact_chunk_ + 1) % heap_.chunks().size();
    if (Chunk* chunk = heap_.chunks()[compact_chunk_]) CompactChunk(chunk);
  }
}

void MemoryTier::CompactChunk(Chunk* chunk) {
  if (chunk->used > chunk->slots / 2) return;
  if (chunk->owned) {
    heap_.MoveOwned(chunk);
  } else if (chunk->of_records && !InFlight(chunk)) {
    MoveRecords(chunk);
  }
}

// Into other chunks as long as these have room.
void MemoryTier::MoveRecords(Chunk* chunk) {
  heap_.Close(chunk);
  const uint32_t end = chunk->untouched;
  uint32_t left = chunk->used;
  bool all = true;
  for (uint32_t slot = 0; slot < end && left > 0 && heap_.HasRoom(chunk); ++slot) {
    std::byte* record = chunk->At(slot);
    if (!IsLive(HeaderOf(record))) continue;
    --left;
    all = OwnerOf(record).Move(record) && all;
  }
  if (left > 0 || !all) heap_.Open(chunk);
}

}  // namespace castor::gemini
