#include "gemini/run/sorted_run.h"

#include <algorithm>
#include <cstring>

#include "gemini/run/block_codec.h"
#include "io/checksum.h"

namespace castor::gemini {

size_t SortedRun::Section::FirstBlock(Position position) const {
  // The block before the first that begins at or after the position may reach up to it.
  const auto at = std::lower_bound(
      index.begin(), index.end(), position,
      [](const BlockHandle& block, Position wanted) { return block.first < wanted; });
  if (position > info.last) return index.size();
  return static_cast<size_t>(at - index.begin()) - (at == index.begin() ? 0 : 1);
}

SortedRun::SortedRun(std::unique_ptr<io::ReadableFile> file, std::shared_ptr<BlockCache> cache)
    : file_(std::move(file)),
      cache_(std::move(cache)),
      cache_run_(cache_ == nullptr ? 0 : cache_->NewRun()) {}

SortedRun::~SortedRun() {
  if (cache_ != nullptr) cache_->Forget(cache_run_);
}

Result<std::shared_ptr<SortedRun>> SortedRun::Open(std::unique_ptr<io::ReadableFile> file,
                                                   std::shared_ptr<BlockCache> cache) {
  std::shared_ptr<SortedRun> run(new SortedRun(std::move(file), std::move(cache)));
  CASTOR_RETURN_NOT_OK(run->Load());
  return run;
}

Status SortedRun::Load() {
  CASTOR_ASSIGN_OR_RETURN(const int64_t size, file_->Size());
  file_bytes_ = static_cast<uint64_t>(size);
  std::string trailer(std::min<uint64_t>(kTrailerBytes, file_bytes_), '\0');
  CASTOR_ASSIGN_OR_RETURN(const int64_t got,
                          file_->ReadAt(static_cast<int64_t>(file_bytes_ - trailer.size()),
                                        trailer.data(), static_cast<int64_t>(trailer.size())));
  trailer.resize(static_cast<size_t>(got));
  Result<Extent> extent = DecodeTrailer(trailer);
  if (!extent.ok()) return extent.status().WithContext(path());
  CASTOR_ASSIGN_OR_RETURN(const std::string bytes, Read(*extent, "footer"));
  Result<RunFooter> footer = DecodeFooter(bytes);
  if (!footer.ok()) return footer.status().WithContext(path());
  key_groups_ = footer->key_groups;
  values_ = std::move(footer->values);
  for (const SectionInfo& info : footer->sections) {
    for (const ValueShare& share : info.values) {
      if (share.file >= values_.size()) {
        return Status::Corruption(path() + ": a section has values in a file that there is not");
      }
    }
    CASTOR_ASSIGN_OR_RETURN(Section section, LoadSection(info));
    sections_.push_back(std::move(section));
  }
  return Status::OK();
}

Result<SortedRun::Section> SortedRun::LoadSection(const SectionInfo& info) const {
  CASTOR_RETURN_NOT_OK(CheckInside(info.index, "index"));
  if (info.index.bytes % sizeof(BlockHandle) != 0) {
    return Status::Corruption(path() + ": an index is cut short");
  }
  Section section{info, {}};
  section.index.resize(info.index.bytes / sizeof(BlockHandle));
  CASTOR_RETURN_NOT_OK(
      ReadInto(info.index, "index", reinterpret_cast<char*>(section.index.data())));
  return section;
}

Status SortedRun::Damaged(const Extent& extent, std::string_view what, std::string_view how) const {
  return Status::Corruption(path() + ": the " + std::string(what) + " at offset " +
                            std::to_string(extent.offset) + " " + std::string(how));
}

Status SortedRun::CheckInside(const Extent& extent, std::string_view what) const {
  const bool inside = extent.offset <= file_bytes_ && extent.bytes <= file_bytes_ - extent.offset;
  return inside ? Status::OK() : Damaged(extent, what, "lies outside the file");
}

Result<std::string> SortedRun::Read(const Extent& extent, std::string_view what) const {
  CASTOR_RETURN_NOT_OK(CheckInside(extent, what));
  std::string bytes(extent.bytes, '\0');
  CASTOR_RETURN_NOT_OK(ReadInto(extent, what, bytes.data()));
  return bytes;
}

Status SortedRun::ReadInto(const Extent& extent, std::string_view what, char* target) const {
  if (extent.bytes == 0) return Status::OK();  // and there may be no target
  CASTOR_ASSIGN_OR_RETURN(const int64_t got,
                          file_->ReadAt(static_cast<int64_t>(extent.offset), target,
                                        static_cast<int64_t>(extent.bytes)));
  if (static_cast<uint64_t>(got) != extent.bytes) return Damaged(extent, what, "is cut short");
  if (io::Checksum({target, extent.bytes}) != extent.checksum) {
    return Damaged(extent, what, "has a wrong checksum");
  }
  return Status::OK();
}

const SortedRun::Section* SortedRun::Find(SectionId id) const {
  const auto at = std::lower_bound(
      sections_.begin(), sections_.end(), id,
      [](const Section& section, const SectionId& wanted) { return section.info.id < wanted; });
  return at != sections_.end() && at->info.id == id ? &*at : nullptr;
}

uint64_t SortedRun::memory_bytes() const {
  uint64_t bytes = 0;
  for (const Section& section : sections_) {
    bytes += section.index.size() * sizeof(BlockHandle);
  }
  return bytes;
}

Result<std::shared_ptr<const SortedRun::Filters>> SortedRun::ReadFilters() const {
  Filters filters;
  filters.reserve(sections_.size());
  for (const Section& section : sections_) {
    const Extent& extent = section.info.filter;
    CASTOR_RETURN_NOT_OK(CheckInside(extent, "filter"));
    BloomFilter& filter = filters.emplace_back(BloomFilter::ToBeRead(extent.bytes));
    if (filter.byte_size() != extent.bytes) {
      return Damaged(extent, "filter", "is not a multiple of its blocks");
    }
    CASTOR_RETURN_NOT_OK(ReadInto(extent, "filter", filter.Storage()));
  }
  return std::make_shared<const Filters>(std::move(filters));
}

uint64_t SortedRun::filter_bytes() const {
  uint64_t bytes = 0;
  for (const Section& section : sections_) bytes += section.info.filter.bytes;
  return bytes;
}

Result<Block> SortedRun::ReadBlock(const BlockHandle& handle) const {
  CASTOR_ASSIGN_OR_RETURN(std::string stored,
                          Read({handle.offset, handle.stored_bytes, handle.checksum}, "block"));
  const auto parse = [&]() -> Result<Block> {
    CASTOR_ASSIGN_OR_RETURN(std::string bytes, Decompress(handle.codec, std::move(stored)));
    return Block::Parse(std::move(bytes));
  };
  Result<Block> block = parse();
  if (!block.ok()) {
    return block.status().WithContext(path() + ", offset " + std::to_string(handle.offset));
  }
  return block;
}

Result<std::shared_ptr<const Block>> SortedRun::FindBlock(const BlockHandle& handle) const {
  if (cache_ != nullptr) {
    if (auto found = cache_->Find({cache_run_, handle.offset})) return found;
  }
  CASTOR_ASSIGN_OR_RETURN(Block block, ReadBlock(handle));
  auto read = std::make_shared<const Block>(std::move(block));
  if (cache_ != nullptr) cache_->Add({cache_run_, handle.offset}, read);
  return read;
}

}  // namespace castor::gemini
