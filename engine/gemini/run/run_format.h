// The layout of a run file (spec/run-format.md): data blocks, then per section its index and
// filter, then the footer that names them, then a trailer of fixed size. Large values may stand in
// files of their own.
//
// A *section* holds the entries of one table and one partition of it: a window, a bucket of expiry,
// or 0. Partitions are dropped by dropping sections.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/page_allocator.h"
#include "base/status.h"
#include "gemini/run/entry.h"
#include "gemini/run/value_file.h"

namespace castor::gemini {

struct SectionId {
  uint32_t table = 0;
  int64_t partition = 0;
  friend auto operator<=>(const SectionId&, const SectionId&) = default;
};

// Where a data block lies. `first` is the position of its first entry.
struct BlockHandle {
  Position first = 0;
  uint64_t offset = 0;
  uint32_t stored_bytes = 0;
  uint32_t codec = 0;  // a Codec
  uint64_t checksum = 0;
};
static_assert(sizeof(BlockHandle) == 32);
using BlockIndex = std::vector<BlockHandle, PageAllocator<BlockHandle>>;

// A stretch of the file with its XXH64.
struct Extent {
  uint64_t offset = 0;
  uint64_t bytes = 0;
  uint64_t checksum = 0;
};

// How many bytes of a value file entries of a section point to.
struct ValueShare {
  uint32_t file = 0;  // its number in the run's list
  uint64_t bytes = 0;
};

struct SectionInfo {
  SectionId id;
  uint64_t entries = 0;
  Position first = 0;
  Position last = 0;
  int64_t min_time = 0;  // over entries with a time; 0: there is none
  int64_t max_time = 0;
  bool has_clears = false;
  Extent index;                         // BlockHandles
  Extent filter;                        // a BloomFilter's bytes
  std::vector<ValueShare> values = {};  // ascending by file
};

struct RunFooter {
  uint32_t key_groups = 0;            // max parallelism, by which key groups were computed
  std::vector<SectionInfo> sections;  // ascending by id
  std::vector<ValueFileInfo> values;  // the run's list
};

inline constexpr uint32_t kRunFormatVersion = 2;
inline constexpr size_t kTrailerBytes = 40;

std::string EncodeFooter(const RunFooter& footer);
Result<RunFooter> DecodeFooter(std::string_view bytes);

std::string EncodeTrailer(const Extent& footer);
// kCorruption for no trailer or a wrong checksum of its own, kIncompatible for another version.
Result<Extent> DecodeTrailer(std::string_view bytes);

}  // namespace castor::gemini
