// Whether a run may hold a key: a split block Bloom filter (Putze, Sanders, Singler: "Cache-, Hash-
// and Space-Efficient Bloom Filters", 2007; the blocks are those of Apache Parquet).
//
// A key sets one bit in each of the eight words of one 32-byte block, so a probe is one cache line
// and a few vector instructions. At 10.5 bits a key one probe in a hundred is wrong.
// Immutable once built and then thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/page_allocator.h"

namespace castor::gemini {

// What filters take for a key, and for an entry of a map under it.
uint64_t FilterHash(uint32_t key_hash);
uint64_t FilterHash(uint32_t key_hash, std::string_view user_key);

class BloomFilter {
 public:
  // With room for `keys`; `bits_per_key` between 4 and 32.
  BloomFilter(uint64_t keys, double bits_per_key);
  // To be given, at Storage, what `Bytes` gave: a multiple of 32 bytes.
  static BloomFilter ToBeRead(uint64_t bytes);
  char* Storage() { return reinterpret_cast<char*>(blocks_.data()); }

  // Empty, of at least so many bytes, so that it can be folded.
  static BloomFilter OfBytes(uint64_t bytes);
  // Halves it as often as it has room for `keys` all the same: it is then the filter that would
  // have been made of that size.
  void Fold(uint64_t keys, double bits_per_key);

  void Add(uint64_t hash);
  bool MayContain(uint64_t hash) const;
  // The cache line that MayContain or Add of the hash needs.
  void Prefetch(uint64_t hash) const {
    if (!blocks_.empty()) __builtin_prefetch(&blocks_[BlockOf(hash)]);
  }
  std::string_view Bytes() const;
  uint64_t byte_size() const { return blocks_.size() * sizeof(Block); }

 private:
  using Block = std::array<uint32_t, 8>;

  BloomFilter() = default;
  static uint64_t BlocksFor(uint64_t keys, double bits_per_key);
  uint64_t BlockOf(uint64_t hash) const { return (hash >> 32) * blocks_.size() >> 32; }
  static Block MaskOf(uint32_t hash);

  std::vector<Block, PageAllocator<Block>> blocks_;
};

}  // namespace castor::gemini
