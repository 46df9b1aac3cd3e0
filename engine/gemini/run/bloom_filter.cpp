#include "gemini/run/bloom_filter.h"

#include <xxhash.h>

#include <algorithm>
#include <cmath>

namespace castor::gemini {
namespace {

// Odd multipliers, one a word: each takes other bits of the hash.
constexpr std::array<uint32_t, 8> kSalts = {0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d,
                                            0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31};

}  // namespace

uint64_t FilterHash(uint32_t key_hash) {
  uint64_t hash = key_hash * 0x9E3779B97F4A7C15ull;
  hash ^= hash >> 32;
  return hash * 0xD6E8FEB86659FD93ull;
}

uint64_t FilterHash(uint32_t key_hash, std::string_view user_key) {
  return XXH3_64bits_withSeed(user_key.data(), user_key.size(), FilterHash(key_hash));
}

BloomFilter::BloomFilter(uint64_t keys, double bits_per_key)
    : blocks_(BlocksFor(keys, bits_per_key)) {}

uint64_t BloomFilter::BlocksFor(uint64_t keys, double bits_per_key) {
  const double bits = static_cast<double>(keys) * std::clamp(bits_per_key, 4.0, 32.0);
  return static_cast<uint64_t>(std::ceil(std::max(bits, 1.0) / (8 * sizeof(Block))));
}

BloomFilter BloomFilter::OfBytes(uint64_t bytes) {
  constexpr uint64_t kBlocks = 64;  // can be halved six times
  constexpr uint64_t kStep = sizeof(Block) * kBlocks;
  BloomFilter filter;
  filter.blocks_.resize((bytes + kStep - 1) / kStep * kBlocks);
  return filter;
}

// A hash is in block hash * blocks / 2^32: with half as many blocks in half of that.
void BloomFilter::Fold(uint64_t keys, double bits_per_key) {
  const uint64_t needed = BlocksFor(keys, bits_per_key);
  while (blocks_.size() % 2 == 0 && blocks_.size() / 2 >= needed) {
    for (size_t i = 0; i < blocks_.size() / 2; ++i) {
      for (size_t word = 0; word < blocks_[i].size(); ++word) {
        blocks_[i][word] = blocks_[2 * i][word] | blocks_[2 * i + 1][word];
      }
    }
    blocks_.resize(blocks_.size() / 2);
  }
  blocks_.shrink_to_fit();
}

BloomFilter BloomFilter::ToBeRead(uint64_t bytes) {
  BloomFilter filter;
  filter.blocks_.resize(bytes / sizeof(Block));
  return filter;
}

std::string_view BloomFilter::Bytes() const {
  return {reinterpret_cast<const char*>(blocks_.data()), byte_size()};
}

BloomFilter::Block BloomFilter::MaskOf(uint32_t hash) {
  Block mask;
  for (size_t i = 0; i < mask.size(); ++i) mask[i] = 1u << (hash * kSalts[i] >> 27);
  return mask;
}

void BloomFilter::Add(uint64_t hash) {
  Block& block = blocks_[BlockOf(hash)];
  const Block mask = MaskOf(static_cast<uint32_t>(hash));
  for (size_t i = 0; i < mask.size(); ++i) block[i] |= mask[i];
}

bool BloomFilter::MayContain(uint64_t hash) const {
  if (blocks_.empty()) return false;
  const Block& block = blocks_[BlockOf(hash)];
  const Block mask = MaskOf(static_cast<uint32_t>(hash));
  uint32_t missing = 0;
  for (size_t i = 0; i < mask.size(); ++i) missing |= mask[i] & ~block[i];
  return missing == 0;
}

}  // namespace castor::gemini
