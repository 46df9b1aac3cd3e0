#include "gemini/memory/record_heap.h"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace castor::gemini {
namespace {

constexpr size_t kPage = 4096;

size_t RoundTo(size_t bytes, size_t step) { return (bytes + step - 1) / step * step; }

// Of a chunk for one large slot; never that of other chunks, by which the pool tells them.
size_t LargeChunkBytes(size_t slot_bytes) {
  const size_t bytes =
      RoundTo(RoundTo(sizeof(Chunk) + kMarks * sizeof(uint64_t), 64) + slot_bytes, kPage);
  return bytes == Chunk::kBytes ? bytes + kPage : bytes;
}

}  // namespace

RecordHeap::~RecordHeap() {
  for (Chunk* chunk : chunks_) {
    if (chunk != nullptr) pool_.Give(chunk);
  }
}

size_t RecordHeap::RoundUpLarge(size_t bytes) {
  return RoundTo(bytes, std::bit_floor(bytes - 1) / 8);
}

uint32_t RecordHeap::ClassOfLarge(size_t rounded) {
  if (rounded > kMaxSlot) return kClasses - 1;
  const size_t floor = std::bit_floor(rounded - 1);
  const auto doublings = static_cast<size_t>(std::countr_zero(floor / kMaxStep16));
  return static_cast<uint32_t>(kMaxStep16 / 16 + doublings * 8 + (rounded - floor) / (floor / 8));
}

// A fault for each page costs more than the page. If the system refuses, faults bring them.
void RecordHeap::TakePages(Chunk* chunk) {
  auto* begin = reinterpret_cast<std::byte*>(chunk);
  const auto needed = static_cast<size_t>(chunk->At(chunk->untouched) - begin);
  const size_t had = chunk->charged_bytes;
  pool_.Touch(chunk, std::max(needed, 2 * had));
  ::madvise(begin + had, chunk->charged_bytes - had, MADV_POPULATE_WRITE);
}

void RecordHeap::Link(Chunk* chunk) {
  Chunk*& head = WithRoom(chunk);
  chunk->previous = nullptr;
  chunk->next = head;
  if (head != nullptr) head->previous = chunk;
  head = chunk;
  chunk->has_room = true;
}

void RecordHeap::Unlink(Chunk* chunk) {
  if (chunk->previous != nullptr) chunk->previous->next = chunk->next;
  if (chunk->next != nullptr) chunk->next->previous = chunk->previous;
  if (WithRoom(chunk) == chunk) WithRoom(chunk) = chunk->next;
  chunk->has_room = false;
}

Chunk* RecordHeap::AddChunk(size_t slot_bytes, Use use) {
  const bool large = slot_bytes > kMaxSlot;
  const size_t mapped = large ? LargeChunkBytes(slot_bytes) : Chunk::kBytes;
  Chunk* chunk = pool_.Take(mapped);
  const size_t most = large ? 1 : (Chunk::kBytes - sizeof(Chunk)) / slot_bytes;
  const size_t words = use == Use::kRecord ? (most + 63) / 64 : 0;
  const size_t first = RoundTo(sizeof(Chunk) + kMarks * words * sizeof(uint64_t), 64);
  const size_t charged = chunk->charged_bytes;
  *chunk = {};
  chunk->mapped_bytes = mapped;
  chunk->charged_bytes = charged;
  chunk->size_class = ClassOf(slot_bytes);
  chunk->slot_bytes = static_cast<uint32_t>(slot_bytes);
  chunk->slots = large ? 1 : static_cast<uint32_t>((Chunk::kBytes - first) / slot_bytes);
  chunk->reciprocal = static_cast<uint32_t>(((uint64_t{1} << 32) + slot_bytes - 1) / slot_bytes);
  chunk->first = static_cast<uint32_t>(first);
  chunk->bitmap_words = static_cast<uint32_t>(words);
  chunk->of_records = use == Use::kRecord;
  chunk->owned = use == Use::kOwned;
  if (first > charged) pool_.Touch(chunk, first);
  std::memset(static_cast<void*>(chunk + 1), 0, kMarks * words * sizeof(uint64_t));
  if (unused_numbers_.empty()) {
    chunk->number = static_cast<uint32_t>(chunks_.size());
    chunks_.push_back(chunk);
  } else {
    chunk->number = unused_numbers_.back();
    unused_numbers_.pop_back();
    chunks_[chunk->number] = chunk;
  }
  Link(chunk);
  return chunk;
}

void RecordHeap::Free(std::byte* slot) {
  Chunk* chunk = Chunk::Of(slot);
  used_ -= chunk->slot_bytes;
  if (--chunk->used == 0) {
    if (chunk->has_room) Unlink(chunk);
    chunks_[chunk->number] = nullptr;
    unused_numbers_.push_back(chunk->number);
    pool_.Give(chunk);
    return;
  }
  std::memcpy(slot + LinkAt(chunk), &chunk->free, sizeof(chunk->free));
  chunk->free = static_cast<uint32_t>(slot - reinterpret_cast<std::byte*>(chunk));
  if (!chunk->has_room && !chunk->closed) Link(chunk);
}

void RecordHeap::AllocateOwned(size_t bytes, char** owner) {
  std::byte* slot = Allocate(bytes + sizeof(char**), Use::kOwned);
  *owner = reinterpret_cast<char*>(slot) + sizeof(char**);
  SetOwner(*owner, owner);
}

void RecordHeap::SetOwner(char* bytes, char** owner) {
  std::memcpy(bytes - sizeof(char**), &owner, sizeof(char**));
}

void RecordHeap::FreeOwned(char* bytes) {
  SetOwner(bytes, nullptr);
  Free(reinterpret_cast<std::byte*>(bytes) - sizeof(char**));
}

void RecordHeap::MoveOwned(Chunk* chunk) {
  Close(chunk);
  const uint32_t end = chunk->untouched;
  uint32_t left = chunk->used;
  for (uint32_t slot = 0; slot < end && left > 0; ++slot) {
    char** owner;
    std::memcpy(&owner, chunk->At(slot), sizeof(owner));
    if (owner == nullptr) continue;
    if (!HasRoom(chunk)) break;
    std::byte* to = Allocate(chunk->slot_bytes, Use::kOwned);
    std::memcpy(to, chunk->At(slot), chunk->slot_bytes);
    char* const from = std::exchange(*owner, reinterpret_cast<char*>(to) + sizeof(owner));
    --left;
    FreeOwned(from);  // the last takes the chunk along
  }
  if (left > 0) Open(chunk);
}

void RecordHeap::Close(Chunk* chunk) {
  chunk->closed = true;
  if (chunk->has_room) Unlink(chunk);
}

void RecordHeap::Open(Chunk* chunk) {
  chunk->closed = false;
  if (!chunk->has_room && chunk->used < chunk->slots) Link(chunk);
}

}  // namespace castor::gemini
