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

uint32_t LoadWord(const char* from) {
  uint32_t word;
  std::memcpy(&word, from, sizeof(word));
  return word;
}

// Continues the hash `h` of a row at the byte `from`.
uint32_t HashFrom(uint32_t h, const char* bytes, size_t from, size_t size) {
  for (size_t i = from; i < size; i += 4) h = MixHash(h, LoadWord(bytes + i));
  return Finish(h ^ static_cast<uint32_t>(size));
}

// Rows hashed side by side: each step of one row waits for the one before, so one row alone leaves
// most of the processor idle. Elements of the vector type (an extension of gcc and clang) are rows.
constexpr int32_t kLanes = 8;
using Lanes = uint32_t __attribute__((vector_size(kLanes * sizeof(uint32_t))));

Lanes Rotated(Lanes v, int bits) { return v << bits | v >> (32 - bits); }
Lanes MixLanes(Lanes h, Lanes k) {
  h ^= Rotated(k * 0xcc9e2d51u, 15) * 0x1b873593u;
  h = Rotated(h, 13);
  return (h << 2) + h + 0xe6546b64u;
}
Lanes FinishLanes(Lanes h) {
  h = (h ^ h >> 16) * 0x85ebca6bu;
  h = (h ^ h >> 13) * 0xc2b2ae35u;
  return h ^ h >> 16;
}

// The hashes after `size` bytes of each row, not finished. `row(lane)` is where a row starts.
template <typename Row>
Lanes HashLanes(Row row, size_t size) {
  Lanes h = Lanes{} + kSeed;
  for (size_t i = 0; i < size; i += 4) {
    Lanes words;
    for (int32_t lane = 0; lane < kLanes; ++lane) words[lane] = LoadWord(row(lane) + i);
    h = MixLanes(h, words);
  }
  return h;
}

void HashFixedRows(const EncodedRows& rows, int32_t groups, int32_t* hashes) {
  const auto width = static_cast<size_t>(rows.fixed_width);
  for (int32_t group = 0; group < groups; ++group) {
    const char* first = rows.bytes.data() + static_cast<size_t>(group) * kLanes * width;
    const auto row = [=](int32_t lane) { return first + static_cast<size_t>(lane) * width; };
    const Lanes h = FinishLanes(HashLanes(row, width) ^ static_cast<uint32_t>(width));
    std::memcpy(hashes + group * kLanes, &h, sizeof(h));
  }
}

// Rows of different sizes go side by side up to the end of the shortest.
void HashVariableRows(const EncodedRows& rows, int32_t groups, int32_t* hashes) {
  const char* bytes = rows.bytes.data();
  for (int32_t group = 0; group < groups; ++group) {
    const uint32_t* offsets = rows.offsets.data() + group * kLanes;
    size_t common = SIZE_MAX;
    for (int32_t lane = 0; lane < kLanes; ++lane) {
      common = std::min<size_t>(common, offsets[lane + 1] - offsets[lane]);
    }
    const Lanes h = HashLanes([=](int32_t lane) { return bytes + offsets[lane]; }, common);
    for (int32_t lane = 0; lane < kLanes; ++lane) {
      const size_t size = offsets[lane + 1] - offsets[lane];
      hashes[group * kLanes + lane] =
          static_cast<int32_t>(HashFrom(h[lane], bytes + offsets[lane], common, size));
    }
  }
}

// MathUtils.murmurHash: the absolute value, but 0 for the one number without; without branches.
int32_t SpreadHash(int32_t code) {
  const uint32_t h = Finish(MixHash(0, static_cast<uint32_t>(code)) ^ 4u);
  const uint32_t sign = 0u - (h >> 31);
  return static_cast<int32_t>(((h ^ sign) - sign) & 0x7fffffffu);
}

}  // namespace

int32_t HashBytes(std::string_view bytes) {
  uint32_t h = kSeed;
  const size_t words = bytes.size() / 4 * 4;
  for (size_t i = 0; i < words; i += 4) h = MixHash(h, LoadWord(bytes.data() + i));
  for (size_t i = words; i < bytes.size(); ++i) {
    h = MixHash(h, static_cast<uint32_t>(static_cast<int32_t>(static_cast<int8_t>(bytes[i]))));
  }
  return static_cast<int32_t>(Finish(h ^ static_cast<uint32_t>(bytes.size())));
}

int32_t HashBinaryRow(std::string_view row) {
  return static_cast<int32_t>(HashFrom(kSeed, row.data(), 0, row.size()));
}

void HashBinaryRows(const EncodedRows& rows, int32_t* hashes) {
  const int32_t groups = rows.count / kLanes;
  if (rows.fixed_width > 0) {
    HashFixedRows(rows, groups, hashes);
  } else {
    HashVariableRows(rows, groups, hashes);
  }
  for (int32_t i = groups * kLanes; i < rows.count; ++i) hashes[i] = HashBinaryRow(rows.row(i));
}

void KeyGroupsOf(const int32_t* key_hashes, int32_t count, int32_t max_parallelism,
                 int32_t* groups) {
  // A double holds every int32_t, so the quotient is off by one at most; unlike an integer division
  // it is done for several rows at once.
  const double inverse = 1.0 / max_parallelism;
  for (int32_t i = 0; i < count; ++i) {
    const int32_t spread = SpreadHash(key_hashes[i]);
    int32_t rest = spread - static_cast<int32_t>(spread * inverse) * max_parallelism;
    rest += rest < 0 ? max_parallelism : 0;
    groups[i] = rest >= max_parallelism ? rest - max_parallelism : rest;
  }
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
