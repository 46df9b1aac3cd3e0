// Hashes of binary rows and Flink's KeyGroupRangeAssignment.
#include <algorithm>
#include <bit>
#include <cstring>

#include "column/binary_row.h"

namespace castor {
namespace {

constexpr uint32_t kSeed = 42;

uint32_t MixKey(uint32_t k) { return std::rotl(k * 0xcc9e2d51u, 15) * 0x1b873593u; }
uint32_t MixHash(uint32_t h, uint32_t k) { return std::rotl(h ^ MixKey(k), 13) * 5 + 0xe6546b64u; }

uint32_t Finish(uint32_t h) {
  h ^= h >> 16;
  h *= 0x85ebca6bu;
  h ^= h >> 13;
  h *= 0xc2b2ae35u;
  return h ^ h >> 16;
}

uint32_t HashWords(const char* bytes, size_t size) {
  uint32_t h = kSeed;
  for (size_t i = 0; i < size; i += 4) {
    uint32_t word;
    std::memcpy(&word, bytes + i, sizeof(word));
    h = MixHash(h, word);
  }
  return Finish(h ^ static_cast<uint32_t>(size));
}

// MathUtils.murmurHash: never negative.
int32_t SpreadHash(int32_t code) {
  const auto h = static_cast<int32_t>(Finish(MixHash(0, static_cast<uint32_t>(code)) ^ 4u));
  if (h >= 0) return h;
  return h == INT32_MIN ? 0 : -h;
}

}  // namespace

int32_t HashBinaryRow(std::string_view row) {
  return static_cast<int32_t>(HashWords(row.data(), row.size()));
}

void HashBinaryRows(const EncodedRows& rows, int32_t* hashes) {
  for (int32_t i = 0; i < rows.count; ++i) hashes[i] = HashBinaryRow(rows.row(i));
}

int32_t KeyGroupOf(int32_t key_hash, int32_t max_parallelism) {
  return SpreadHash(key_hash) % max_parallelism;
}

int32_t SubtaskOfKeyGroup(int32_t key_group, int32_t parallelism, int32_t max_parallelism) {
  return key_group * parallelism / max_parallelism;
}

KeyGroupRange KeyGroupRangeOf(int32_t subtask, int32_t parallelism, int32_t max_parallelism) {
  return {(subtask * max_parallelism + parallelism - 1) / parallelism,
          ((subtask + 1) * max_parallelism - 1) / parallelism};
}

int32_t DefaultMaxParallelism(int32_t parallelism) {
  const auto wanted = static_cast<uint32_t>(parallelism + parallelism / 2);
  return static_cast<int32_t>(std::clamp(std::bit_ceil(wanted), 128u, 32768u));
}

}  // namespace castor
