#include "gemini/memory/record_heap.h"

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <random>
#include <vector>

namespace castor::gemini {
namespace {

TEST(RecordHeapTest, SlotsAreLargeEnoughAndLittleIsLost) {
  for (size_t bytes = 1; bytes < 600'000; bytes += bytes / 40 + 1) {
    const size_t rounded = RecordHeap::RoundUp(bytes);
    EXPECT_GE(rounded, bytes);
    EXPECT_EQ(rounded % 16, 0u);
    EXPECT_LE(rounded, bytes + std::max<size_t>(31, bytes / 8)) << bytes;
    EXPECT_EQ(RecordHeap::RoundUp(rounded), rounded);
  }
}

// Slots of all sizes, filled and compared: none overlaps another, and each is found in its chunk.
TEST(RecordHeapTest, SlotsAreApart) {
  for (const auto use : {RecordHeap::Use::kRecord, RecordHeap::Use::kBlob}) {
    RecordHeap heap;
    std::mt19937 random(7);
    std::map<std::byte*, std::pair<size_t, int>> slots;
    for (int i = 0; i < 20'000; ++i) {
      if (!slots.empty() && random() % 5 < 2) {
        const auto at = std::next(slots.begin(),
                                  static_cast<long>(random() % std::min<size_t>(slots.size(), 50)));
        const auto [bytes, fill] = at->second;
        for (const size_t check : {size_t{0}, bytes / 2, bytes - 1}) {
          ASSERT_EQ(static_cast<int>(at->first[check]), fill);
        }
        std::memset(at->first, 0, bytes);
        heap.Free(at->first);
        slots.erase(at);
        continue;
      }
      const uint32_t kind = random() % 1000;
      const size_t bytes = kind == 0   ? 1 + random() % 400'000
                           : kind < 50 ? 1 + random() % 20'000
                                       : 1 + random() % 200;
      std::byte* slot = heap.Allocate(bytes, use);
      ASSERT_EQ(reinterpret_cast<uintptr_t>(slot) % 16, 0u);
      Chunk* chunk = Chunk::Of(slot);
      ASSERT_EQ(chunk->At(chunk->SlotOf(slot)), slot);
      std::memset(slot, i % 200 + 1, bytes);
      ASSERT_TRUE(slots.emplace(slot, std::pair(bytes, i % 200 + 1)).second);
    }
    for (const auto& [slot, what] : slots) heap.Free(slot);
    EXPECT_EQ(heap.used_bytes(), 0);
    for (const Chunk* chunk : heap.chunks()) EXPECT_EQ(chunk, nullptr);
    // What is kept to be used again.
    EXPECT_LE(heap.charged_bytes(), int64_t{8} << 18);
  }
}

// Pointers follow what they own, and chunks that have been emptied go.
TEST(RecordHeapTest, WhatIsOwnedMoves) {
  RecordHeap heap;
  std::mt19937 random(3);
  std::vector<char*> owners(200'000, nullptr);
  const auto fill_of = [](size_t i) { return static_cast<char>(i % 100 + 1); };
  std::vector<size_t> sizes(owners.size());
  for (size_t i = 0; i < owners.size(); ++i) {
    sizes[i] = random() % 5000 == 0 ? 200'000 : 1 + random() % 400;
    heap.AllocateOwned(sizes[i], &owners[i]);
    ASSERT_EQ(reinterpret_cast<uintptr_t>(owners[i]) % 8, 0u);
    ASSERT_GE(RecordHeap::OwnedCapacity(sizes[i]), sizes[i]);
    std::memset(owners[i], fill_of(i), RecordHeap::OwnedCapacity(sizes[i]));
  }
  for (size_t i = 0; i < owners.size(); ++i) {
    if (random() % 10 == 0) continue;
    heap.FreeOwned(owners[i]);
    owners[i] = nullptr;
  }
  const int64_t before = heap.charged_bytes();
  const size_t chunks = heap.chunks().size();
  for (size_t number = 0; number < chunks; ++number) {
    Chunk* chunk = heap.chunks()[number];
    if (chunk != nullptr && chunk->used <= chunk->slots / 2) heap.MoveOwned(chunk);
  }
  EXPECT_LT(heap.charged_bytes(), before / 2);
  for (size_t i = 0; i < owners.size(); ++i) {
    if (owners[i] == nullptr) continue;
    for (size_t at = 0; at < sizes[i]; ++at) ASSERT_EQ(owners[i][at], fill_of(i)) << i;
    heap.FreeOwned(owners[i]);
  }
  EXPECT_EQ(heap.used_bytes(), 0);
}

}  // namespace
}  // namespace castor::gemini
