// A run that can be read: footer and indexes in memory, filters if wanted, data blocks on demand.
//
// Opening reads footer and indexes, and checks their checksums; a filter or data block is checked
// when it is read. Damage is kCorruption and names the file and the block's offset. Lookups may
// share a cache of blocks. Immutable and thread-safe; all reading calls may block.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "gemini/run/block.h"
#include "gemini/run/block_cache.h"
#include "gemini/run/bloom_filter.h"
#include "gemini/run/run_format.h"
#include "io/file_system.h"

namespace castor::gemini {

class SortedRun {
 public:
  struct Section {
    SectionInfo info;
    BlockIndex index;

    // The first block that may have entries at or after `position`; index.size() if there is none.
    size_t FirstBlock(Position position) const;
  };

  // `cache`: of blocks that FindBlock gives, or nullptr.
  static Result<std::shared_ptr<SortedRun>> Open(std::unique_ptr<io::ReadableFile> file,
                                                 std::shared_ptr<BlockCache> cache = nullptr);
  ~SortedRun();
  SortedRun(const SortedRun&) = delete;
  SortedRun& operator=(const SortedRun&) = delete;

  // nullptr: the run has no such section.
  const Section* Find(SectionId id) const;
  const std::vector<Section>& sections() const { return sections_; }
  uint32_t key_groups() const { return key_groups_; }
  // Files that values stand in which are not in the run itself, by their numbers in its pointers.
  const std::vector<ValueFileInfo>& value_files() const { return values_; }
  const std::string& path() const { return file_->path(); }
  // Of indexes.
  uint64_t memory_bytes() const;

  // By section.
  using Filters = std::vector<BloomFilter>;
  Result<std::shared_ptr<const Filters>> ReadFilters() const;
  // What they take in memory.
  uint64_t filter_bytes() const;

  // Past the cache: for who reads blocks once.
  Result<Block> ReadBlock(const BlockHandle& handle) const;
  // For lookups.
  Result<std::shared_ptr<const Block>> FindBlock(const BlockHandle& handle) const;

 private:
  SortedRun(std::unique_ptr<io::ReadableFile> file, std::shared_ptr<BlockCache> cache);
  Status Load();
  Result<Section> LoadSection(const SectionInfo& info) const;
  // `what` is at the extent, for errors.
  Status Damaged(const Extent& extent, std::string_view what, std::string_view how) const;
  Status CheckInside(const Extent& extent, std::string_view what) const;
  Result<std::string> Read(const Extent& extent, std::string_view what) const;
  // The same into memory that has room for it.
  Status ReadInto(const Extent& extent, std::string_view what, char* target) const;

  const std::unique_ptr<io::ReadableFile> file_;
  const std::shared_ptr<BlockCache> cache_;
  const uint64_t cache_run_;  // its number there
  uint64_t file_bytes_ = 0;
  uint32_t key_groups_ = 0;
  std::vector<Section> sections_;
  std::vector<ValueFileInfo> values_;
};

}  // namespace castor::gemini
